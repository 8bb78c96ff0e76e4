"""The child's file (model.md §4.1; R-03.01, R-03.07). A move inside the system leaves it ACTIVE (machines/move.py)."""

from hutong.domains.registry.machines import wording
from hutong.kernel.transitions import Clock, Machine, Transition

CHILD_FILE = Machine(
    name="child_file",
    label="儿童档案",
    states=wording.STATES,
    initial="DRAFT",
    terminal=frozenset({"ARCHIVED"}),
    transitions=(
        Transition("register", ("DRAFT",), "REGISTERED", "child.create", "提交审核"),
        Transition("approve", ("REGISTERED",), "ACTIVE", "child.approve", "审核通过"),
        Transition("send_back", ("REGISTERED",), "DRAFT", "child.approve", "退回修改"),
        Transition("void", ("DRAFT",), "CLOSED", "child.create", "作废草稿"),
        Transition("close", ("ACTIVE",), "CLOSED", "child.close", "办理退出", guard="exit.approved"),
        Transition("reopen", ("CLOSED",), "ACTIVE", "child.close", "恢复在管"),
        Transition("move_out", ("ACTIVE",), "MOVED_OUT", "move.approve", "转出到外地", guard="move.out"),
        Transition("come_back", ("MOVED_OUT",), "ACTIVE", "child.close", "迁回，恢复在管"),
        Transition("archive", ("CLOSED", "MOVED_OUT"), "ARCHIVED", "child.close", "归档"),
        Transition(
            "merge", ("DRAFT", "REGISTERED", "ACTIVE", "CLOSED"), "MERGED", "child.merge", "并入另一份档案"
        ),
        *(
            Transition(f"unmerge_{state.lower()}", ("MERGED",), state, "child.merge", "拆分还原")
            for state in ("DRAFT", "REGISTERED", "ACTIVE", "CLOSED")
        ),
    ),
    clocks={"REGISTERED": Clock(5, "working", param="child_approve_days", escalate_to="COUNTY_CA")},
)
