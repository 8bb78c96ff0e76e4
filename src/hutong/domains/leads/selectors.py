"""Reads of leads. A number and the rows behind it come from the same condition, so they cannot differ."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Substr

from hutong.domains.leads.machines import lead as machine
from hutong.domains.leads.models import KINDS, Correction, Finding, Lead
from hutong.domains.registry import selectors as registry
from hutong.domains.registry.models import Child
from hutong.foundation.access import reading
from hutong.foundation.access.acting import Acting
from hutong.foundation.access.explaining import Explanation
from hutong.foundation.design.listings import Fetch
from hutong.foundation.queries import Number, Remembered, capped
from hutong.foundation.workflow.models import OPEN as WAITING
from hutong.foundation.workflow.models import WorkItem
from hutong.kernel import areas, calendar, clock
from hutong.kernel.ages import add_months

STAGES: Final[Mapping[str, tuple[str, Q]]] = {
    "found": ("比对发现", ~Q(state=machine.SUPERSEDED)),
    "verified": ("已核实", Q(answer__in=["TRUE", "FALSE", "CHANGED"]) & ~Q(state=machine.SUPERSEDED)),
    "confirmed": ("属实或有变", Q(answer__in=["TRUE", "CHANGED"]) & ~Q(state=machine.SUPERSEDED)),
    "acted": ("已办理", Q(state=machine.ACTED)),
}
"""The funnel: each step is part of the one before it."""
PROGRESS: Final[Mapping[str, tuple[str, Q]]] = {
    "verify": ("待核实", Q(state__in=machine.TO_VERIFY)),
    "decide": ("待处理", Q(state__in=machine.TO_DECIDE)),
    "review": ("待复核", Q(state=machine.FALSE)),
    "live": ("未办结", Q(state__in=machine.LIVE)),
    "ended": ("已办结", Q(state__in=machine.ENDED)),
}
AGES: Final[Mapping[str, tuple[str, int, int | None]]] = {
    "a5": ("0–5 个工作日", 0, 5),
    "a10": ("6–10 个工作日", 6, 10),
    "a20": ("11–20 个工作日", 11, 20),
    "a21": ("超过 20 个工作日", 21, None),
}
LATE: Final = "late"
SUBJECT: Final = "leads.lead"


@dataclass(frozen=True, slots=True)
class Filter:
    """What part of the leads is looked at; '' leaves a side open. ``area``: that place and below."""

    area: str = ""
    kind: str = ""
    stage: str = ""
    progress: str = ""
    age: str = ""
    late: bool = False

    @classmethod
    def from_query(cls, query: Mapping[str, Any]) -> Filter:
        """Unknown values are dropped: a wrong address shows more, never something wrong."""

        def one(name: str, known: Mapping[str, Any]) -> str:
            value = str(query.get(name) or "")
            return value if value in known else ""

        area = str(query.get("area") or "")
        return cls(
            area=area if areas.is_code(area) else "",
            kind=one("kind", KINDS),
            stage=one("stage", STAGES),
            progress=one("progress", PROGRESS),
            age=one("age", AGES),
            late=str(query.get("late") or "") == "1",
        )

    def but(self, **changes: Any) -> Filter:
        return replace(self, **changes)

    def query(self) -> str:
        """The address parameters that bring this filter back."""
        parts = {
            "area": self.area,
            "kind": self.kind,
            "stage": self.stage,
            "progress": self.progress,
            "age": self.age,
        }
        parts["late"] = "1" if self.late else ""
        return "&".join(f"{name}={value}" for name, value in parts.items() if value)


def age_condition(age: str) -> Q:
    """Open leads so many working days old; ``late``: open and past the due day."""
    if age == LATE:
        return Q(state__in=machine.LIVE, due_on__lt=clock.today())
    _, least, most = AGES[age]
    opened = Q(opened_on__lte=_opened_at(least)) if least else Q()
    if most is not None:
        opened &= Q(opened_on__gt=_opened_at(most + 1))
    return Q(state__in=machine.LIVE) & opened


def _opened_at(days: int) -> date:
    """The last day on which a lead must have been opened to be ``days`` working days old today."""
    calendar_of, day = calendar.default(), clock.today()
    counted = 0
    while counted < days:
        counted += calendar_of.is_working(day)
        day -= timedelta(days=1)
    return day


def within(actor: Acting, area: str = "") -> QuerySet[Lead]:
    """Leads whose responsible village lies in the area, never beyond the actor's range."""
    lo, hi = actor.scope.within(area)
    return Lead.objects.filter(area_code__gte=lo, area_code__lt=hi)


