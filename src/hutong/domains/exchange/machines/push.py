"""One event pushed by a department's system: taken in, compared for the one child it may concern, or taken back."""

from __future__ import annotations

from hutong.kernel.transitions import Machine, Transition

RECEIVED, COMPARED, WITHDRAWN = "RECEIVED", "COMPARED", "WITHDRAWN"

MACHINE = Machine(
    name="push",
    label="单条推送",
    states={RECEIVED: "已受理", COMPARED: "已比对", WITHDRAWN: "已撤回"},
    initial=RECEIVED,
    terminal=frozenset({WITHDRAWN}),
    transitions=(
        # the same step whether a child was found or not: the sender must not be able to tell
        Transition("compare", (RECEIVED,), COMPARED, "compare.run", "比对"),
        Transition("withdraw", (RECEIVED, COMPARED), WITHDRAWN, "exchange.withdraw", "撤回"),
    ),
)
LIVE = (RECEIVED, COMPARED)
