"""The child's file (model.md §4.1; R-03.01, R-03.07). Moving between counties is a handshake of its own, later."""

from hutong.domains.registry.machines import wording
from hutong.kernel.transitions import Clock, Machine, Transition

CHILD_FILE = Machine(
    name="child_file",
    label="儿童档案",
    states={code: label for code, label in wording.STATES.items() if code != "MOVED_OUT"},
    initial="DRAFT",
    terminal=frozenset({"ARCHIVED"}),
    transitions=(
        Transition("register", ("DRAFT",), "REGISTERED", "child.create", "提交审核"),
        Transition("approve", ("REGISTERED",), "ACTIVE", "child.approve", "审核通过"),
        Transition("send_back", ("REGISTERED",), "DRAFT", "child.approve", "退回修改"),
        Transition("void", ("DRAFT",), "CLOSED", "child.create", "作废草稿"),
        Transition("close", ("ACTIVE",), "CLOSED", "child.close", "办理退出"),
        Transition("reopen", ("CLOSED",), "ACTIVE", "child.close", "恢复在管"),
        Transition("archive", ("CLOSED",), "ARCHIVED", "child.close", "归档"),
    ),
    clocks={"REGISTERED": Clock(5, "working", param="child_approve_days", escalate_to="COUNTY_CA")},
)
