"""登记表 as data: which fields stand where."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from hutong.domains.ledgers.data import catalogue


@dataclass(frozen=True, slots=True)
class Field:
    """One cell: ``source`` '' is a blank to write in; ``choices`` are boxes to tick."""

    label: str
    source: str = ""
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    rows: tuple[tuple[Field, ...], ...]


@dataclass(frozen=True, slots=True)
class Form:
    """``schemes``: on which rolls a child is for whom this form is the usual one."""

    code: str
    title: str
    source: str
    start: date
    schemes: tuple[str, ...]
    sections: tuple[Section, ...]
    foot: tuple[str, ...]
    note: str = ""


@cache
def forms() -> dict[str, Form]:
    """Every 登记表 by code."""
    return {
        one["code"]: Form(
            one["code"], one["title"], one["source"], one["from"], tuple(one["schemes"]),
            tuple(
                Section(part["title"], tuple(tuple(_field(cell) for cell in row) for row in part["rows"]))
                for part in one["sections"]
            ),
            tuple(one["foot"]), one.get("note", ""),
        )
        for one in catalogue.read("forms")
    }  # fmt: skip


def _field(cell: dict[str, object]) -> Field:
    choices = cell.get("choices", [])
    assert isinstance(choices, list)
    return Field(str(cell["label"]), str(cell.get("from", "")), tuple(map(str, choices)))


def usual(schemes: set[str]) -> str:
    """The form that fits what the child is on the roll for; that of children in difficulty where there is none."""
    return next((form.code for form in forms().values() if schemes & set(form.schemes)), "difficulty")
