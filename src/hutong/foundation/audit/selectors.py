"""Reads of the logs. Row security gives each reader the log of the own range only."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet

from hutong.foundation.audit.models import Change, Read
from hutong.kernel import clock


def list_reads(child_id: int) -> QuerySet[Read]:
    """Who opened this child's file, latest first. Only for those with ``child.viewers`` (the caller checks)."""
    return Read.objects.filter(child_id=child_id).order_by("-at")


def list_all_reads(*, day: date | None = None, actor_ids: Iterable[int] | None = None) -> QuerySet[Read]:
    """The read log of the acting range, latest first."""
    rows = Read.objects.order_by("-at")
    if actor_ids is not None:
        rows = rows.filter(actor_id__in=list(actor_ids))
    if day is not None:
        begin, end = _day(day)
        rows = rows.filter(at__gte=begin, at__lt=end)
    return rows


def list_changes(
    *, day: date | None = None, actor_ids: Iterable[int] | None = None, table: str = ""
) -> QuerySet[Change]:
    """The change log of the acting range, latest first."""
    rows = Change.objects.order_by("-at", "-pk")
    if actor_ids is not None:
        rows = rows.filter(actor_id__in=list(actor_ids))
    if table:
        rows = rows.filter(table=table)
    if day is not None:
        begin, end = _day(day)
        rows = rows.filter(at__gte=begin, at__lt=end)
    return rows


def _day(day: date) -> tuple[datetime, datetime]:
    begin = datetime.combine(day, time(), tzinfo=clock.SHANGHAI)
    return begin, begin + timedelta(days=1)
