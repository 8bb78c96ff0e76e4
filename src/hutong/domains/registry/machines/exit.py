"""Leaving the network's care: asked for by one person, approved by another (model.md §4.1; R-03.07)."""

from typing import Final

from hutong.kernel.transitions import Clock, Machine, Transition

REQUESTED, SENT_BACK, APPROVED, WITHDRAWN = "REQUESTED", "SENT_BACK", "APPROVED", "WITHDRAWN"
LIVE: Final = (REQUESTED, SENT_BACK)

EXIT: Final = Machine(
    name="exit",
    label="退出",
    states={REQUESTED: "待审核", SENT_BACK: "退回补正", APPROVED: "已退出", WITHDRAWN: "已撤回"},
    initial=REQUESTED,
    terminal=frozenset({APPROVED, WITHDRAWN}),
    transitions=(
        Transition("approve", (REQUESTED,), APPROVED, "child.close", "同意退出"),
        Transition("send_back", (REQUESTED,), SENT_BACK, "child.close", "退回补正"),
        Transition("request_again", (SENT_BACK,), REQUESTED, "child.exit", "补正后再提"),
        Transition("withdraw", LIVE, WITHDRAWN, "child.exit", "撤回"),
    ),
    clocks={REQUESTED: Clock(5, "working", param="exit_approve_days", escalate_to="COUNTY_CA")},
)
