"""A person on the list of a compartment: named by one, confirmed by another, gone at once."""

from hutong.foundation.access.models import ACTIVE, ENDED, NAMED_STATES, PROPOSED, REFUSED
from hutong.kernel.transitions import Machine, Transition

MACHINE = Machine(
    name="named_person",
    label="专管人员",
    states=NAMED_STATES,
    initial=PROPOSED,
    terminal=frozenset({ENDED, REFUSED}),
    transitions=(
        Transition("confirm", (PROPOSED,), ACTIVE, "sealed.people", "确认进入名单", guard="named.two_others"),
        Transition("refuse", (PROPOSED,), REFUSED, "sealed.people", "不予通过", guard="named.words"),
        Transition("end", (ACTIVE,), ENDED, "sealed.people", "退出名单", guard="named.words"),
    ),
)
