"""Leave and hand-over of a post: from the proposal to the day it ends (ADR 0029)."""

from typing import Final

from hutong.kernel.transitions import Machine, Transition

PROPOSED, DECLINED, ACCEPTED = "PROPOSED", "DECLINED", "ACCEPTED"
RUNNING, STANDING, ENDED, HANDED, WITHDRAWN = "RUNNING", "STANDING", "ENDED", "HANDED", "WITHDRAWN"
OPEN: Final = (PROPOSED, DECLINED, ACCEPTED)
"""Before the day."""
AWAY: Final = (RUNNING, STANDING)
LIVE: Final = (*OPEN, *AWAY)

HAND_OVER: Final = Machine(
    name="handover",
    label="交接代班",
    states={
        PROPOSED: "待接手", DECLINED: "未接手，待另定", ACCEPTED: "已接手，待生效", RUNNING: "代班中",
        STANDING: "无人接手，上级代管", ENDED: "已返岗", HANDED: "已交接", WITHDRAWN: "已撤回",
    },
    initial=PROPOSED,
    terminal=frozenset({ENDED, HANDED, WITHDRAWN}),
    transitions=(
        Transition("accept", (PROPOSED,), ACCEPTED, "work.do", "接手", guard="handovers.named"),
        Transition("decline", (PROPOSED,), DECLINED, "work.do", "不能接手", guard="handovers.named"),
        Transition("assign", (PROPOSED, DECLINED, STANDING), ACCEPTED, "work.supervise", "指定代班人", guard="handovers.assigned"),
        Transition("withdraw", OPEN, WITHDRAWN, "work.do", "撤回", guard="handovers.own"),
        Transition("begin", (ACCEPTED,), RUNNING, "work.do", "开始代班"),
        Transition("hand", (ACCEPTED,), HANDED, "work.do", "完成交接"),
        Transition("fall", (PROPOSED, DECLINED, ACCEPTED), STANDING, "work.supervise", "转上级代管"),
        Transition("lapse", OPEN, WITHDRAWN, "work.do", "不再需要"),
        Transition("back", AWAY, ENDED, "work.do", "返岗", guard="handovers.back"),
    ),
)  # fmt: skip
"""``begin``, ``hand``, ``fall`` and ``lapse`` are the platform's, on the day."""
