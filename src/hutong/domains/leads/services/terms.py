"""Dated working terms of this app (``data/terms.yaml``)."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

from hutong.foundation.workflow import services as workflow
from hutong.kernel.terms import Terms

TERMS: Final = Terms(Path(__file__).parent.parent / "data" / "terms.yaml")
value = TERMS.number


def working_due(key: str, start: date) -> date:
    """The day a number of working days, named by ``key``, after ``start``."""
    return workflow.working_due(start, value(key, start))