def list_leads(actor: Acting, chosen: Filter) -> QuerySet[Lead]:
    """The rows behind a number or a list page, the soonest due first."""
    found = narrowed(within(actor, chosen.area), chosen)
    return found.select_related("child", "owner_post").defer("evidence", "why").order_by("due_on", "pk")


def narrowed(found: QuerySet[Lead], chosen: Filter) -> QuerySet[Lead]:
    """Everything of the filter but the place."""
    if chosen.kind:
        found = found.filter(kind=chosen.kind)
    if chosen.stage:
        found = found.filter(STAGES[chosen.stage][1])
    if chosen.progress:
        found = found.filter(PROGRESS[chosen.progress][1])
    if chosen.age:
        found = found.filter(age_condition(chosen.age))
    if chosen.late:
        found = found.filter(age_condition(LATE))
    return found


def _listed(rows: QuerySet[Lead]) -> QuerySet[Lead]:
    """What a line of a list shows and nothing more."""
    return rows.select_related("child", "owner_post").only(
        "public_id", "kind", "scheme", "area_code", "state", "due_on", "ended_on", "no_director", "child__name",
        "owner_post__title",
    )  # fmt: skip


def _rows_page(
    chosen: Filter, day: date, order: tuple[str, ...], start: int, stop: int, *, lo: str, hi: str
) -> QuerySet[Lead]:
    rows = narrowed(Lead.objects.filter(area_code__gte=lo, area_code__lt=hi), chosen)
    return _listed(rows).order_by(*order)[start:stop]


def _rows_some(chosen: Filter, day: date, most: int, *, lo: str, hi: str) -> QuerySet[Lead, int]:
    rows = narrowed(Lead.objects.filter(area_code__gte=lo, area_code__lt=hi), chosen)
    return rows.values_list("pk", flat=True)[:most]


def _rows_mine(live: tuple[str, ...], most: int, *, post_id: int) -> QuerySet[Lead]:
    waiting = WorkItem.objects.filter(WAITING, owner_post=post_id, subject_type=SUBJECT)
    mine = Lead.objects.filter(pk__in=waiting.values("subject_id"), state__in=live)
    return _listed(mine).order_by("due_on", "pk")[:most]


_page, _some, _mine = Remembered(_rows_page), Remembered(_rows_some), Remembered(_rows_mine)


def fetch_leads(actor: Acting, chosen: Filter) -> Fetch:
    """Pages of ``list_leads``."""
    lo, hi = actor.scope.within(chosen.area)
    shape = chosen.but(area="")

    def fetch(order: tuple[str, ...], start: int, stop: int) -> list[Lead]:
        return _page(shape, clock.today(), order or ("due_on", "pk"), start, stop, lo=lo, hi=hi)

    return fetch


def count_leads(actor: Acting, chosen: Filter, most: int) -> int:
    """How many ``list_leads`` has, counted no further than ``most``."""
    lo, hi = actor.scope.within(chosen.area)
    return _some.count(chosen.but(area=""), clock.today(), most, lo=lo, hi=hi)


def fetch_mine(actor: Acting, most: int = 200) -> list[Lead]:
    """Live leads on the worklist of the actor's post, the soonest due first."""
    return _mine(tuple(machine.LIVE), most, post_id=actor.post.pk)


count_mine = Number(
    capped(
        "leads_lead WHERE state = ANY(%s) AND id IN (SELECT subject_id FROM workflow_workitem "
        "WHERE owner_post_id = %s AND subject_type = %s AND closed_at IS NULL)"
    ),
    lambda actor: (list(machine.LIVE), actor.post.pk, SUBJECT),
)
"""How many ``fetch_mine`` has."""


