"""Dated terms of the door (``door.yaml``)."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from hutong.kernel import clock

FILE: Final = Path(__file__).with_name("door.yaml")


@cache
def _terms() -> dict[str, list[dict[str, Any]]]:
    return {key: one["values"] for key, one in yaml.safe_load(FILE.read_text(encoding="utf-8")).items()}


def value(key: str, on: date | None = None) -> int:
    """The value in force on the day (default today)."""
    day = on or clock.today()
    live = [line for line in _terms()[key] if line["from"] <= day]
    return int(max(live, key=lambda line: line["from"])["value"])
