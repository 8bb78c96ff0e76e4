"""An emergency opening after it was made: every one is reviewed, on the child's side, by somebody else (TM-20)."""

from __future__ import annotations

from typing import Final

from hutong.kernel.transitions import Machine, Transition

PENDING, JUSTIFIED, UNJUSTIFIED = "PENDING", "JUSTIFIED", "UNJUSTIFIED"

MACHINE: Final = Machine(
    name="emergency_opening",
    label="紧急查阅复核",
    states={PENDING: "待复核", JUSTIFIED: "情况属实", UNJUSTIFIED: "认定不当"},
    initial=PENDING,
    terminal=frozenset({JUSTIFIED, UNJUSTIFIED}),
    transitions=(
        Transition("accept", (PENDING,), JUSTIFIED, "glass.review", "情况属实", guard="glass.review"),
        Transition("object", (PENDING,), UNJUSTIFIED, "glass.review", "认定不当", guard="glass.review"),
    ),
)
