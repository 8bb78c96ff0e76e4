"""The layout of the quarterly data for the national system, and when it is due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from hutong.domains.ledgers.data import catalogue
from hutong.kernel.quarters import Quarter


@dataclass(frozen=True, slots=True)
class Column:
    """``code`` names a source of what the registry holds; ``private`` is masked where quarters are compared."""

    code: str
    header: str
    width: int
    private: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    version: str
    start: date
    source: str
    basis: str
    schemes: tuple[str, ...]
    columns: tuple[Column, ...]
    assumed: bool


@cache
def _layouts() -> tuple[Layout, ...]:
    return tuple(
        Layout(
            one["version"], one["from"], one["source"], one["basis"], tuple(one["schemes"]),
            tuple(Column(c["code"], c["header"], c["width"], bool(c.get("private"))) for c in one["columns"]),
            one.get("mark") == "assumption",
        )
        for one in catalogue.read("national")
    )  # fmt: skip


def layout(on: date) -> Layout:
    """The layout in force on the day."""
    return max((one for one in _layouts() if one.start <= on), key=lambda one: one.start)


def due(quarter: Quarter) -> date:
    """The day by which the quarter's data is to be in the national system."""
    return quarter.last_day + timedelta(days=catalogue.term("report_due_days", quarter.last_day))


def opens(quarter: Quarter) -> date:
    """From this day on it stands on the county officer's worklist."""
    return due(quarter) - timedelta(days=catalogue.term("report_opens_days", quarter.last_day))
