"""Dated terms of explained access (``data/terms.yaml``): what is asked, and how much."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

FILE: Final = Path(__file__).parent / "data" / "terms.yaml"


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


def reasons(on: date) -> dict[str, str]:
    """Code → words of the reasons offered on a day."""
    return {str(code): str(words) for code, words in _on("reasons", on).items()}
