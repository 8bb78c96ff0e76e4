"""The figures of a scenario as a reader may see them: all of them with child rights, small ones withheld without (WX-06)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any, Final

from hutong.domains.policy.models import Scenario
from hutong.domains.policy.selectors import scenarios
from hutong.foundation.design import charts
from hutong.foundation.network import selectors as network
from hutong.kernel import areas, money
from hutong.kernel.withholding import Key, withheld
from hutong.rulebook.simulate import KINDS

TOTAL: Final = ""
HIDDEN: Final = "—"
ENTITLED, UNDECIDED, UNPRICED, FEN = range(4)
_FINER: Final = {"country": 2, "province": 4, "city": 6}
"""Digits of the places a result is shown by; townships below a county."""
Cell = int | str


@dataclass(frozen=True, slots=True)
class Line:
    """A place or the whole: how many by kind of change, and yuan a month before, after and between (words)."""

    name: str
    kinds: dict[str, Cell]
    cost: tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Figures:
    total: Line
    places: tuple[Line, ...]
    months: tuple[tuple[str, Cell, Cell, str, str, str], ...]
    year: tuple[str, str, str]
    undecided: tuple[Cell, Cell]
    unpriced: tuple[Cell, Cell]
    children: int
    others: tuple[tuple[str, str, Cell], ...]
    withheld: bool


@dataclass(slots=True)
class _Place:
    kinds: Counter[str]
    before: list[int]
    after: list[int]


def figures(scenario: Scenario, *, exact: bool, small: int) -> Figures:
    """``exact``: the reader may see the children behind; else counts under ``small`` and what gives them away are withheld,
    and money with them."""
    found = scenario.result
    places = _by_place(scenario)
    total = _Place(Counter(found["kinds"]), found["months"][0][1], found["months"][0][2])
    every = {**places, TOTAL: total}
    values: dict[Key, int] = {(code, kind): one.kinds[kind] for code, one in every.items() for kind in KINDS}
    values |= {(code, "entitled"): one.before[ENTITLED] for code, one in every.items()}
    values |= {(code, "later"): one.after[ENTITLED] for code, one in every.items()}
    columns = (*KINDS, "entitled", "later")
    hidden = set() if exact else withheld(values, [[(code, c) for code in every] for c in columns], small)

    def cell(key: Key) -> Cell:
        return values[key] if key not in hidden else f"＜{small}" if values[key] < small else HIDDEN

    def line(code: str, name: str) -> Line:
        shut = any((code, column) in hidden for column in columns)
        money_ = (HIDDEN,) * 3 if shut else _cost(every[code].before[FEN], every[code].after[FEN])
        return Line(name, {kind: cell((code, kind)) for kind in KINDS}, money_)

    def few(count: int) -> Cell:
        return f"＜{small}" if not exact and 0 < count < small else count

    names = _names(list(places), scenario.area_code)
    few_months = not exact and any(0 < side[ENTITLED] < small for row in found["months"] for side in row[1:])
    sums = [sum(row[n][FEN] for row in found["months"]) for n in (1, 2)]
    first = found["months"][0]
    return Figures(
        total=line(TOTAL, "合计"),
        places=tuple(line(code, names[code]) for code in places),
        months=tuple(_month(row, few, HIDDEN if few_months else "") for row in found["months"]),
        year=(HIDDEN,) * 3 if few_months else _cost(*sums),
        undecided=(few(first[1][UNDECIDED]), few(first[2][UNDECIDED])),
        unpriced=(few(first[1][UNPRICED]), few(first[2][UNPRICED])),
        children=found["children"],
        others=tuple(
            (scenarios.rule_label(name), KINDS[turn], few(count))
            for name, turns in found["others"].items()
            for turn, count in turns.items()
        ),
        withheld=bool(hidden) or few_months,
    )


def _month(row: list[Any], few: Any, hidden: str) -> tuple[str, Cell, Cell, str, str, str]:
    cost = (hidden,) * 3 if hidden else _cost(row[1][FEN], row[2][FEN])
    return (row[0], few(row[1][ENTITLED]), few(row[2][ENTITLED]), *cost)


def _cost(before: int, after: int) -> tuple[str, str, str]:
    sign = "+" if after > before else ""
    return yuan(before), yuan(after), f"{sign}{yuan(after - before)}"


def yuan(fen: int) -> str:
    return money.format_yuan(fen, grouped=True)


def _by_place(scenario: Scenario) -> dict[str, _Place]:
    width = _FINER.get(areas.level(scenario.area_code), 9)
    found: dict[str, _Place] = {}
    for code, one in scenario.result["places"].items():
        place = found.setdefault(code[:width].ljust(12, "0"), _Place(Counter(), [0] * 4, [0] * 4))
        place.kinds.update(one["kinds"])
        place.before = [a + b for a, b in zip(place.before, one["before"], strict=True)]
        place.after = [a + b for a, b in zip(place.after, one["after"], strict=True)]
    return dict(sorted(found.items()))


def _names(codes: list[str], area: str) -> dict[str, str]:
    above = network.area_path(area)
    paths = network.area_paths(codes)
    return {code: paths.get(code, code).removeprefix(above) or paths.get(code, code) for code in codes}


def place_chart(made: Figures) -> charts.Chart:
    """Who enters and leaves by place; places withheld are left out."""
    shown = [
        one
        for one in made.places
        if all(isinstance(one.kinds[k], int) for k in ("enters", "leaves", "changes"))
    ]
    series = {KINDS[k]: [int(one.kinds[k]) for one in shown] for k in ("enters", "leaves", "changes")}
    return charts.bar(
        "各地变化人数", [one.name for one in shown], series, summary="按户籍地，测算月份第一天。"
    )
