"""A yearly list of places against what is in force: decided row by row, confirmed by a second person, carried out on its day."""

from typing import Final

from hutong.kernel.transitions import Machine, Transition

OPEN, DECIDED, CONFIRMED, APPLIED, WITHDRAWN = "OPEN", "DECIDED", "CONFIRMED", "APPLIED", "WITHDRAWN"
LIVE: Final = (OPEN, DECIDED, CONFIRMED)

ADJUSTMENT: Final = Machine(
    name="adjustment",
    label="区划调整",
    states={OPEN: "待决定", DECIDED: "待另一人确认", CONFIRMED: "已确认，待生效", APPLIED: "已生效", WITHDRAWN: "已撤回"},
    initial=OPEN,
    terminal=frozenset({APPLIED, WITHDRAWN}),
    transitions=(
        Transition("submit", (OPEN,), DECIDED, "area.revise", "提交确认"),
        Transition("send_back", (DECIDED, CONFIRMED), OPEN, "area.confirm", "退回重定"),
        Transition("confirm", (DECIDED,), CONFIRMED, "area.confirm", "确认"),
        Transition("carry_out", (CONFIRMED,), APPLIED, "area.confirm", "生效"),
        Transition("withdraw", LIVE, WITHDRAWN, "area.revise", "撤回"),
    ),
)  # fmt: skip

ADDED, GONE, RENAMED = "added", "gone", "renamed"
KINDS: Final = {ADDED: "新增", GONE: "不在清单中", RENAMED: "名称变化"}
NEW, RENAME, RECODE, MERGE, SPLIT, CLOSE, SKIP = "new", "rename", "recode", "merge", "split", "close", "skip"
DECISIONS: Final = {
    NEW: "新设", RENAME: "更名", RECODE: "改代码（同一地方）", MERGE: "并入", SPLIT: "分设为", CLOSE: "撤销", SKIP: "不改",
}  # fmt: skip
OFFERED: Final = {ADDED: (NEW, SKIP), RENAMED: (RENAME, SKIP), GONE: (RECODE, MERGE, SPLIT, CLOSE, SKIP)}
ENDING: Final = (RECODE, MERGE, SPLIT, CLOSE)
"""Decisions after which the old code is out of force."""
