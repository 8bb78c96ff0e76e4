"""Dated terms of signing in (``data/terms.yaml``)."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from hutong.kernel import clock

FILE: Final = Path(__file__).parent / "data" / "terms.yaml"


@cache
def _terms() -> dict[str, list[dict[str, Any]]]:
    found = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return {key: one["values"] for key, one in found.items()}


def value(key: str, on: date | None = None) -> int:
    """The value in force on a day; KeyError for a term nobody wrote down."""
    live = [line for line in _terms()[key] if line["from"] <= (on or clock.today())]
    return int(max(live, key=lambda line: line["from"])["value"])
