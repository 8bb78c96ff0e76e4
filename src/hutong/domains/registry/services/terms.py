"""Dated working terms of this app (``data/terms.yaml``) and the split of duties between two places (``data/duties.yaml``)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from hutong.foundation.workflow import services as workflow
from hutong.kernel.terms import Terms

_DATA: Final = Path(__file__).parent.parent / "data"


TERMS: Final = Terms(_DATA / "terms.yaml")
value = TERMS.number


@cache
def _split() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = yaml.safe_load((_DATA / "duties.yaml").read_text(encoding="utf-8"))
    return found


def find(key: str, area_code: str, on: date) -> int | None:
    """The value in force on a day, the same everywhere; None for a term not kept here. A source of clock parameters."""
    return TERMS.find(key, on) if key in TERMS.lines else None


def working_due(key: str, start: date) -> date:
    """The day a number of working days, named by ``key``, after ``start``."""
    return workflow.working_due(start, value(key, start))


@dataclass(frozen=True, slots=True)
class Duties:
    """What each of the two places answers for; with whom the split stands."""

    residence: tuple[str, ...]
    hukou: tuple[str, ...]
    source: str


def duties(on: date) -> Duties:
    """The split in force on the day."""
    for line in _split():
        if line["from"] <= on and (line["until"] is None or on < line["until"]):
            return Duties(tuple(line["residence"]), tuple(line["hukou"]), line["source"])
    raise KeyError(on)
