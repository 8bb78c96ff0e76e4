"""What the registry holds of one child, row by row, with where each row is from and since when it is known.

Loaded once (four queries, under the reader's scope); ``child_facts`` reads it as of any day.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from hutong.domains.registry.machines import wording
from hutong.domains.registry.models import Child, Circumstance, Kinship, PastRow, RollEntry
from hutong.domains.registry.models.past import KEPT
from hutong.foundation.queries import Remembered
from hutong.kernel import clock

FILE: Final = "档案登记"
KIN: Final = "亲属登记"
ROLL: Final = "在册记录"
CHILD, KINSHIP, ROLLENTRY = KEPT
FIELDS: Final = (
    "birth_date", "hukou_area", "residence_area", "rural", "lives_with", "guard", "school", "full_time", "single",
    "entrusted", "adopted", "was",
)  # fmt: skip
LASTING: Final = ("birth_date", "sex", "was")
"""What a later correction mends also for the days before it."""


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
    key: int = 0

    def begun(self, day: date) -> bool:
        return self.since <= day

    def lasts(self, day: date) -> bool:
        return self.until is None or self.until > day


@dataclass(frozen=True, slots=True)
class Past:
    """Columns of a row as they stood until a moment."""

    table: str
    row_id: int
    said: dict[str, Any]
    until_at: datetime


@dataclass(frozen=True, slots=True)
class Records:
    """Of one child: the columns of her file, her dated rows, and what both said before they were changed."""

    child: Child
    file: dict[str, Any]
    circumstances: tuple[Row, ...]
    kin: tuple[Row, ...]
    roll: tuple[Row, ...]
    past: tuple[Past, ...] = ()
    """Latest change first."""

    @property
    def fields(self) -> dict[str, tuple[Any, Source]]:
        """The file's own fields as facts, and since when each is known; None is not told."""
        learnt: dict[str, datetime] = {}
        for one in self.past:
            if one.table == CHILD:
                learnt = {**dict.fromkeys(one.said, one.until_at), **learnt}
        made = self.child.created_at

        def fact(column: str, value: Any) -> tuple[Any, Source]:
            return value, Source(FILE, FILE, _day(learnt.get(column, made)))

        told = {name: fact(name, self.file[name]) for name in FIELDS}
        return {
            **{name: (value if value != "" else None, source) for name, (value, source) in told.items()},
            "sex": fact("sex", wording.SEXES[self.file["sex"]]),
            "registered": fact("id_kind", self.file["id_kind"] != "NONE"),
            "place": fact("place", self.file["place"] or "home"),
        }

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
_OF_A_TIE: Final = ("pk", "relation", "since", "until", "created_at")
_OF_AN_ENTRY: Final = ("pk", "scheme", "since", "until", "monthly", "recorded_at")
_past = Remembered(
    lambda *, child_id: (
        PastRow.objects.filter(child=child_id)
        .order_by("-until_at", "-pk")
        .values_list("table", "row_id", "said", "until_at")
    )
)
_circumstances = Remembered(
    lambda *, child_id: Circumstance.objects.filter(child=child_id).values_list(*_OF_A_CIRCUMSTANCE)
)
_kin = Remembered(lambda *, child_id: Kinship.objects.filter(child=child_id).values_list(*_OF_A_TIE))
_roll = Remembered(lambda *, child_id: RollEntry.objects.filter(child=child_id).values_list(*_OF_AN_ENTRY))


def load(child: Child) -> Records:
    """Everything facts are read from, what was superseded or changed included."""
    return Records(
        child,
        _file_of(child),
        tuple(_circumstance(*row) for row in _circumstances(child_id=child.pk)),
        tuple(_tie(*row) for row in _kin(child_id=child.pk)),
        tuple(_entry(*row) for row in _roll(child_id=child.pk)),
        tuple(Past(*row) for row in _past(child_id=child.pk)),
    )


