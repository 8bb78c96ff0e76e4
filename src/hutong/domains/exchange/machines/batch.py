"""A delivered list, from upload to use: two acts by two people, and undo (TM-10)."""

from __future__ import annotations

from hutong.kernel.transitions import Machine, Transition

UPLOADED, CHECKING, CHECKED = "UPLOADED", "CHECKING", "CHECKED"
CONFIRMED, REFUSED, FAILED, WITHDRAWN = "CONFIRMED", "REFUSED", "FAILED", "WITHDRAWN"

MACHINE = Machine(
    name="batch",
    label="清单批次",
    states={
        UPLOADED: "已上传",
        CHECKING: "检查中",
        CHECKED: "待确认",
        CONFIRMED: "已确认",
        REFUSED: "不予确认",
        FAILED: "无法检查",
        WITHDRAWN: "已撤回",
    },
    initial=UPLOADED,
    terminal=frozenset({REFUSED, WITHDRAWN}),
    transitions=(
        Transition("check", (UPLOADED, FAILED), CHECKING, "exchange.upload", "检查"),
        Transition("checked", (CHECKING,), CHECKED, "exchange.upload", "检查完毕"),
        Transition("fail", (UPLOADED, CHECKING), FAILED, "exchange.upload", "检查未能完成"),
        Transition("confirm", (CHECKED,), CONFIRMED, "exchange.confirm", "确认导入"),
        Transition("refuse", (CHECKED,), REFUSED, "exchange.confirm", "不予确认"),
        Transition(
            "withdraw", (UPLOADED, CHECKED, CONFIRMED, FAILED), WITHDRAWN, "exchange.withdraw", "撤回"
        ),
        Transition("recall", (UPLOADED, CHECKED, FAILED), WITHDRAWN, "exchange.upload", "提供部门撤回"),
    ),
)
DEAD = (REFUSED, FAILED, WITHDRAWN)
"""States in which a batch no longer stands in the way of the same file being delivered again."""
