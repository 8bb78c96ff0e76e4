"""Reads of the compartments. All but the list of persons run inside ``services.opening``."""

from __future__ import annotations

from django.db.models import QuerySet

from hutong.domains.compartments.models import FACTS, Matter, Opening, SealedFact, WholeFile
from hutong.domains.compartments.permissions import may_open
from hutong.domains.registry.models import Child
from hutong.foundation.access.acting import Acting
from hutong.foundation.access.models import ACTIVE, PROPOSED, NamedPerson
from hutong.kernel import areas

__all__ = [
    "get_child",
    "get_fact",
    "get_named",
    "list_facts",
    "list_matters",
    "list_named",
    "list_openings",
    "list_past_named",
    "may_open",
    "whole_file",
]


def get_child(public_id: str) -> Child:
    """Not a reading of the file: who opens a compartment is written down inside it. Raises Child.DoesNotExist."""
    return Child.objects.get(public_id=public_id)


def list_facts(child: Child, compartment: str) -> list[SealedFact]:
    """Facts of one compartment, those in force first, then latest first."""
    rows = FACTS[compartment]._default_manager.filter(child=child).select_related("recorded_by", "closed_by")
    return sorted(rows, key=lambda fact: (fact.closed_at is not None, -fact.pk))


def get_fact(child: Child, compartment: str, public_id: str) -> SealedFact:
    """Raises ObjectDoesNotExist."""
    return FACTS[compartment]._default_manager.get(child=child, public_id=public_id)


def whole_file(child: Child, compartment: str) -> WholeFile | None:
    """Who put the whole file into this compartment and when; None when it is not there."""
    return (
        WholeFile.objects.filter(child=child, compartment=compartment, closed_at=None)
        .select_related("recorded_by")
        .first()
    )


def list_openings(child: Child, compartment: str) -> QuerySet[Opening]:
    return Opening.objects.filter(child=child, compartment=compartment).order_by("-at", "-pk")


def list_matters(actor: Acting, *, done: bool = False) -> QuerySet[Matter]:
    """What waits in the compartments open now, oldest first."""
    lo, hi = areas.bounds(actor.post.area_code)
    rows = Matter.objects.filter(area_code__gte=lo, area_code__lt=hi, done_at__isnull=not done)
    return rows.select_related("child", "done_by").order_by("-done_at" if done else "at", "pk")


def list_named(actor: Acting) -> QuerySet[NamedPerson]:
    """Who is or is to be on the lists of the actor's area."""
    return _named(actor).filter(state__in=(PROPOSED, ACTIVE)).order_by("compartment", "state", "pk")


def list_past_named(actor: Acting) -> QuerySet[NamedPerson]:
    return _named(actor).exclude(state__in=(PROPOSED, ACTIVE)).order_by("-ended_at", "-pk")


def get_named(actor: Acting, public_id: str) -> NamedPerson:
    """Raises NamedPerson.DoesNotExist, also for one of another area."""
    return _named(actor).get(public_id=public_id)


def _named(actor: Acting) -> QuerySet[NamedPerson]:
    lo, hi = areas.bounds(actor.post.area_code)
    rows = NamedPerson.objects.filter(area_code__gte=lo, area_code__lt=hi)
    return rows.select_related("user", "proposed_by", "confirmed_by", "ended_by")
