"""A department asks to take back what it delivered, or to put other rows in its place; the county decides."""

from __future__ import annotations

from hutong.kernel.transitions import Machine, Transition

REQUESTED, ACCEPTED, REFUSED = "REQUESTED", "ACCEPTED", "REFUSED"

MACHINE = Machine(
    name="amendment",
    label="更正请求",
    states={REQUESTED: "待确认", ACCEPTED: "已采纳", REFUSED: "不予采纳"},
    initial=REQUESTED,
    terminal=frozenset({ACCEPTED, REFUSED}),
    transitions=(
        Transition("accept", (REQUESTED,), ACCEPTED, "exchange.withdraw", "采纳"),
        Transition("refuse", (REQUESTED,), REFUSED, "exchange.withdraw", "不予采纳"),
    ),
)
