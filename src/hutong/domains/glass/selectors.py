"""Reads of emergency openings; row security decides which exist: one's own, of the own children, by the own people."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.db.models import Count, QuerySet

from hutong.domains.glass.data import terms
from hutong.domains.glass.machines.opening import PENDING
from hutong.domains.glass.models import Opening
from hutong.domains.registry.models import Child
from hutong.foundation.access.acting import Acting
from hutong.foundation.audit.models import Read
from hutong.kernel import clock


def list_openings(*, waiting: bool = False) -> QuerySet[Opening]:
    """Latest first."""
    found = Opening.objects.order_by("-at", "-pk")
    return found.filter(state=PENDING) if waiting else found


def list_own(actor: Acting) -> QuerySet[Opening]:
    return Opening.objects.filter(user=actor.user).order_by("-at", "-pk")


def list_overdue(actor: Acting) -> list[Opening]:
    """The actor's openings that should have been reviewed by now."""
    return list(list_own(actor).filter(state=PENDING, review_due__lt=clock.today()))


def get_opening(public_id: str) -> Opening:
    return Opening.objects.select_related("post").get(public_id=public_id)


def count_by_person(users: Sequence[int]) -> dict[int, int]:
    """How often each of them broke the glass lately (``rate_days``), as far as the asker sees."""
    since = clock.now() - timedelta(days=terms.value("rate_days", clock.today()))
    rows = (
        Opening.objects.filter(user_id__in=users, at__gte=since).values_list("user_id").annotate(Count("pk"))
    )
    return dict(rows)


def find_child(opening: Opening) -> Child | None:
    """The child, while the asker may see the file."""
    return Child.objects.filter(pk=opening.child_id).first()


def list_reads(opening: Opening) -> QuerySet[Read]:
    """What the opener looked at while it lasted."""
    end = opening.ended_at or opening.until
    rows = Read.objects.filter(
        child_id=opening.child_id, actor_id=opening.user_id, at__gte=opening.at, at__lte=end
    )
    return rows.order_by("at", "pk")
