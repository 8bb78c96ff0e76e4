"""The same facts on other days: what a rule will say, and the first day on which it says something else.

A book is built for one day, which costs some milliseconds. Between two days on which parameters change, a later day
differs from an earlier one in nothing but *today*; so one book serves the whole stretch, read with another today.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from hutong.kernel.ages import add_months, birthday
from hutong.kernel.facts import PARENTS
from hutong.rulebook import expr as x
from hutong.rulebook.book import Book, book
from hutong.rulebook.interpret import Reading
from hutong.rulebook.packs import Pack, PackError
from hutong.rulebook.ruleset import RULES

DAY: Final = timedelta(days=1)
OLDEST: Final = 60
PARENT_LABELS: Final = dict(PARENTS)
Facts = Mapping[str, x.Value]


class DatedReading(Reading):
    """A reading on another day than the book's. The only fixed day in a rule is today (held by a test)."""

    __slots__ = ("today",)

    def __init__(self, facts: Facts, rules: Mapping[str, x.Expr], today: date) -> None:
        super().__init__(facts, rules)
        self.today = today

    def value(self, node: x.Expr) -> x.Value:
        if isinstance(node, x.Const) and isinstance(node.value, date):
            return self.today
        if isinstance(node, x.CompletedYears):
            return super().value(x.CompletedYears(node.inner, self.today))
        return super().value(node)


def reading_on(rules: Book, facts: Facts, day: date) -> Reading:
    """The facts read against the book's rules as if today were ``day``."""
    return rules.read(facts) if day == rules.as_of else DatedReading(facts, rules.exprs, day)


class Timeline:
    """The books from ``on`` forward: ``books`` gives the one of a day, ``breaks`` are the days on which they may change."""

    def __init__(self, books: Callable[[date], Book], on: date, breaks: Iterable[date] = ()) -> None:
        self.on = on
        self._books = books
        self.breaks = sorted({day for day in breaks if day > on})
        self._built: dict[date, Book] = {}

    @classmethod
    def of_pack(cls, pack: Pack, on: date) -> Timeline:
        return cls(lambda day: book(pack.name, day), on, breaks(pack))

    def book(self, day: date) -> Book:
        """The book whose parameters and rules are in force on the day; PackError where there is none."""
        start = max((one for one in self.breaks if one <= day), default=self.on)
        if start not in self._built:
            self._built[start] = self._books(start)
        return self._built[start]

    def read(self, facts: Facts, day: date) -> Reading:
        return reading_on(self.book(day), facts, day)


def breaks(pack: Pack) -> set[date]:
    """The days on which a parameter of the pack or the validity of a rule begins or ends."""
    lines = {line.start for lines in pack.lines.values() for line in lines}
    return lines | {day for rule in RULES.values() for day in (rule.valid_from, rule.valid_to) if day}


@dataclass(frozen=True, slots=True)
class Turn:
    """The first day on which the rule has another value, facts unchanged; ``because``: the conditions that turned."""

    day: date
    before: x.Value
    after: x.Value
    because: tuple[tuple[str, bool], ...]
    """Label of each condition, and whether it begins to hold."""


def next_turn(
    timeline: Timeline,
    facts_on: Callable[[date], Facts],
    rule: str,
    *,
    extra: Iterable[date] = (),
    years: int = 30,
) -> Turn | None:
    """When the rule next says something else if nothing new happens; None: not within ``years``.

    ``facts_on`` gives the facts as of a day (of one child: the same dated records read on that day), ``extra`` the days on
    which they may differ. Only days on which some comparison with today can turn are looked at, so the day is exact.
    """
    last = add_months(timeline.on, 12 * years)
    before = timeline.read(facts_on(timeline.on), timeline.on)
    value = before.rule(rule)
    days = [day for day in {*extra, *timeline.breaks} if timeline.on < day <= last]
    heapq.heapify(days)
    seen, met = set(days), None
    day = timeline.on
    while True:
        facts = facts_on(day)
        if facts != met:
            met = facts
            for found in turning_days(timeline, facts, rule, day) - seen:
                if found <= last:
                    seen.add(found)
                    heapq.heappush(days, found)
        if not days:
            return None
        day = heapq.heappop(days)
        try:
            reading = timeline.read(facts_on(day), day)
        except PackError:
            continue
        if reading.rule(rule) != value:
            rules = timeline.book(day)
            eve = timeline.read(facts_on(day - DAY), day - DAY)
            return Turn(
                day,
                value,
                reading.rule(rule),
                turned(rules, x.RuleRef(rule, rules.rules[rule].rule.type), eve, reading),
            )


def turning_days(timeline: Timeline, facts: Facts, rule: str, after: date) -> set[date]:
    """Days after ``after`` on which a comparison with today inside the rule may turn."""
    reading = timeline.read(facts, after)
    return days_of(timeline.book(after).nodes(rule), reading, after)


def days_of(nodes: Iterable[x.Expr], reading: Reading, after: date) -> set[date]:
    found: set[date] = set()
    ages: set[int] = set()
    births: set[date] = set()
    for node in nodes:
        if isinstance(node, x.CompletedYears):
            born = reading.value(node.inner)
            births |= {born} if isinstance(born, date) else set()
        elif isinstance(node, x.Const):
            value = node.value
            ages |= {value, value + 1} if isinstance(value, int) and 0 < value < OLDEST else set()
        elif node.type == "date":
            day = reading.value(node)
            found |= {day, day + DAY} if isinstance(day, date) and day < date.max else set()
    found |= {birthday(born, age) for born in births for age in ages or range(1, OLDEST)}
    return {day for day in found if day > after}


def turned(
    rules: Book, node: x.Expr, before: Reading, after: Reading, of: str = ""
) -> tuple[tuple[str, bool], ...]:
    """The innermost rules and named conditions under the node whose value differs, as (label, begins to hold).

    ``of`` is the rule the node stands in: a condition inside a parent's rule is told with the parent's name.
    """
    found: dict[tuple[str, bool], None] = {}
    walked: set[str] = set()

    def descend(node: x.Expr, of: str) -> bool:
        """Whether a condition with a name of its own was found under the node."""
        if before.value(node) == after.value(node):
            return False
        if isinstance(node, x.RuleRef) and node.type != "bool":
            return False
        if isinstance(node, x.RuleRef):
            if node.name not in walked:
                walked.add(node.name)
                built = rules.rules[node.name]
                if not descend(built.expr, node.name):
                    found[(built.label, after.value(node) is True)] = None
            return True
        if isinstance(node, x.Named):
            if not descend(node.inner, of):
                found[(whose(of, node.label), after.value(node) is True)] = None
            return True
        below = [descend(part, of) for part in node.parts]  # every one, not only the first that turned
        return True in below

    if not (isinstance(node, x.RuleRef) and node.type != "bool"):
        descend(node, of)
    else:  # an amount or a code: what its conditions did
        descend(rules.exprs[node.name], node.name)
    return tuple(found)


def whose(rule: str, label: str) -> str:
    """The label of a condition with the parent before it, where the rule is one of a parent's."""
    parent = PARENT_LABELS.get(rule.partition(".")[0], "")
    return label if parent in label else parent + label
