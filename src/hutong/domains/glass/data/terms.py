"""Dated terms of emergency openings (``terms.yaml``)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from hutong.kernel.terms import Terms

TERMS: Final = Terms(Path(__file__).with_name("terms.yaml"))
value = TERMS.number


@dataclass(frozen=True, slots=True)
class Reason:
    """``danger``: somebody may die; not held up by an overdue review, and the file may be worked on."""

    words: str
    danger: bool


def reasons(on: date) -> dict[str, Reason]:
    """Code → reason offered on a day."""
    return {
        code: Reason(line["words"], bool(line.get("danger", False)))
        for code, line in TERMS.find("reasons", on).items()
    }


def label(code: str, on: date) -> str:
    """The words of a reason as they were on a day; an unknown code stands for itself."""
    found = reasons(on).get(code)
    return found.words if found else code
