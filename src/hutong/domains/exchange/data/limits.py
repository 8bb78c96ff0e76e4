"""Dated limits of what is taken in (``limits.yaml``). No Django: the sandbox reads them too."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from hutong.kernel import clock

FILE: Final = Path(__file__).with_name("limits.yaml")


@cache
def _limits() -> dict[str, list[dict[str, Any]]]:
    found = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return {key: one["values"] for key, one in found.items()}


def value(key: str, on: date | None = None) -> int:
    """The value in force on the day (default today); KeyError for one nobody wrote down."""
    day = on or clock.today()
    live = [line for line in _limits()[key] if line["from"] <= day]
    return int(max(live, key=lambda line: line["from"])["value"])
