"""The quarter's data for the national system: made by one person, checked and marked as sent by another (R-03.04)."""

from __future__ import annotations

from typing import Final

from hutong.kernel.transitions import Machine, Transition

MADE, CHECKED, SENT, DISCARDED = "MADE", "CHECKED", "SENT", "DISCARDED"
LIVE: Final = (MADE, CHECKED, SENT)

MACHINE: Final = Machine(
    name="quarterly",
    label="季度数据",
    states={MADE: "待复核", CHECKED: "已复核，待上报", SENT: "已上报", DISCARDED: "已作废"},
    initial=MADE,
    terminal=frozenset({SENT, DISCARDED}),
    transitions=(
        Transition("check", (MADE,), CHECKED, "ledger.send", "复核通过"),
        Transition("reject", (MADE,), DISCARDED, "ledger.send", "退回重做"),
        Transition("discard", (MADE, CHECKED), DISCARDED, "ledger.report", "作废重做"),
        Transition("send", (CHECKED,), SENT, "ledger.send", "确认已上报"),
    ),
)
