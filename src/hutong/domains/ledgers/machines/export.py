"""One export: asked for with a purpose, approved by a second person unless small, made, and gone when its time is over (TM-06)."""

from __future__ import annotations

from typing import Final

from hutong.kernel.transitions import Clock, Machine, Transition

REQUESTED, APPROVED, REFUSED, READY = "REQUESTED", "APPROVED", "REFUSED", "READY"
EXPIRED, FAILED, WITHDRAWN = "EXPIRED", "FAILED", "WITHDRAWN"

MACHINE: Final = Machine(
    name="export",
    label="导出申请",
    states={
        REQUESTED: "待批准",
        APPROVED: "已批准，生成中",
        REFUSED: "不予批准",
        READY: "可取件",
        EXPIRED: "已过期",
        FAILED: "未能生成",
        WITHDRAWN: "已撤回",
    },
    initial=REQUESTED,
    terminal=frozenset({REFUSED, EXPIRED, WITHDRAWN}),
    transitions=(
        Transition("allow", (REQUESTED,), APPROVED, "ledger.export", "限额内直接生成", guard="ledgers.small"),
        Transition("approve", (REQUESTED,), APPROVED, "ledger.approve", "批准"),
        Transition("refuse", (REQUESTED,), REFUSED, "ledger.approve", "不予批准", notice="ledgers.refused"),
        Transition("withdraw", (REQUESTED, FAILED), WITHDRAWN, "ledger.export", "撤回", guard="ledgers.own"),
        Transition("make", (APPROVED,), READY, "ledger.export", "生成", notice="ledgers.ready"),
        Transition("fail", (APPROVED,), FAILED, "ledger.export", "未能生成"),
        Transition("retry", (FAILED,), APPROVED, "ledger.export", "重新生成", guard="ledgers.own"),
        Transition("expire", (READY,), EXPIRED, "ledger.export", "过期"),
    ),
    clocks={REQUESTED: Clock(2, "working", param="export_approve_days", escalate_to="COUNTY_CA")},
)
