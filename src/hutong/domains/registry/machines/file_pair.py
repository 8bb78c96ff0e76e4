"""Two files (or two entries of one relative) that may be the same (R-03.01; experience.md 8): three answers, and the merge."""

from typing import Final

from hutong.kernel.transitions import Clock, Machine, Transition

STATES: Final = {
    "OPEN": "待核对",
    "LATER": "暂不能定",
    "ASKED": "待确认合并",
    "DIFFERENT": "不是同一人",
    "MERGED": "已合并",
}
TO_JUDGE: Final = ("OPEN", "LATER")

FILE_PAIR = Machine(
    name="file_pair",
    label="疑似重复",
    states=STATES,
    initial="OPEN",
    terminal=frozenset(),
    transitions=(
        Transition("different", TO_JUDGE, "DIFFERENT", "child.pair", "不是同一人"),
        Transition("later", TO_JUDGE, "LATER", "child.pair", "暂不能定"),
        Transition("ask", TO_JUDGE, "ASKED", "child.pair", "同一人，申请合并"),
        Transition("withdraw", ("ASKED",), "OPEN", "child.pair", "撤回合并申请"),
        Transition("confirm", ("ASKED",), "MERGED", "child.merge", "确认合并"),
        Transition("refuse", ("ASKED",), "OPEN", "child.merge", "不同意合并"),
        Transition("split", ("MERGED",), "DIFFERENT", "child.merge", "拆分还原"),
        Transition("reopen", ("DIFFERENT",), "OPEN", "child.merge", "重新核对"),
    ),
    clocks={
        "OPEN": Clock(20, "working", param="pair_judge_days", escalate_to="COUNTY_CA"),
        "ASKED": Clock(5, "working", param="merge_confirm_days", escalate_to="COUNTY_CA"),
    },
)
