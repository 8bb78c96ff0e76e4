"""Which ledgers exist, for what purposes they may be taken out, and within what limits, on a day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeVar

import yaml

from hutong.kernel import clock
from hutong.kernel.terms import Terms

_HERE: Final = Path(__file__).parent
TERMS: Final = Terms(_HERE / "terms.yaml")
term = TERMS.number
"""A limit in force on the day (default today); KeyError for one nobody wrote down."""
FOLDER: Final = "folder"
"""Not a ledger: the whole registry of the own place, as a folder of tables."""


@dataclass(frozen=True, slots=True)
class Facts:
    subjects: tuple[str, ...]
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Kind:
    """One ledger: who is in it (any of the conditions; none: everybody) and what it shows."""

    code: str
    label: str
    basis: str
    columns: tuple[str, ...]
    start: date
    source: str
    schemes: tuple[str, ...] = ()
    facts: tuple[Facts, ...] = ()
    guard: tuple[str, ...] = ()
    assumed: bool = False


@dataclass(frozen=True, slots=True)
class Purpose:
    """``clear``: complete ID numbers may go with it; ``source`` is the legal basis shown and kept."""

    code: str
    label: str
    start: date
    source: str
    clear: bool = False


Dated = TypeVar("Dated", Kind, Purpose)


@cache
def read(name: str) -> Any:
    return yaml.safe_load((_HERE / f"{name}.yaml").read_text(encoding="utf-8"))


def _live(all_of: Iterable[Dated], on: date | None) -> dict[str, Dated]:
    """By code; of several lines of one code the latest in force."""
    day = on or clock.today()
    return {one.code: one for one in sorted(all_of, key=lambda one: one.start) if one.start <= day}


@cache
def _kinds() -> tuple[Kind, ...]:
    given = read("ledgers")
    return tuple(
        Kind(
            code=one["code"], label=one["label"], basis=one["basis"], columns=tuple(given["columns"][one["columns"]]),
            start=one["from"], source=one["source"], schemes=tuple(one.get("schemes", ())), guard=tuple(one.get("guard", ())),
            facts=tuple(Facts(tuple(f["subjects"]), tuple(f["kinds"])) for f in one.get("facts", ())),
            assumed=one.get("mark") == "assumption",
        )
        for one in given["kinds"]
    )  # fmt: skip


@cache
def _purposes() -> tuple[Purpose, ...]:
    return tuple(
        Purpose(one["code"], one["label"], one["from"], one["source"], bool(one.get("clear")))
        for one in read("purposes")
    )


def kinds(on: date | None = None) -> dict[str, Kind]:
    """Ledgers that exist on the day, in the order of the file."""
    live = _live(_kinds(), on)
    return {one.code: live[one.code] for one in _kinds() if live.get(one.code) is one}


def purposes(on: date | None = None) -> dict[str, Purpose]:
    live = _live(_purposes(), on)
    return {one.code: live[one.code] for one in _purposes() if live.get(one.code) is one}


def kind_label(code: str) -> str:
    """The ledger's name, also of one that no longer exists."""
    return (
        "整套档案（数据文件夹）"
        if code == FOLDER
        else next((k.label for k in _kinds() if k.code == code), code)
    )


def purpose_label(code: str) -> str:
    return next((one.label for one in _purposes() if one.code == code), code)
