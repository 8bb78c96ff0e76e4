"""A tiny machine on a real table: the worklist item's ``outcome`` column plays the state of a request for repair."""

from hutong.foundation.workflow.models import WorkItem
from hutong.kernel.transitions import Clock, Machine, Transition

REPAIR = Machine(
    name="example.repair",
    label="示例申请",
    states={"draft": "草稿", "waiting": "待审核", "approved": "已通过", "refused": "不通过"},
    initial="draft",
    terminal=frozenset({"approved", "refused"}),
    transitions=(
        Transition("submit", ("draft",), "waiting", "child.create", "提交", guard="example.summary"),
        Transition("approve", ("waiting",), "approved", "child.approve", "通过", notice="example.told"),
        Transition("refuse", ("waiting",), "refused", "child.approve", "不通过"),
        Transition("reopen", ("waiting",), "draft", "child.create", "退回修改"),
    ),
    clocks={"waiting": Clock(5, "working", "example.days", "COUNTY_CA")},
)
MODEL = WorkItem
