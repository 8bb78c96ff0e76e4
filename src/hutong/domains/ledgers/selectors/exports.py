"""Reads of export requests."""

from __future__ import annotations

from datetime import datetime, time

from django.db.models import Q, QuerySet, Sum

from hutong.domains.ledgers.machines import export as machine
from hutong.domains.ledgers.models import ExportRequest
from hutong.foundation.access.acting import Acting
from hutong.foundation.accounts.models import User
from hutong.kernel import clock


def list_requests(actor: Acting) -> QuerySet[ExportRequest]:
    """The own ones, and for those who approve all of the range; newest first."""
    found = ExportRequest.objects.all()
    if not actor.may("ledger.approve"):
        found = found.filter(requested_by=actor.user)
    return found.order_by("-requested_at", "-pk")


def get_request(public_id: str, actor: Acting) -> ExportRequest:
    """Raises ExportRequest.DoesNotExist, also for somebody else's where one may not approve."""
    return list_requests(actor).select_related("requested_post", "requested_by").get(public_id=public_id)


def find_folder_request(number: str, actor: Acting) -> ExportRequest | None:
    """The actor's own request for the whole registry."""
    return ExportRequest.objects.filter(number=number, form="folder", requested_by=actor.user).first()


def taken_today(user: User) -> int:
    """How many children this person has exported today without anybody's approval, pending ones included."""
    start = datetime.combine(clock.today(), time(0), tzinfo=clock.SHANGHAI)
    mine = ExportRequest.objects.filter(~Q(state=machine.WITHDRAWN), requested_by=user, small=True)
    return mine.filter(requested_at__gte=start).aggregate(total=Sum("rows"))["total"] or 0


def list_run_out(limit: int = 200) -> list[ExportRequest]:
    """Ready ones whose time is over: for the sweep."""
    return list(ExportRequest.objects.filter(state=machine.READY, expires_at__lte=clock.now())[:limit])
