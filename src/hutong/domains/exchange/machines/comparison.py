"""One comparison run."""

from __future__ import annotations

from hutong.kernel.transitions import Machine, Transition

QUEUED, RUNNING, DONE, FAILED, CANCELLED = "QUEUED", "RUNNING", "DONE", "FAILED", "CANCELLED"

MACHINE = Machine(
    name="comparison",
    label="比对",
    states={QUEUED: "排队", RUNNING: "比对中", DONE: "完成", FAILED: "未完成", CANCELLED: "已取消"},
    initial=QUEUED,
    terminal=frozenset({DONE, FAILED, CANCELLED}),
    transitions=(
        Transition("start", (QUEUED,), RUNNING, "compare.run", "开始"),
        Transition("finish", (RUNNING,), DONE, "compare.run", "完成"),
        Transition("fail", (QUEUED, RUNNING), FAILED, "compare.run", "中断"),
        Transition("cancel", (QUEUED, RUNNING), CANCELLED, "compare.run", "取消"),
    ),
)
