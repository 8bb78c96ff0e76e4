"""A proposal to correct a file (R-03.05; experience.md 9): whoever proposes never decides."""

from typing import Final

from hutong.kernel.transitions import Clock, Machine, Transition

STATES: Final = {
    "DRAFT": "待提交",
    "SUBMITTED": "待审批",
    "SENT_BACK": "退回补正",
    "APPROVED": "已更正",
    "REFUSED": "不予更正",
    "WITHDRAWN": "已撤回",
}
OPEN: Final = ("DRAFT", "SUBMITTED", "SENT_BACK")
"""While a proposal is in one of these, no other may touch the same fields."""

FILE_CORRECTION = Machine(
    name="file_correction",
    label="更正申请",
    states=STATES,
    initial="DRAFT",
    terminal=frozenset({"APPROVED", "REFUSED", "WITHDRAWN"}),
    transitions=(
        Transition("submit", ("DRAFT", "SENT_BACK"), "SUBMITTED", "child.propose", "提交审批"),
        Transition("approve", ("SUBMITTED",), "APPROVED", "child.correct", "同意更正", notice="registry.corrected"),
        Transition("send_back", ("SUBMITTED",), "SENT_BACK", "child.correct", "退回补正"),
        Transition("refuse", ("SUBMITTED",), "REFUSED", "child.correct", "不予更正", notice="registry.corrected"),
        Transition("withdraw", OPEN, "WITHDRAWN", "child.propose", "撤回申请"),
    ),
    clocks={
        "SUBMITTED": Clock(5, "working", param="correction_decide_days", escalate_to="COUNTY_CA"),
        "SENT_BACK": Clock(5, "working", param="correction_revise_days"),
    },
)  # fmt: skip
