"""Dated terms of the workforce (``data/terms.yaml``)."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

from hutong.kernel.terms import Terms

TERMS: Final = Terms(Path(__file__).parent.parent / "data" / "terms.yaml")
find, number = TERMS.find, TERMS.number


def signing_roles(on: date | None = None) -> frozenset[str]:
    """Roles that sign visits and reports only when examined and checked."""
    return frozenset(find("signing_roles", on) or ())
