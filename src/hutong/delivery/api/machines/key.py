"""A department's key: asked for by the county, approved by the security administrator, ended by either."""

from __future__ import annotations

from hutong.kernel.transitions import Machine, Transition

REQUESTED, ACTIVE, REFUSED, REVOKED = "REQUESTED", "ACTIVE", "REFUSED", "REVOKED"

MACHINE = Machine(
    name="door_key",
    label="接口密钥",
    states={REQUESTED: "待批准", ACTIVE: "已启用", REFUSED: "未批准", REVOKED: "已吊销"},
    initial=REQUESTED,
    terminal=frozenset({REFUSED, REVOKED}),
    transitions=(
        Transition("approve", (REQUESTED,), ACTIVE, "door.approve", "批准启用"),
        Transition("refuse", (REQUESTED,), REFUSED, "door.approve", "不予批准"),
        # either person alone, at once: a key that leaked must not wait for a second signature
        Transition("revoke", (REQUESTED, ACTIVE), REVOKED, "door.manage", "吊销"),
        Transition("cut_off", (ACTIVE,), REVOKED, "door.approve", "停用"),
    ),
)