def get_lead(public_id: str, actor: Acting) -> Lead:
    """Raises Lead.DoesNotExist out of scope; opening a lead shows the child's file, so it is recorded as read."""
    lead = Lead.objects.select_related("child", "owner_post", "repeat_of", "verified_by").get(
        public_id=public_id
    )
    _opening(actor, lead.child, "线索", _own_task(actor, lead))
    return lead


def _own_task(actor: Acting, lead: Lead) -> Explanation | None:
    """A live lead explains its opening by the post it was given to; others have a worklist item, or are asked."""
    own = lead.owner_post_id == actor.post.pk and lead.state in machine.LIVE
    return Explanation("lead", lead.public_id) if own else None


def _opening(actor: Acting, child: Child, what: str, because: Explanation | None = None) -> None:
    reading.opening(
        actor, child_id=child.pk, residence=child.residence_area, hukou=child.hukou_area, what=what, because=because
    )  # fmt: skip


def list_findings(lead: Lead) -> QuerySet[Finding]:
    """What each run found, newest first."""
    return lead.findings.order_by("-pk")


def list_of_child(child: Child) -> QuerySet[Lead]:
    """Every lead of a child, newest first."""
    return Lead.objects.filter(child=child).select_related("owner_post").order_by("-opened_on", "-pk")


def _newest_of_child(most: int, *, child_id: int) -> QuerySet[Lead]:
    found = Lead.objects.filter(child=child_id).select_related("owner_post").defer("evidence", "why")
    return found.order_by("-opened_on", "-pk")[:most]


_of_child = Remembered(_newest_of_child)


def fetch_of_child(child: Child, most: int = 20) -> list[Lead]:
    """The newest of ``list_of_child``, without what each rests on."""
    return _of_child(most, child_id=child.pk)


def list_beside(lead: Lead, actor: Acting) -> QuerySet[WorkItem]:
    """顺便: what else waits for this post with the same child or household (experience 6)."""
    household = [lead.child_id, *registry.list_siblings(lead.child).values_list("pk", flat=True)]
    return WorkItem.objects.filter(WAITING, owner_post=actor.post, child_id__in=household).order_by(
        "due_on", "pk"
    )


def list_corrections(actor: Acting) -> QuerySet[Correction]:
    """Wrong source rows of the actor's range, those waiting first."""
    found = Correction.objects.filter(area_code__gte=actor.scope.lo, area_code__lt=actor.scope.hi)
    return found.select_related("child", "lead").order_by("-verified_on", "-pk")


def list_sent_corrections(sources: Iterable[str]) -> QuerySet[Correction]:
    """What the county sent back to a department, resting on these batches or pushes: without child and lead."""
    told = Correction.objects.exclude(state="OPEN").filter(row__batch__in=list(sources))
    return told.order_by("-verified_on", "-pk")


def get_correction(public_id: str, actor: Acting) -> Correction:
    found = Correction.objects.select_related("child", "lead", "owner_post").get(public_id=public_id)
    _opening(actor, found.child, "源数据纠正")
    return found


# --- funnel and ageing -------------------------------------------------------------------------------------
_WIDTHS: Final = {"country": 2, "province": 4, "city": 6, "county": 9, "township": 12, "village": 12}


@dataclass(frozen=True, slots=True)
class Cell:
    """A number and the filter that brings back exactly its rows."""

    count: int
    filter: Filter


@dataclass(frozen=True, slots=True)
class FunnelView:
    """``steps`` over all kinds, ``kinds`` per kind and stage, ``places`` per place below and age of what is open."""

    area: str
    steps: dict[str, Cell]
    kinds: dict[str, dict[str, Cell]]
    progress: dict[str, Cell]
    ages: dict[str, Cell]
    places: dict[str, dict[str, Cell]]
    outcomes: tuple[tuple[str, str, int], ...]


