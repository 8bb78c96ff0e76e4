"""A policy tried first: drafted, computed, proposed, approved by a second person for a day, in force from that day (ADR 0035)."""

from __future__ import annotations

from typing import Final

from hutong.kernel.transitions import Machine, Transition

DRAFT, COMPUTED, STALE, PROPOSED = "DRAFT", "COMPUTED", "STALE", "PROPOSED"
SCHEDULED, ACTIVE, WITHDRAWN = "SCHEDULED", "ACTIVE", "WITHDRAWN"
OPEN: Final = (DRAFT, COMPUTED, STALE)
"""Where its author may still change it."""
LIVE: Final = (*OPEN, PROPOSED, SCHEDULED)

MACHINE: Final = Machine(
    name="scenario",
    label="政策情景",
    states={
        DRAFT: "起草", COMPUTED: "已测算", STALE: "测算已过时", PROPOSED: "待另一人批准", SCHEDULED: "已批准，待启用",
        ACTIVE: "已启用", WITHDRAWN: "已撤回",
    },
    initial=DRAFT,
    terminal=frozenset({ACTIVE, WITHDRAWN}),
    transitions=(
        Transition("compute", (DRAFT, STALE, COMPUTED), COMPUTED, "policy.simulate", "测算", guard="policy.own"),
        Transition("change", (COMPUTED, STALE), DRAFT, "policy.simulate", "改动", guard="policy.own"),
        Transition("propose", (COMPUTED,), PROPOSED, "policy.simulate", "报批", guard="policy.own"),
        Transition("approve", (PROPOSED,), SCHEDULED, "policy.approve", "批准启用"),
        Transition("send_back", (PROPOSED, SCHEDULED), DRAFT, "policy.approve", "退回修改"),
        Transition("age", (COMPUTED, PROPOSED, SCHEDULED), STALE, "policy.simulate", "测算过时"),
        Transition("activate", (SCHEDULED,), ACTIVE, "policy.approve", "启用"),
        Transition("withdraw", LIVE, WITHDRAWN, "policy.simulate", "撤回", guard="policy.own"),
    ),
)  # fmt: skip
