"""How likely two entries are one person, and why. Pure: what is compared is handed in, nothing is looked up.

Names alone prove little (twins differ by one character, a village has three 张伟): a reason always joins two facts. Two valid
and clearly different ID numbers speak against it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from hutong.kernel import names

REASONS: Final[Mapping[str, tuple[str, int]]] = {
    "ID_SWAPPED": ("姓名相同或相近，身份证号码只有相邻两位颠倒", 90),
    "NAME_BIRTH": ("姓名和出生日期相同", 85),
    "NAME_PARENT": ("姓名相同，父亲或母亲是同一人", 85),
    "ID_DIGIT": ("姓名相同或相近，身份证号码只有一位不同", 80),
    "NAME_CHILD": ("姓名相同，是同一儿童的亲属", 80),
    "SOUND_BIRTH": ("姓名同音，出生日期相同", 75),
    "PARENTS_BIRTH": ("姓名相近，父母和出生日期相同", 70),
    "NEAR_BIRTH": ("姓名相近，出生日期相同或只差一天", 65),
    "NAME_YEAR": ("同名，出生日期相差不到一年，至少一份没有证件", 60),
}
"""Code → (words, weight). Weights order the desk; they are no probabilities."""
LEAST: Final = 60
_MORE, _TWO_NUMBERS, _TWO_NUMBERS_ONE_FAMILY, _OTHER_SEX = 5, 40, 20, 15
_NEAR: Final = names.NEAR_SOUND
_CROWD: Final = 60
"""A name that so many share joins nobody without a second fact."""


@dataclass(frozen=True, slots=True)
class Look:
    """One entry as compared. ``number``: 18 characters or ''; ``kin``: keys of parents (of a relative: of the children)."""

    key: Any
    name: str
    born: date | None
    sex: int | None = None
    number: str = ""
    kin: frozenset[Any] = frozenset()


@dataclass(frozen=True, slots=True)
class Match:
    """Two keys in order, the score (0–99) and the codes of the reasons, strongest first."""

    first: Any
    second: Any
    score: int
    reasons: tuple[str, ...]


def compare(a: Look, b: Look) -> Match | None:
    """The match of two children, or None below the threshold."""
    return _weighed(a, b, set(_reasons(a, b)))


def compare_relatives(a: Look, b: Look) -> Match | None:
    """The match of two relatives: same name, and same birth date or a child in common."""
    found = {code for code in (number_likeness(a.number, b.number),) if code}
    if a.name == b.name:
        found |= {"NAME_BIRTH"} if a.born and a.born == b.born else set()
        found |= {"NAME_CHILD"} if a.kin & b.kin else set()
        return _weighed(a, b, found)
    return None


def _reasons(a: Look, b: Look) -> Iterator[str]:
    # numbers of one county are close to each other by the dozen: alone that says nothing
    if (code := number_likeness(a.number, b.number)) and names.similarity(a.name, b.name) >= _NEAR:
        yield code
    same_kin = bool(a.kin & b.kin)
    if a.name == b.name and same_kin:
        yield "NAME_PARENT"
    if a.born is None or b.born is None:
        return
    apart = abs((a.born - b.born).days)
    if a.name == b.name and apart == 0:
        yield "NAME_BIRTH"
    elif a.name == b.name and apart <= 366 and not (a.number and b.number):
        yield "NAME_YEAR"
    if a.name != b.name and apart <= 1:
        likeness = names.similarity(a.name, b.name)
        if apart == 0 and names.sounds_alike(a.name, b.name):
            yield "SOUND_BIRTH"
        elif likeness >= _NEAR:
            yield "NEAR_BIRTH"
        elif same_kin and apart == 0 and likeness >= names.ONE_MISSING:
            yield "PARENTS_BIRTH"


def _weighed(a: Look, b: Look, found: set[str]) -> Match | None:
    if not found:
        return None
    ranked = sorted(found, key=lambda code: (-REASONS[code][1], code))
    score = REASONS[ranked[0]][1] + _MORE * (len(ranked) - 1)
    if a.number and b.number and a.number != b.number and not found & {"ID_SWAPPED", "ID_DIGIT"}:
        score -= _TWO_NUMBERS_ONE_FAMILY if "NAME_PARENT" in found else _TWO_NUMBERS
    if a.sex and b.sex and a.sex != b.sex:
        score -= _OTHER_SEX
    first, second = sorted((a.key, b.key))
    return Match(first, second, min(score, 99), tuple(ranked)) if score >= LEAST else None


def number_likeness(a: str, b: str) -> str:
    """'ID_SWAPPED', 'ID_DIGIT' or ''. The check digit follows from the others and is left out."""
    if len(a) != 18 or len(b) != 18 or a == b:
        return ""
    differing = [place for place in range(17) if a[place] != b[place]]
    if len(differing) == 1:
        return "ID_DIGIT"
    if len(differing) == 2 and differing[1] == differing[0] + 1:
        first, second = differing
        return "ID_SWAPPED" if (a[first], a[second]) == (b[second], b[first]) else ""
    return ""


def matches(looks: Iterable[Look]) -> Iterator[Match]:
    """Every match among children, once. Only those sharing a day, a name, a parent or the digits of a number meet."""
    rows = list(looks)
    seen: set[tuple[Any, Any]] = set()
    for a, b in _meeting(rows):
        key = (a.key, b.key) if a.key < b.key else (b.key, a.key)
        if key not in seen:
            seen.add(key)
            if match := compare(a, b):
                yield match


def _meeting(rows: list[Look]) -> Iterator[tuple[Look, Look]]:
    by_day: dict[date, list[Look]] = defaultdict(list)
    by_name: dict[str, list[Look]] = defaultdict(list)
    by_digits: dict[str, list[Look]] = defaultdict(list)
    by_tail: dict[str, list[Look]] = defaultdict(list)
    for row in rows:
        if row.born is not None:
            by_day[row.born].append(row)
        by_name[row.name].append(row)
        if len(row.number) == 18:
            by_digits["".join(sorted(row.number[:17]))].append(row)
            by_tail[row.number[8:17]].append(row)
    for day, group in by_day.items():
        yield from _pairs(group)
        yield from ((a, b) for a in group for b in by_day.get(day + timedelta(days=1), ()))
    for group in by_name.values():
        if len(group) <= _CROWD:
            yield from _pairs(group)
    for group in by_digits.values():
        yield from _pairs(group)
    # a mistaken digit of the county leaves day and order whole; one within these still meets by name or day
    for group in by_tail.values():
        if len(group) <= _CROWD:
            yield from _pairs(group)


def matches_of(one: Look, others: Iterable[Look]) -> Iterator[Match]:
    """The matches of one child among others."""
    for other in others:
        if other.key != one.key and (match := compare(one, other)):
            yield match


def relatives(looks: Iterable[Look]) -> Iterator[Match]:
    """Every match among relatives: only those of one name meet."""
    by_name: dict[str, list[Look]] = defaultdict(list)
    for row in looks:
        by_name[row.name].append(row)
    for group in by_name.values():
        for a, b in _pairs(group):
            if match := compare_relatives(a, b):
                yield match


def _pairs(group: list[Look]) -> Iterator[tuple[Look, Look]]:
    for place, a in enumerate(group):
        for b in group[place + 1 :]:
            yield a, b
