"""One lead: found by comparison, verified on the spot, decided by the county, closed with a reason (R-24.04)."""

from __future__ import annotations

from typing import Final

from hutong.kernel.transitions import Machine, Transition

OPEN, PENDING = "OPEN", "PENDING"
TRUE, CHANGED, FALSE = "VERIFIED_TRUE", "VERIFIED_CHANGED", "VERIFIED_FALSE"
ACTED, CLOSED, SUPERSEDED = "ACTED", "CLOSED", "SUPERSEDED"

TO_VERIFY: Final = (OPEN, PENDING)
VERIFIED: Final = (TRUE, CHANGED, FALSE)
TO_DECIDE: Final = (TRUE, CHANGED)
LIVE: Final = (*TO_VERIFY, *VERIFIED)
ENDED: Final = (ACTED, CLOSED, SUPERSEDED)

MACHINE: Final = Machine(
    name="lead",
    label="线索",
    states={
        OPEN: "待核实",
        PENDING: "暂不能定",
        TRUE: "属实，待处理",
        CHANGED: "情况有变，待处理",
        FALSE: "不属实，待复核",
        ACTED: "已办理",
        CLOSED: "已关闭",
        SUPERSEDED: "已撤回",
    },
    initial=OPEN,
    terminal=frozenset(ENDED),
    transitions=(
        Transition("verify_true", TO_VERIFY, TRUE, "lead.verdict", "核实为属实", guard="lead.verdict"),
        Transition(
            "verify_changed", TO_VERIFY, CHANGED, "lead.verdict", "核实为情况有变", guard="lead.verdict"
        ),
        Transition("verify_false", TO_VERIFY, FALSE, "lead.verdict", "核实为不属实", guard="lead.verdict"),
        Transition("defer", TO_VERIFY, PENDING, "lead.verdict", "暂不能定", guard="lead.verdict"),
        Transition("act", TO_DECIDE, ACTED, "lead.decide", "办理", guard="lead.ending"),
        Transition("close", TO_DECIDE, CLOSED, "lead.decide", "关闭", guard="lead.ending"),
        Transition("confirm_false", (FALSE,), CLOSED, "lead.review", "确认不属实", guard="lead.ending"),
        Transition("send_back", VERIFIED, OPEN, "lead.review", "退回重核", guard="lead.words"),
        Transition("supersede", LIVE, SUPERSEDED, "exchange.withdraw", "撤回", guard="lead.ending"),
    ),
)
