from collections.abc import Callable, Iterator
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from hutong.foundation.access.scope import use_scope
from hutong.foundation.workflow import machines, services
from hutong.foundation.workflow.errors import NotNow
from hutong.foundation.workflow.machines import NoticeText
from hutong.foundation.workflow.models import WorkItem
from hutong.foundation.workflow.tests.example import REPAIR
from hutong.kernel import clock


@pytest.fixture
def repair(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The example machine on ``WorkItem.outcome``, its guard and its notice, for one test."""
    for table in ("_registered", "_guards", "_notices"):
        monkeypatch.setattr(machines, table, dict(getattr(machines, table)))
    machines.register(WorkItem, REPAIR, "outcome")

    @machines.guard("example.summary")
    def needs_summary(subject: WorkItem, actor: Any, data: dict[str, Any]) -> None:
        if not subject.summary:
            raise NotNow("请先填写说明，再提交。")

    @machines.notice("example.told")
    def told(subject: WorkItem, actor: Any, data: dict[str, Any]) -> NoticeText:
        return NoticeText(subject.owner_post, "您的申请已通过", subject.link)

    return


@pytest.fixture
def opened(cast: SimpleNamespace) -> Callable[..., WorkItem]:
    """``opened(owner="director", due_on=…)``: an item put on somebody's worklist by the supervisor."""
    numbers = iter(range(1, 1000))

    def make(owner: str = "director", by: str = "supervisor", **facts: Any) -> WorkItem:
        actor, to = getattr(cast, by), getattr(cast, owner)
        number = next(numbers)
        values = {
            "kind": "lead.verify", "title": f"核实线索 {number}", "owner": to.post, "subject_type": "leads.lead",
            "subject_id": number, "link": f"/leads/{number}/", "due_on": clock.today(),
            "area_code": to.post.area_code, "actor": actor, "summary": "示例",
        }  # fmt: skip
        with use_scope(actor.scope):
            return services.open_item(**{**values, **facts})

    return make


@pytest.fixture
def monday() -> date:
    return date(2026, 11, 16)
