"""Reads of offers. A number and the rows behind it come from one condition."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Substr

from hutong.domains.outreach.machines import offer as machine
from hutong.domains.outreach.models import Offer, Question
from hutong.domains.outreach.services import items
from hutong.domains.policy import selectors as policy
from hutong.domains.registry import selectors as registry
from hutong.domains.registry.models import Child
from hutong.foundation.access.acting import Acting
from hutong.foundation.design.listings import Fetch
from hutong.foundation.queries import Remembered
from hutong.foundation.workflow.models import OPEN, WorkItem
from hutong.kernel import areas, clock

PROGRESS: Final[Mapping[str, tuple[str, Q]]] = {
    "found": ("待告知", Q(state=machine.FOUND)),
    "told": ("已告知", Q(state=machine.TOLD)),
    "helped": ("已协助申请", Q(state=machine.HELPED)),
    "granted": ("已享受", Q(state=machine.GRANTED)),
    "declined": ("家庭不申请", Q(state=machine.DECLINED)),
    "not_met": ("不符合", Q(state=machine.NOT_MET)),
}
LIVE: Final = Q(state__in=machine.LIVE)
LATE: Final = "late"
ASKED: Final = "asked"
_WIDTHS: Final = {"country": 2, "province": 4, "city": 6, "county": 9, "township": 12, "village": 12}


@dataclass(frozen=True, slots=True)
class Filter:
    """What part of the offers is looked at; '' leaves a side open. ``area``: that place and below."""

    area: str = ""
    progress: str = ""
    benefit: str = ""
    late: bool = False

    @classmethod
    def from_query(cls, query: Mapping[str, Any]) -> Filter:
        """Unknown values are dropped."""
        area = str(query.get("area") or "")
        progress, benefit = str(query.get("progress") or ""), str(query.get("benefit") or "")
        return cls(
            area=area if areas.is_code(area) else "",
            progress=progress if progress in PROGRESS else "",
            benefit=benefit if benefit in policy.benefit_labels() else "",
            late=str(query.get("late") or "") == "1",
        )

    def but(self, **changes: Any) -> Filter:
        return replace(self, **changes)

    def query(self) -> str:
        parts = {
            "area": self.area,
            "progress": self.progress,
            "benefit": self.benefit,
            "late": "1" if self.late else "",
        }
        return "&".join(f"{name}={value}" for name, value in parts.items() if value)


def late(day: date) -> Q:
    return LIVE & Q(due_on__lt=day)


def _narrowed(found: QuerySet[Offer], chosen: Filter, day: date) -> QuerySet[Offer]:
    found = (
        found.filter(PROGRESS[chosen.progress][1]) if chosen.progress else found.exclude(state=machine.LAPSED)
    )
    if chosen.benefit:
        found = found.filter(benefit=chosen.benefit)
    return found.filter(late(day)) if chosen.late else found


def _rows(
    chosen: Filter, day: date, order: tuple[str, ...], start: int, stop: int, *, lo: str, hi: str
) -> QuerySet[Offer]:
    found = _narrowed(Offer.objects.filter(area_code__gte=lo, area_code__lt=hi), chosen, day)
    return found.select_related("child").defer("facts").order_by(*order)[start:stop]


def _some(chosen: Filter, day: date, most: int, *, lo: str, hi: str) -> QuerySet[Offer, int]:
    found = _narrowed(Offer.objects.filter(area_code__gte=lo, area_code__lt=hi), chosen, day)
    return found.values_list("pk", flat=True)[:most]


_page, _counted = Remembered(_rows), Remembered(_some)


def fetch_offers(actor: Acting, chosen: Filter) -> Fetch:
    lo, hi = actor.scope.within(chosen.area)

    def fetch(order: tuple[str, ...], start: int, stop: int) -> list[Offer]:
        return _page(chosen.but(area=""), clock.today(), order or ("due_on", "pk"), start, stop, lo=lo, hi=hi)

    return fetch


def count_offers(actor: Acting, chosen: Filter, most: int) -> int:
    lo, hi = actor.scope.within(chosen.area)
    return _counted.count(chosen.but(area=""), clock.today(), most, lo=lo, hi=hi)


def list_mine(actor: Acting) -> QuerySet[WorkItem]:
    """Families to be told, on the worklist of the actor's post, the soonest due first."""
    return WorkItem.objects.filter(OPEN, owner_post=actor.post, kind=items.KIND).order_by("due_on", "pk")


def list_questions(actor: Acting, area: str = "") -> QuerySet[Question]:
    lo, hi = actor.scope.within(area)
    found = Question.objects.filter(open=True, area_code__gte=lo, area_code__lt=hi)
    return found.select_related("child").order_by("asked_on", "pk")


def get_offer(public_id: str, actor: Acting) -> Offer:
    """Raises Offer.DoesNotExist out of scope; the child's file is opened with it."""
    found = Offer.objects.select_related("child").get(public_id=public_id)
    registry.opening(actor, found.child, "可享待遇")
    return found


def list_of_child(child: Child) -> QuerySet[Offer]:
    """Every offer of a child: live ones first, the soonest due; then the newest past."""
    return Offer.objects.filter(child=child).select_related("repeat_of", "child").order_by("-pk")


def _newest(most: int, *, child_id: int) -> QuerySet[Offer]:
    return Offer.objects.filter(child=child_id).defer("facts").order_by("-pk")[:most]


_of_child = Remembered(_newest)
_asked = Remembered(lambda *, child_id: Question.objects.filter(child=child_id, open=True))


def fetch_of_child(child: Child, most: int = 20) -> list[Offer]:
    """The newest of ``list_of_child``, live ones first, without the facts."""
    return sorted(_of_child(most, child_id=child.pk), key=lambda one: not one.live)


def find_question(child: Child) -> Question | None:
    return _asked.first(child_id=child.pk)


def figures(actor: Acting, area: str = "") -> dict[str, dict[str, int]]:
    """Place directly below (padded code) → column → number; columns of ``PROGRESS``, ``LATE`` and ``ASKED``. Two queries."""
    actor.check("outreach.figures")
    wanted = area or actor.post.area_code
    lo, hi = actor.scope.within(wanted)
    width = _WIDTHS[areas.level(wanted)]
    conditions = {key: condition for key, (_, condition) in PROGRESS.items()} | {LATE: late(clock.today())}
    counts: Any = {f"n_{key}": Count("pk", filter=condition) for key, condition in conditions.items()}
    rows = Offer.objects.filter(area_code__gte=lo, area_code__lt=hi).exclude(state=machine.LAPSED)
    grouped: Any = (
        rows.annotate(place=Substr("area_code", 1, width))
        .values("place")
        .annotate(**counts)
        .order_by("place")
    )
    found = {
        areas.pad(one["place"]): {key: one[f"n_{key}"] for key in conditions} | {ASKED: 0} for one in grouped
    }
    asked = Question.objects.filter(open=True, area_code__gte=lo, area_code__lt=hi)
    by_place = asked.annotate(place=Substr("area_code", 1, width)).values("place").annotate(n=Count("pk"))
    for one in by_place.order_by("place"):
        empty = dict.fromkeys((*conditions, ASKED), 0)
        found.setdefault(areas.pad(one["place"]), empty)[ASKED] = one["n"]
    return dict(sorted(found.items()))
