"""Reads of the quarterly data."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet

from hutong.domains.ledgers.data.national import Layout
from hutong.domains.ledgers.machines import quarterly as machine
from hutong.domains.ledgers.models import QuarterChange, QuarterReport
from hutong.domains.ledgers.selectors.ledger import STATES, on_roll
from hutong.domains.registry.models import Child
from hutong.kernel import areas, clock


def list_reports() -> QuerySet[QuarterReport]:
    """Within scope, the latest quarter first; a discarded one behind what replaced it."""
    return QuarterReport.objects.order_by("-quarter", "-pk")


def get_report(public_id: str) -> QuarterReport:
    return QuarterReport.objects.select_related("previous", "made_post__org").get(public_id=public_id)


def find_live(area_code: str, quarter: str) -> QuarterReport | None:
    """The one of the quarter that was not discarded."""
    return QuarterReport.objects.filter(area_code=area_code, quarter=quarter, state__in=machine.LIVE).first()


def find_last_sent(area_code: str, before: str) -> QuarterReport | None:
    """What was last sent for an earlier quarter: the next is compared with it."""
    sent = QuarterReport.objects.filter(area_code=area_code, quarter__lt=before, state=machine.SENT)
    return sent.order_by("-quarter", "-pk").first()


def list_changes(report: QuarterReport, kind: str) -> QuerySet[QuarterChange]:
    """Of children the asker sees, in the order of the places."""
    found = report.changes.filter(kind=kind).select_related("child")
    return found.order_by("child__hukou_area", "child__name_pinyin", "pk")


def list_rows(layout: Layout, area_code: str) -> QuerySet[Child]:
    """Whose data is sent: children in care, on one of the layout's rolls, by file number."""
    lo, hi = areas.bounds(area_code)
    place = f"{layout.basis}_area"
    rolled = on_roll(clock.today()).filter(scheme__in=layout.schemes, child=OuterRef("pk"))
    found = Child.objects.filter(
        Exists(rolled), (f"{place}__gte", lo), (f"{place}__lt", hi), state__in=STATES
    )
    return found.order_by("file_no")