def funnel(actor: Acting, area_code: str = "") -> FunnelView:
    """Counts of the actor's range or a part of it. PermissionDenied without ``lead.funnel``; four queries."""
    actor.check("lead.funnel")
    area = area_code or actor.post.area_code
    rows = within(actor, area).order_by()
    base = Filter(area=area)
    by_kind: dict[str, Any] = {
        one["kind"]: one
        for one in rows.values("kind").annotate(**_counts({k: q for k, (_, q) in STAGES.items()}))
    }
    kinds = {
        kind: {
            stage: Cell(by_kind.get(kind, {}).get(f"n_{stage}", 0), base.but(kind=kind, stage=stage))
            for stage in STAGES
        }
        for kind in KINDS
    }
    steps = {
        stage: Cell(sum(kinds[kind][stage].count for kind in KINDS), base.but(stage=stage))
        for stage in STAGES
    }
    return FunnelView(
        area=area,
        steps=steps,
        kinds=kinds,
        progress=_totals(rows, {key: q for key, (_, q) in PROGRESS.items()}, base, "progress"),
        ages=_totals(rows, {key: age_condition(key) for key in AGES}, base, "age")
        | _totals(rows, {LATE: age_condition(LATE)}, base, "late"),
        places=_places(rows, area, base),
        outcomes=_outcomes(rows),
    )


def _counts(conditions: Mapping[str, Q]) -> dict[str, Count]:
    return {f"n_{name}": Count("pk", filter=condition) for name, condition in conditions.items()}


def _totals(rows: QuerySet[Lead], conditions: Mapping[str, Q], base: Filter, side: str) -> dict[str, Cell]:
    counted = rows.aggregate(**_counts(conditions))
    return {
        name: Cell(counted[f"n_{name}"], base.but(**{side: True if side == LATE else name}))
        for name in conditions
    }


def _places(rows: QuerySet[Lead], area: str, base: Filter) -> dict[str, dict[str, Cell]]:
    """Padded code of each place directly below → open leads by age, late ones, all open ones."""
    width = _WIDTHS[areas.level(area)]
    conditions = {key: age_condition(key) for key in (*AGES, LATE)} | {"live": Q(state__in=machine.LIVE)}
    grouped = (
        rows.filter(state__in=machine.LIVE).annotate(place=Substr("area_code", 1, width)).values("place")
    )
    found: dict[str, dict[str, Cell]] = {}
    counted: Any = grouped.annotate(**_counts(conditions)).order_by("place")
    for one in counted:
        place = areas.pad(one["place"])
        here = base.but(area=place)
        found[place] = {
            **{age: Cell(one[f"n_{age}"], here.but(age=age)) for age in AGES},
            LATE: Cell(one[f"n_{LATE}"], here.but(late=True)),
            "live": Cell(one["n_live"], here.but(progress="live")),
        }
    return found


def _outcomes(rows: QuerySet[Lead]) -> tuple[tuple[str, str, int], ...]:
    """(kind, state) with their number, withdrawn ones aside: the flows of the Sankey."""
    grouped = rows.exclude(state=machine.SUPERSEDED).values("kind", "state").annotate(n=Count("pk"))
    return tuple((one["kind"], one["state"], one["n"]) for one in grouped.order_by("kind", "state"))


_SETTLED: Final = ("APPLY", "ADJUST", "REFUSED", "NOT_MET")


@dataclass(frozen=True, slots=True)
class Carried:
    """A lead that a scheme may be due: live, or ended by an answer about the family."""

    scheme: str
    live: bool
    ended_on: date | None

    def about(self, schemes: Iterable[str], on: date, months: int) -> bool:
        """Whether it says enough about one of ``schemes`` that nobody need look again for ``months``."""
        lately = self.ended_on is not None and on < add_months(self.ended_on, months)
        return self.scheme in set(schemes) and (self.live or lately)


def carried(child_ids: Iterable[int]) -> dict[int, list[Carried]]:
    """By child: leads that something may be due, live or ended by application, refusal or conditions not met."""
    found: dict[int, list[Carried]] = {}
    asked = Lead.objects.filter(child__in=child_ids, kind__in=("SUSPECTED", "CHANGED"))
    asked = asked.filter(Q(state__in=machine.LIVE) | Q(end_code__in=_SETTLED)).order_by("pk")
    for child_id, scheme, state, ended in asked.values_list("child_id", "scheme", "state", "ended_on"):
        found.setdefault(child_id, []).append(Carried(scheme, state in machine.LIVE, ended))
    return found
