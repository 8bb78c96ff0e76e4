"""Dated terms of explained access (``data/terms.yaml``): what is asked, and how much."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

from hutong.kernel.terms import Terms

TERMS: Final = Terms(Path(__file__).parent / "data" / "terms.yaml")
value = TERMS.number


def reasons(on: date) -> dict[str, str]:
    """Code → words of the reasons offered on a day."""
    return {str(code): str(words) for code, words in TERMS.find("reasons", on).items()}
