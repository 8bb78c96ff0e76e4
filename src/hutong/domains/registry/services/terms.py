"""Dated working terms of this app (``data/terms.yaml``) and the split of duties between two places (``data/duties.yaml``)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from hutong.foundation.workflow import services as workflow

_DATA: Final = Path(__file__).parent.parent / "data"


@cache
def _read(name: str) -> Any:
    return yaml.safe_load((_DATA / name).read_text(encoding="utf-8"))


def find(key: str, area_code: str, on: date) -> int | None:
    """The value in force on a day, the same everywhere; None for a term not kept here. A source of clock parameters."""
    lines = [line for line in _read("terms.yaml").get(key, {}).get("values", ()) if line["from"] <= on]
    return int(max(lines, key=lambda line: line["from"])["value"]) if lines else None


def value(key: str, on: date) -> int:
    """The same for a term that must be there; KeyError otherwise."""
    found = find(key, "", on)
    if found is None:
        raise KeyError(key)
    return found


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
    for line in _read("duties.yaml"):
        if line["from"] <= on and (line["until"] is None or on < line["until"]):
            return Duties(tuple(line["residence"]), tuple(line["hukou"]), line["source"])
    raise KeyError(on)
