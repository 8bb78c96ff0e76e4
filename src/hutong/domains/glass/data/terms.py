"""Dated terms of emergency openings (``terms.yaml``)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

FILE: Final = Path(__file__).parent / "terms.yaml"


@dataclass(frozen=True, slots=True)
class Reason:
    """``danger``: somebody may die; not held up by an overdue review, and the file may be worked on."""

    words: str
    danger: bool


@cache
def _terms() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return found


def _on(key: str, day: date) -> Any:
    live = [line for line in _terms()[key]["values"] if line["from"] <= day]
    return max(live, key=lambda line: line["from"])["value"]


def value(key: str, on: date) -> int:
    """The number in force on a day; KeyError for a term nobody wrote down."""
    return int(_on(key, on))


def reasons(on: date) -> dict[str, Reason]:
    """Code → reason offered on a day."""
    return {
        code: Reason(line["words"], bool(line.get("danger", False)))
        for code, line in _on("reasons", on).items()
    }


def label(code: str, on: date) -> str:
    """The words of a reason as they were on a day; an unknown code stands for itself."""
    found = reasons(on).get(code)
    return found.words if found else code
