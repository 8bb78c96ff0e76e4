"""The answer of another day: as of a day, by what was known on a day, under the pack then in force (ADR 0034)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from hutong.domains.policy.models import Decision
from hutong.domains.policy.selectors import child_facts, packs, records
from hutong.domains.policy.selectors.child_facts import Facts
from hutong.domains.policy.selectors.explaining import Assessment, assess
from hutong.domains.policy.selectors.records import Row
from hutong.domains.registry.models import Child
from hutong.kernel import clock
from hutong.rulebook import PackError, to_chinese
from hutong.rulebook.facts import FACTS_BY_NAME


@dataclass(frozen=True, slots=True)
class Changed:
    """One fact of the day judged that is known otherwise now; None: not told. ``learnt``: when the present word came."""

    fact: str
    label: str
    then: Any
    now: Any
    learnt: date | None


@dataclass(frozen=True, slots=True)
class Replay:
    """``then``: by what was known; ``hindsight``: the same day by what is known now; ``today``: today's answer."""

    as_of: date
    known_on: date
    then: Assessment
    hindsight: Assessment
    today: Assessment
    changed: tuple[Changed, ...]


def end_of(day: date) -> datetime:
    """The moment a day is over: for today, all that is known counts, also what the database wrote a moment ago."""
    return datetime.combine(day + timedelta(1), time(), tzinfo=clock.SHANGHAI)


def replay(child: Child, as_of: date, known_on: date) -> Replay:
    """One load of the records, read three times. PackError where no pack ruled the day."""
    held = records.load(child)
    then = records.known(held, end_of(known_on), as_of)
    hindsight = records.known(held, end_of(clock.today()), as_of)
    return Replay(
        as_of=as_of,
        known_on=known_on,
        then=assess(then, as_of, conditions=1),
        hindsight=assess(hindsight, as_of, conditions=1),
        today=assess(held, clock.today(), conditions=1),
        changed=_changed(then, hindsight, as_of),
    )


def _changed(then: records.Records, now: records.Records, day: date) -> tuple[Changed, ...]:
    before, after = child_facts.read(then, day), child_facts.read(now, day)
    return tuple(
        Changed(
            name,
            FACTS_BY_NAME[name].label,
            before.facts.get(name),
            after.facts.get(name),
            after.sources[name].learnt if name in after.sources else _withdrawn(now.circumstances),
        )
        for name in FACTS_BY_NAME
        if before.facts.get(name) != after.facts.get(name)
    )


def _withdrawn(rows: tuple[Row, ...]) -> date | None:
    last = max((row.superseded_at for row in rows if row.superseded_at), default=None)
    return last.astimezone(clock.SHANGHAI).date() if last else None


@dataclass(frozen=True, slots=True)
class Checked:
    """A kept decision worked out again from its own facts. ``same_rules``: the rule texts and parameters are the same ones."""

    decision: Decision
    facts: tuple[tuple[str, Any], ...]
    lines: tuple[str, ...]
    same_rules: bool
    same_answer: bool
    lines_now: tuple[str, ...]
    scheme_now: str
    monthly_now: int | None
    trouble: str = ""


def list_decisions(child: Child) -> list[Decision]:
    """What was kept of the child, latest first."""
    return list(Decision.objects.filter(child=child).order_by("-made_at", "-pk"))


def check(decision: Decision) -> Checked:
    """The kept answer beside the one today's rule texts give to the same facts on the same day."""
    said, lines = decision.unseal()
    facts = _typed(said)
    shown = tuple((FACTS_BY_NAME[n].label, v) for n, v in facts.items() if n not in ("child_id", "as_of"))
    try:
        place = facts.get("hukou_area") or decision.child.hukou_area
        book = packs.book(decision.pack, decision.as_of, place)
    except PackError as error:
        return Checked(decision, shown, tuple(lines), False, False, (), "", None, str(error))
    found = book.evaluate_one(facts)
    rules = [rule for rule in decision.outcome if rule in book.rules]
    told: set[str] = set()
    again = [line for rule in rules for line in to_chinese(book.explain(facts, rule), told)]
    same = all(found.values.get(rule) == value for rule, value in decision.outcome.items())
    if decision.whole:
        same = same and (found.scheme or "") == decision.scheme and found.monthly_due == decision.monthly
    version = book.version == decision.version
    return Checked(
        decision, shown, tuple(lines), version, same, tuple(again), found.scheme or "", found.monthly_due
    )


def _typed(said: dict[str, Any]) -> Facts:
    """Facts as rules read them: dates were kept as text."""
    return {
        name: date.fromisoformat(value)
        if FACTS_BY_NAME[name].type == "date" and isinstance(value, str)
        else value
        for name, value in said.items()
        if name in FACTS_BY_NAME
    }
