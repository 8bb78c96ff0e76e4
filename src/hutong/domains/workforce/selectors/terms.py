"""Dated terms of the workforce (``data/terms.yaml``)."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from hutong.kernel import clock

FILE: Final = Path(__file__).parent.parent / "data" / "terms.yaml"


@cache
def _terms() -> dict[str, list[dict[str, Any]]]:
    found = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return {key: one["values"] for key, one in found.items()}


def find(key: str, on: date | None = None) -> Any:
    """The value in force on a day; None before the first line. KeyError for a term nobody wrote down."""
    live = [line for line in _terms()[key] if line["from"] <= (on or clock.today())]
    return max(live, key=lambda line: line["from"])["value"] if live else None


def number(key: str, on: date | None = None) -> int:
    return int(find(key, on))


def signing_roles(on: date | None = None) -> frozenset[str]:
    """Roles that sign visits and reports only when examined and checked."""
    return frozenset(find("signing_roles", on) or ())
