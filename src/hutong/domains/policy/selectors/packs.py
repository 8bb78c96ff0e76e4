"""Policy packs: which rules where and when, and what each says with its sources."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

import yaml

from hutong.domains.policy.selectors import overlays
from hutong.kernel import areas, calendar
from hutong.rulebook import book as book_of
from hutong.rulebook import packs
from hutong.rulebook.book import Book
from hutong.rulebook.packs import Line, PackError
from hutong.rulebook.packs.keys import KEYS
from hutong.rulebook.ruleset import RULES
from hutong.rulebook.timeline import Timeline, breaks

ASSIGNMENTS: Final = Path(__file__).parent.parent / "data" / "assignments.yaml"
NATIONAL: Final = "base"

SCHEMES: Final[Mapping[str, str]] = {
    "ORPHAN-I": "孤儿（集中供养）",
    "ORPHAN-S": "孤儿（散居）",
    "REF-ORPHAN": "参照孤儿保障的对象",
    "DEFACTO": "事实无人抚养儿童",
    "LB": "留守儿童",
}


@dataclass(frozen=True, slots=True)
class Assignment:
    """``pack`` rules in places whose code begins with ``area``, from ``start`` until a later line."""

    area: str
    pack: str
    start: date
    source: str


@dataclass(frozen=True, slots=True)
class Parameter:
    """One dated value of a pack; ``live`` is the line in force on the day asked for."""

    label: str
    key: str
    line: Line
    live: bool


@dataclass(frozen=True, slots=True)
class PackInfo:
    name: str
    label: str
    version: str
    assignments: tuple[Assignment, ...]
    rules: tuple[tuple[str, str], ...]
    parameters: tuple[Parameter, ...]


def book(pack: str, as_of: date, area_code: str) -> Book:
    """The rules of one pack as of a day (cached), with what was put in force over it in ``area_code``; '' where only the
    pack's own file is meant. PackError with a Chinese sentence if the pack cannot serve the day."""
    return overlays.of_place(area_code).book(pack, as_of) if area_code else book_of(pack, as_of)


@cache
def list_assignments() -> tuple[Assignment, ...]:
    """Every dated assignment, in the order of the file."""
    lines = yaml.safe_load(ASSIGNMENTS.read_text(encoding="utf-8"))
    return tuple(
        Assignment(str(one["area"]), str(one["pack"]), one["from"], str(one["source"])) for one in lines
    )


def pack_for(area_code: str, on: date) -> str:
    """Name of the pack that rules a place on a day. PackError before the first national line."""
    code = areas.pad(area_code)
    live = [one for one in list_assignments() if code.startswith(one.area) and one.start <= on]
    if not live:
        raise PackError(f"{on} 之前没有适用于 {area_code} 的政策包；请核对日期，或在政策包适用表中补录。")
    return max(live, key=lambda one: (len(one.area), one.start)).pack


def timeline(area_code: str, on: date, pack: str | None = None) -> Timeline:
    """The books that rule a place from a day forward (of one pack, where it is named)."""
    if pack:
        return Timeline.of_pack(packs.load(pack), on)
    code = areas.pad(area_code)
    lines = [one for one in list_assignments() if code.startswith(one.area)]
    days = {one.start for one in lines}.union(*(breaks(packs.load(one.pack)) for one in lines))
    laid = overlays.of_place(code)
    return Timeline(lambda day: laid.book(pack_for(code, day), day), on, days | laid.days)


def ruled_places() -> list[tuple[str, str]]:
    """(first digits of the area, name) of places with a pack of their own, in the order of the file."""
    found = {one.area: packs.load(one.pack).label.split("（")[0] for one in list_assignments() if one.area}
    return list(found.items())


def due_day(kind: str, *, pack: str, start: date) -> date:
    """The day a lead of ``kind`` found on ``start`` is due: working days by the pack."""
    days = packs.load(pack).param("lead_due_working_days", start)
    return calendar.default().add_working_days(start, int(days[kind]))


def scheme_label(code: str) -> str:
    """Chinese name of a scheme; '' for a lead that concerns none."""
    return SCHEMES.get(code, code)


def pack_label(name: str) -> str:
    return packs.load(name).label


def list_packs() -> list[str]:
    """Installed packs, the national one first."""
    return [NATIONAL, *packs.names()]


def pack_info(name: str, on: date) -> PackInfo:
    """All a pack says, newest value first; PackError for an unknown name."""
    pack = packs.load(name)
    return PackInfo(
        name=pack.name,
        label=pack.label,
        version=pack.version,
        assignments=tuple(one for one in list_assignments() if one.pack == name),
        rules=tuple(
            (RULES[rule].label, RULES[rule].citation) for rule in sorted(pack.adopts) if rule in RULES
        ),
        parameters=tuple(one for key in KEYS if key in pack.lines for one in _parameters(pack, key, on)),
    )


def _parameters(pack: packs.Pack, key: str, on: date) -> list[Parameter]:
    lines = sorted(pack.lines[key], key=lambda line: (line.area, line.start), reverse=True)
    return [Parameter(KEYS[key].label, key, line, _live(pack, key, line, on)) for line in lines]


def _live(pack: packs.Pack, key: str, line: Line, on: date) -> bool:
    try:
        return bool(pack.line(key, on, line.area or None) == line)
    except PackError:
        return False
