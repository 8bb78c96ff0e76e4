"""What would make a rule true that is not: the smallest sets of conditions that facts a person can meet would fulfil.

The rule's tree is turned inside out: an *and* needs every part that fails, an *or* any one. Where a part rests on few
facts (a parent's sentence, a search by the police) values are tried; what only time brings carries its first day. Nothing
is told that was not tried out on the whole rule: with the changes it is true on that day, and not the day before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import combinations, islice, product
from typing import Final

from hutong.kernel.ages import add_months
from hutong.rulebook import expr as x
from hutong.rulebook import meeting
from hutong.rulebook.book import Book
from hutong.rulebook.packs import PackError
from hutong.rulebook.timeline import DAY, Facts, Timeline, days_of, reading_on, turned, whose

SMALL: Final = 8
"""A part that rests on at most so many facts is tried with values; a larger one is taken apart."""
FEW: Final = 4
"""Where more facts than this may change, the smallest sets that do are enough."""
MOST_CHANGES: Final = 3
MOST_BESIDE_WAITING: Final = 2
MOST_SLOTS: Final = 4
MOST_WAYS: Final = 12
MOST_TRIALS: Final = 400
YEARS: Final = 5
"""How far ahead waiting is looked at."""


@dataclass(frozen=True, slots=True)
class Step:
    """One condition that would hold: ``labels`` say it, ``changes`` are facts told or changed (none: time alone brings it),
    ``day`` is the first day on which it holds (None: at once)."""

    labels: tuple[tuple[str, bool], ...]
    changes: tuple[tuple[str, x.Value], ...]
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Slot:
    """Any one of these steps; ``label`` names what they have in common."""

    label: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Remedy:
    """All of these slots together make the rule true."""

    slots: tuple[Slot, ...]

    def choices(self) -> Iterator[tuple[Step, ...]]:
        """One step of each slot, in every combination: each of them makes the rule true."""
        return product(*(slot.steps for slot in self.slots))


Way = tuple[Slot, ...]
Found = list[tuple[dict[str, x.Value], date]]


class Remedies:
    """What would make rules true, of one child; what was worked out for one rule serves the next."""

    def __init__(self, timeline: Timeline, facts: Facts) -> None:
        self.timeline = timeline
        self.facts = facts
        self._search = _Search(timeline, facts)

    def of(self, rule: str, most: int = MOST_SLOTS) -> list[Remedy]:
        """The smallest ways of at most ``most`` conditions together; [] where the rule is true, or no person can make it so."""
        if self._search.now.rule(rule) is True:
            return []
        ways = [way for way in self._search.rule(rule, want=True) if len(way) <= most]
        found = [way for way in (_proved(self.timeline, self.facts, rule, way) for way in ways) if way]
        fewest = min((len(way) for way in found), default=0)
        return [Remedy(way) for way in found if len(way) == fewest or _only_time(way)]


def merged(steps: Iterable[Step]) -> dict[str, x.Value] | None:
    """The facts all steps tell together; None if two of them contradict each other."""
    changes: dict[str, x.Value] = {}
    for step in steps:
        for name, value in step.changes:
            if changes.setdefault(name, value) != value:
                return None
    return changes


def first_day(steps: Iterable[Step], today: date) -> date:
    return max((step.day for step in steps if step.day), default=today)


def holds(timeline: Timeline, facts: Facts, rule: str, steps: tuple[Step, ...]) -> bool:
    """Whether the rule is true with the steps on their first day, and not yet the day before."""
    changes = merged(steps)
    if changes is None:
        return False
    day = first_day(steps, timeline.on)
    told = {**facts, **changes}
    try:
        if timeline.read(told, day).rule(rule) is not True:
            return False
        return day == timeline.on or timeline.read(told, day - DAY).rule(rule) is not True
    except PackError:
        return False


def _proved(timeline: Timeline, facts: Facts, rule: str, way: Way) -> Way:
    """The way with only those steps that make the rule true beside every step kept in the other slots; () if none."""
    trials = islice(product(*(slot.steps for slot in way)), MOST_TRIALS)
    base = next((one for one in trials if holds(timeline, facts, rule, one)), None)
    if base is None:
        return ()
    kept: list[tuple[Step, ...]] = [(step,) for step in base]
    for place, slot in enumerate(way):
        for step in slot.steps:
            beside = product(*kept[:place], (step,), *kept[place + 1 :])
            if step is not base[place] and all(holds(timeline, facts, rule, one) for one in beside):
                kept[place] = (*kept[place], step)
    return tuple(Slot(slot.label, steps) for slot, steps in zip(way, kept, strict=True))


def _only_time(way: Way) -> bool:
    return all(any(not step.changes for step in slot.steps) for slot in way)


@dataclass(frozen=True, slots=True)
class _Aim:
    """What a part is wanted for: the label said of it, whether that is to hold, and the rule it stands in."""

    label: str
    want: bool
    rule: str


class _Search:
    def __init__(self, timeline: Timeline, facts: Facts) -> None:
        self.facts = facts
        self.on = timeline.on
        self.book: Book = timeline.book(timeline.on)
        self.now = timeline.read(facts, timeline.on)
        self._rules: dict[tuple[str, bool], list[Way]] = {}
        self._closures: dict[int, tuple[list[x.Expr], list[str]]] = {}

    def rule(self, name: str, *, want: bool) -> list[Way]:
        if (name, want) not in self._rules:
            built = self.book.rules[name]
            self._rules[name, want] = self._ways(built.expr, want, _Aim(built.label, want, name))
        return self._rules[name, want]

    def _ways(self, node: x.Expr, want: bool, aim: _Aim) -> list[Way]:
        """How the node comes to be ``want``: each way a tuple of slots, the smallest first."""
        if self.now.value(node) is want:
            return [()]
        if self._small(node):
            return self._solved([node], want, aim)
        if isinstance(node, x.RuleRef):
            return self.rule(node.name, want=want)
        if isinstance(node, x.Named):
            return self._ways(node.inner, want, _Aim(whose(aim.rule, node.label), want, aim.rule))
        if isinstance(node, x.Not):
            return self._ways(node.inner, not want, aim)
        if isinstance(node, x.OrElse):
            return self._ways(node.inner, want, aim)
        if isinstance(node, x.And | x.Or):
            together = isinstance(node, x.And) is want
            return self._all(node, want, aim) if together else self._any(node, want, aim)
        return []

    def _any(self, node: x.And | x.Or, want: bool, aim: _Aim) -> list[Way]:
        single: list[Step] = []
        longer: list[Way] = []
        for part in node.operands:
            for way in self._ways(part, want, aim):
                if len(way) == 1:
                    single += way[0].steps
                else:
                    longer.append(way)
        ways: list[Way] = [(Slot(aim.label, _distinct(single)),)] if single else []
        return _best([*ways, *longer])

    def _all(self, node: x.And | x.Or, want: bool, aim: _Aim) -> list[Way]:
        """Every part; small parts that read the same facts are solved together."""
        parts = [
            self._solved(group, want, aim)
            for group in self._together([part for part in node.operands if self._small(part)], aim)
            if not all(self.now.value(part) is want for part in group)
        ]
        parts += [self._ways(part, want, aim) for part in node.operands if not self._small(part)]
        ways: list[Way] = [()]
        for found in parts:
            ways = _best((*one, *other) for one in ways for other in found)
        return ways

    def _together(self, parts: list[x.Expr], aim: _Aim) -> list[list[x.Expr]]:
        """What is solved as one: all that is said of one parent in one rule, else what reads the same facts."""
        one_parent = "." in aim.rule
        groups: list[tuple[set[str], list[x.Expr]]] = []
        for part in parts:
            names, members = set(self._reads(part)), [part]
            for other in [group for group in groups if one_parent or group[0] & names]:
                if len(other[0] | names) <= SMALL:
                    groups.remove(other)
                    names, members = names | other[0], [*other[1], *members]
            groups.append((names, members))
        return [members for _, members in groups]

    def _closure(self, node: x.Expr) -> tuple[list[x.Expr], list[str]]:
        """Every node under this one, through the rules it names, and the facts read there."""
        if id(node) not in self._closures:
            nodes = list(x.walk(node))
            for part in list(nodes):
                if isinstance(part, x.RuleRef):
                    nodes += self.book.nodes(part.name)
            self._closures[id(node)] = nodes, meeting.facts_in(nodes)
        return self._closures[id(node)]

    def _reads(self, node: x.Expr) -> list[str]:
        return self._closure(node)[1]

    def _small(self, node: x.Expr) -> bool:
        return len(self._reads(node)) <= SMALL

    def _solved(self, parts: list[x.Expr], want: bool, aim: _Aim) -> list[Way]:
        """One slot of the smallest changes, and waits, that bring every part to ``want``; [] if there are none."""
        nodes = [node for part in parts for node in self._closure(part)[0]]
        values = meeting.candidates(nodes, self.facts, self.on)
        tries: list[dict[str, x.Value]] = []
        met: Found = []
        for size in range(1, MOST_CHANGES + 1):
            if met and len(values) > FEW:
                break
            for changes in self._combined(values, size):
                if len(tries) < MOST_TRIALS and not _covered(changes, self.on, met):
                    tries.append(changes)
                    met += [(changes, self.on)] if self._on(parts, want, changes, self.on) else []
        waits = self._waiting(parts, want, nodes, [{}, *(one for one in tries if _undated(one))], met)
        if not met and not waits:
            waits = self._waiting(parts, want, nodes, tries, met)
        steps = _distinct(
            self._step(parts, aim, changes, day)
            for changes, day in sorted((*met, *waits), key=lambda one: bool(one[0]))
        )
        return [(Slot(aim.label, steps),)] if steps else []

    def _combined(self, values: dict[str, list[x.Value]], size: int) -> Iterator[dict[str, x.Value]]:
        for names in combinations(values, size):
            for chosen in product(*(values[name] for name in names)):
                changes = dict(zip(names, chosen, strict=True))
                if meeting.sensible(changes, self.facts, self.on):
                    yield changes

    def _waiting(
        self,
        parts: list[x.Expr],
        want: bool,
        nodes: list[x.Expr],
        tries: list[dict[str, x.Value]],
        met: Found,
    ) -> Found:
        """With which changes time alone does the rest, and from which day."""
        last = add_months(self.on, 12 * YEARS)
        found: Found = []
        for changes in tries:
            if len(changes) > MOST_BESIDE_WAITING or _covered(changes, self.on, met):
                continue
            reading = reading_on(self.book, {**self.facts, **changes}, self.on)
            days = sorted(day for day in days_of(nodes, reading, self.on) if day <= last)
            first = next((day for day in days if self._on(parts, want, changes, day)), None)
            if first and not _covered(changes, first, found):
                found.append((changes, first))
        return found

    def _on(self, parts: list[x.Expr], want: bool, changes: dict[str, x.Value], day: date) -> bool:
        reading = reading_on(self.book, {**self.facts, **changes}, day)
        return all(reading.value(part) is want for part in parts)

    def _step(self, parts: list[x.Expr], aim: _Aim, changes: dict[str, x.Value], day: date) -> Step:
        after = reading_on(self.book, {**self.facts, **changes}, day)
        labels: dict[tuple[str, bool], None] = {}
        for part in parts:
            labels |= dict.fromkeys(turned(self.book, part, self.now, after, aim.rule))
        said = tuple(labels) or ((aim.label, aim.want),)
        return Step(said, tuple(changes.items()), None if day == self.on else day)


def _covered(changes: dict[str, x.Value], day: date, found: Found) -> bool:
    """Whether fewer of the same changes do no later: more are only worth telling where they do it sooner."""
    return any(known.items() <= changes.items() and first <= day for known, first in found)


def _undated(changes: dict[str, x.Value]) -> bool:
    return not any(isinstance(value, date) for value in changes.values())


def _distinct(steps: Iterable[Step]) -> tuple[Step, ...]:
    """The first of those that would be told in the same words; what needs nothing but time is told beside what is done."""
    found: dict[tuple[object, bool], Step] = {}
    for step in steps:
        found.setdefault((step.labels, bool(step.changes)), step)
    return tuple(found.values())


def _best(ways: Iterable[Way]) -> list[Way]:
    """The smallest, each once."""
    return sorted(dict.fromkeys(ways), key=len)[:MOST_WAYS]
