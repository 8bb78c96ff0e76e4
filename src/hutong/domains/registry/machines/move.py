"""A move of a file from one place to another: a handshake both sides confirm (model.md §4.1; R-03.07, R-01.04).

``OFFERED`` and ``ASKED`` are the time in which both sides see the file and answer for the child (ADR 0013).
"""

from typing import Final

from hutong.kernel.transitions import Clock, Machine, Transition

PROPOSED, OFFERED, ASKED, LETTER = "PROPOSED", "OFFERED", "ASKED", "LETTER"
RETURNED, RECEIVED, OUT, WITHDRAWN = "RETURNED", "RECEIVED", "OUT", "WITHDRAWN"

BOTH: Final = (OFFERED, ASKED)
LIVE: Final = (PROPOSED, OFFERED, ASKED, LETTER, RETURNED)
ENDED: Final = (RECEIVED, OUT, WITHDRAWN)

WHAT: Final = {"residence": "居住地", "hukou": "户籍地", "both": "居住地和户籍地"}
REASONS: Final = {
    "PARENTS": "随父母迁居", "GUARDIAN": "监护人或照料人变更", "SCHOOL": "就学", "RELATIVES": "投靠亲属",
    "PLACED": "机构安置或寄养", "REGISTERED": "户口迁移", "RETURNED": "返回原地", "OTHER": "其他",
}  # fmt: skip

MOVE: Final = Machine(
    name="move",
    label="转移",
    states={
        PROPOSED: "待转出方审核",
        OFFERED: "待接收",
        ASKED: "待转出方补充",
        LETTER: "已发函待回执",
        RETURNED: "已退回转出方",
        RECEIVED: "已接收",
        OUT: "已转出（外地）",
        WITHDRAWN: "已撤回",
    },
    initial=PROPOSED,
    terminal=frozenset(ENDED),
    transitions=(
        Transition("send", (PROPOSED, RETURNED), OFFERED, "move.propose", "送接收方", guard="move.direct"),
        Transition("approve", (PROPOSED,), OFFERED, "move.approve", "同意转出", guard="move.inside"),
        Transition("approve_letter", (PROPOSED,), LETTER, "move.approve", "同意转出并发函", guard="move.outside"),
        Transition("send_back", (PROPOSED,), RETURNED, "move.approve", "退回修改", guard="move.approver"),
        Transition("submit", (RETURNED,), PROPOSED, "move.propose", "重新提交审核", guard="move.sender"),
        Transition("receive", (OFFERED,), RECEIVED, "move.receive", "接收", guard="move.receiver", notice="move.answered"),
        Transition("ask", (OFFERED,), ASKED, "move.receive", "请转出方补充", guard="move.receiver"),
        Transition("answer", (ASKED,), OFFERED, "move.propose", "补充后再送", guard="move.sender"),
        Transition("refuse", (OFFERED,), RETURNED, "move.receive", "不接收，退回", guard="move.receiver"),
        Transition("expire", (OFFERED,), RETURNED, "move.receive", "逾期未答复，退回", guard="move.platform"),
        Transition("receipt", (LETTER,), OUT, "move.approve", "登记回执", guard="move.approver"),
        Transition("bounce", (LETTER,), RETURNED, "move.approve", "对方退回", guard="move.approver"),
        Transition("withdraw", LIVE, WITHDRAWN, "move.propose", "撤回转移", guard="move.sender"),
    ),
    clocks={
        PROPOSED: Clock(5, "working", param="move_approve_days", escalate_to="COUNTY_CA"),
        OFFERED: Clock(10, "working", param="move_accept_days", escalate_to="COUNTY_CA"),
        ASKED: Clock(5, "working", param="move_answer_days", escalate_to="COUNTY_CA"),
        LETTER: Clock(10, "working", param="move_letter_days", escalate_to="COUNTY_CA"),
    },
)  # fmt: skip
