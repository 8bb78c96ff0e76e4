"""Dated working terms of this app (``data/terms.yaml``)."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

from hutong.domains.outreach.machines import offer as machine
from hutong.foundation.workflow import services as workflow
from hutong.kernel.ages import add_months
from hutong.kernel.terms import Terms

TERMS: Final = Terms(Path(__file__).parent.parent / "data" / "terms.yaml")
value = TERMS.number
_IN: Final = {
    machine.FOUND: "tell_working_days",
    machine.TOLD: "apply_working_days",
    machine.HELPED: "outcome_working_days",
}
_REMEMBERED: Final = {
    machine.DECLINED: "remember_months_declined",
    machine.NOT_MET: "remember_months_not_met",
    machine.GRANTED: "remember_months_granted",
}


def due(state: str, start: date) -> date:
    """The day a live state has to be left."""
    return workflow.working_due(start, value(_IN[state], start))


def remembered_until(state: str, ended: date) -> date:
    """The day on which an answer stops counting."""
    return add_months(ended, value(_REMEMBERED[state], ended))
