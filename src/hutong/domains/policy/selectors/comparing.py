"""What changes between two packs, or one pack between two days."""

from __future__ import annotations

from datetime import date

from hutong.rulebook import differing, packs
from hutong.rulebook.differing import WORDS, Difference
from hutong.rulebook.packs import PackError

__all__ = ["CHANGE_WORDS", "Difference", "PackError", "compare_packs"]
CHANGE_WORDS = WORDS


def compare_packs(before: str, on: date, after: str, later: date) -> Difference:
    """PackError (Chinese) where a pack is unknown or cannot serve its day."""
    return differing.compare(packs.load(before), on, packs.load(after), later)