def load_many(children: Sequence[Child]) -> list[Records]:
    """The same for many as known now, in their order: three queries for all of them."""
    keys = [child.pk for child in children]
    facts = Circumstance.objects.filter(child__in=keys, superseded_at__isnull=True)
    told = _by_child(facts.values_list("child_id", *_OF_A_CIRCUMSTANCE))
    ties = _by_child(Kinship.objects.filter(child__in=keys).values_list("child_id", *_OF_A_TIE))
    paid = _by_child(RollEntry.objects.filter(child__in=keys).values_list("child_id", *_OF_AN_ENTRY))
    return [
        Records(
            child,
            _file_of(child),
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


def _file_of(child: Child) -> dict[str, Any]:
    return {column: getattr(child, column) for column in KEPT[CHILD]}


def _circumstance(
    subject: str, kind: str, since: date, until: date | None, detail: str, recorded: datetime,
    superseded: datetime | None, evidence: str, source: str, source_ref: str, verified: date | None,
) -> Row:  # fmt: skip
    words = "，".join(filter(None, (source, source_ref, evidence))) or "登记时未写来源"
    seen = verified is not None or not source_ref
    plain = "经核实的材料" if verified else "登记的情况" if seen else "有关部门提供的名单"
    origin = Source(words, plain, _day(recorded), seen or subject == "child")
    return Row(subject, kind, since, until, detail, recorded, origin, None, superseded)


def _tie(key: int, relation: str, since: date | None, until: date | None, recorded: datetime) -> Row:
    origin = Source(KIN, KIN, _day(recorded))
    return Row("kin", relation, since or date.min, until, "", recorded, origin, key=key)


def _entry(
    key: int, scheme: str, since: date, until: date | None, monthly: int | None, recorded: datetime
) -> Row:
    origin = Source(ROLL, ROLL, _day(recorded))
    return Row("roll", scheme, since, until, "", recorded, origin, monthly, key=key)


def known(held: Records, moment: datetime, as_of: date) -> Records:
    """What was known at a moment, for judging a day: rows recorded by then, and not yet superseded, as they stood then.

    Of the file's own fields, who the child is holds back to her birth as known at the moment; how she lives has no dates of
    its own, so it stands as it was on file at the end of the day judged (or when the file was opened, if that was later).
    """
    lately = tuple(one for one in held.past if one.until_at <= moment)
    return replace(
        held,
        file=_file(held, moment, as_of),
        circumstances=tuple(
            replace(
                row,
                superseded_at=row.superseded_at
                if row.superseded_at and row.superseded_at <= moment
                else None,
            )
            for row in held.circumstances
            if row.recorded_at <= moment
        ),
        kin=tuple(
            _as_stood(row, KINSHIP, held.past, moment) for row in held.kin if row.recorded_at <= moment
        ),
        roll=tuple(
            _as_stood(row, ROLLENTRY, held.past, moment) for row in held.roll if row.recorded_at <= moment
        ),
        past=lately,
    )


def _file(held: Records, moment: datetime, as_of: date) -> dict[str, Any]:
    lived = min(moment, datetime.combine(as_of + timedelta(1), time(), tzinfo=clock.SHANGHAI))
    file = dict(held.file)
    for one in held.past:
        if one.table != CHILD:
            continue
        for column, value in one.said.items():
            if one.until_at > (moment if column in LASTING else lived):
                file[column] = date.fromisoformat(value) if column == "birth_date" else value
    return file


def _as_stood(row: Row, table: str, past: tuple[Past, ...], moment: datetime) -> Row:
    """The row as it stood at the moment: later changes undone, the latest first."""
    for one in past:
        if one.table == table and one.row_id == row.key and one.until_at > moment:
            said = {name: value for name, value in one.said.items() if name in ("since", "until", "monthly")}
            dated: dict[str, Any] = {
                name: date.fromisoformat(value) if name != "monthly" and value else value
                for name, value in said.items()
            }
            if "since" in dated:
                dated["since"] = dated["since"] or date.min
            row = replace(row, **dated)
    return row


def _day(moment: datetime) -> date:
    return moment.astimezone(clock.SHANGHAI).date()
