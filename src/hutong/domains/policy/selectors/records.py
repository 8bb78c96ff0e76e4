"""What the registry holds of one child, row by row, with where each row is from and since when it is known.

Loaded once (three queries, under the reader's scope); ``child_facts`` reads it as of any day.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from hutong.domains.registry.models import Child, Circumstance, Kinship, RollEntry
from hutong.foundation.queries import Remembered
from hutong.kernel import clock

FILE: Final = "档案登记"
KIN: Final = "亲属登记"
ROLL: Final = "在册记录"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact is from: ``words`` for the official (list and row, paper, visit), ``plain`` for the family.

    ``open``: seen on paper or told; False where only a department's list says so, of which the family need not know.
    """

    words: str
    plain: str
    learnt: date | None
    open: bool = True


@dataclass(frozen=True, slots=True)
class Row:
    """One dated row; ``until`` None: not ended. ``subject`` and ``kind``: of a circumstance, relation or scheme."""

    subject: str
    kind: str
    since: date
    until: date | None
    detail: str
    recorded_at: datetime
    source: Source
    monthly: int | None = None
    superseded_at: datetime | None = None

    def begun(self, day: date) -> bool:
        return self.since <= day

    def lasts(self, day: date) -> bool:
        return self.until is None or self.until > day


@dataclass(frozen=True, slots=True)
class Records:
    """Of one child: the file's own fields by fact name, and her dated rows."""

    child: Child
    fields: dict[str, Any]
    circumstances: tuple[Row, ...]
    kin: tuple[Row, ...]
    roll: tuple[Row, ...]

    def days(self, after: date) -> set[date]:
        """The days after ``after`` on which a row begins or ends: facts can differ then though nothing new happens."""
        rows = (*self.circumstances, *self.kin, *self.roll)
        ends = {
            day
            for row in rows
            for day in (row.since, row.until, row.until and row.until + timedelta(1))
            if day
        }
        return {day for day in ends if day > after}


_OF_A_CIRCUMSTANCE: Final = (
    "subject", "kind", "since", "until", "detail", "recorded_at", "superseded_at", "evidence", "source", "source_ref",
    "verified_on",
)  # fmt: skip
_OF_A_TIE: Final = ("relation", "since", "until", "created_at")
_OF_AN_ENTRY: Final = ("scheme", "since", "until", "monthly", "recorded_at")
_circumstances = Remembered(
    lambda *, child_id: Circumstance.objects.filter(child=child_id).values_list(*_OF_A_CIRCUMSTANCE)
)
_kin = Remembered(lambda *, child_id: Kinship.objects.filter(child=child_id).values_list(*_OF_A_TIE))
_roll = Remembered(lambda *, child_id: RollEntry.objects.filter(child=child_id).values_list(*_OF_AN_ENTRY))


def load(child: Child) -> Records:
    """Everything facts are read from, what was superseded included."""
    return Records(
        child,
        fields_of(child),
        tuple(_circumstance(*row) for row in _circumstances(child_id=child.pk)),
        tuple(_tie(*row) for row in _kin(child_id=child.pk)),
        tuple(_entry(*row) for row in _roll(child_id=child.pk)),
    )


def load_many(children: Sequence[Child]) -> list[Records]:
    """The same for many, in their order: three queries for all of them."""
    keys = [child.pk for child in children]
    facts = Circumstance.objects.filter(child__in=keys, superseded_at__isnull=True)
    told = _by_child(facts.values_list("child_id", *_OF_A_CIRCUMSTANCE))
    ties = _by_child(Kinship.objects.filter(child__in=keys).values_list("child_id", *_OF_A_TIE))
    paid = _by_child(RollEntry.objects.filter(child__in=keys).values_list("child_id", *_OF_AN_ENTRY))
    return [
        Records(
            child,
            fields_of(child),
            tuple(_circumstance(*row) for row in told.get(child.pk, ())),
            tuple(_tie(*row) for row in ties.get(child.pk, ())),
            tuple(_entry(*row) for row in paid.get(child.pk, ())),
        )
        for child in children
    ]


def _by_child(rows: Iterable[tuple[Any, ...]]) -> dict[int, list[tuple[Any, ...]]]:
    found: dict[int, list[tuple[Any, ...]]] = {}
    for key, *rest in rows:
        found.setdefault(key, []).append(tuple(rest))
    return found


def fields_of(child: Child) -> dict[str, Any]:
    """The file's own fields as facts; None is not told."""
    return {
        "birth_date": child.birth_date,
        "sex": child.get_sex_display(),
        "hukou_area": child.hukou_area,
        "residence_area": child.residence_area,
        "registered": child.id_kind != "NONE",
        "rural": child.rural,
        "lives_with": child.lives_with or None,
        "place": child.place or "home",
        "guard": child.guard or None,
        "school": child.school or None,
        "full_time": child.full_time,
        "single": child.single,
        "entrusted": child.entrusted,
        "adopted": child.adopted,
        "was": child.was or None,
    }


def _circumstance(
    subject: str, kind: str, since: date, until: date | None, detail: str, recorded: datetime,
    superseded: datetime | None, evidence: str, source: str, source_ref: str, verified: date | None,
) -> Row:  # fmt: skip
    words = "，".join(filter(None, (source, source_ref, evidence))) or "登记时未写来源"
    seen = verified is not None or not source_ref
    plain = "经核实的材料" if verified else "登记的情况" if seen else "有关部门提供的名单"
    origin = Source(words, plain, _day(recorded), seen or subject == "child")
    return Row(subject, kind, since, until, detail, recorded, origin, None, superseded)


def _tie(relation: str, since: date | None, until: date | None, recorded: datetime) -> Row:
    return Row("kin", relation, since or date.min, until, "", recorded, Source(KIN, KIN, _day(recorded)))


def _entry(scheme: str, since: date, until: date | None, monthly: int | None, recorded: datetime) -> Row:
    return Row("roll", scheme, since, until, "", recorded, Source(ROLL, ROLL, _day(recorded)), monthly)


def _day(moment: datetime) -> date:
    return moment.astimezone(clock.SHANGHAI).date()
