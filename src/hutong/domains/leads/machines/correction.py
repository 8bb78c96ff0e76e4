"""A wrong row of a department's list: told to the department, answered, closed."""

from __future__ import annotations

from typing import Final

from hutong.kernel.transitions import Machine, Transition

OPEN, SENT, REPLIED = "OPEN", "SENT", "REPLIED"
CORRECTED, UPHELD = "CORRECTED", "UPHELD"
LIVE: Final = (OPEN, SENT, REPLIED)

MACHINE: Final = Machine(
    name="source_correction",
    label="源数据纠正",
    states={
        OPEN: "待反馈",
        SENT: "已反馈部门",
        REPLIED: "部门已答复",
        CORRECTED: "部门已更正",
        UPHELD: "部门坚持原数据",
    },
    initial=OPEN,
    terminal=frozenset({CORRECTED, UPHELD}),
    transitions=(
        Transition("send", (OPEN,), SENT, "lead.decide", "反馈数据提供部门", guard="lead.words"),
        Transition("reply", (SENT,), REPLIED, "correction.answer", "部门答复", guard="lead.words"),
        Transition("correct", LIVE, CORRECTED, "lead.decide", "部门已更正", guard="lead.words"),
        Transition("uphold", LIVE, UPHELD, "lead.decide", "部门坚持原数据", guard="lead.words"),
    ),
)
