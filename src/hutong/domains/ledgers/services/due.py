"""The clock of the quarterly data: a worklist item for each county's officer, opened by the sweep, closed when sent."""

from __future__ import annotations

from typing import Final

from django.urls import reverse

from hutong.domains.ledgers.data import national
from hutong.domains.ledgers.selectors import quarterly as selectors
from hutong.foundation.access.acting import Acting
from hutong.foundation.access.scope import system_scope, use_scope
from hutong.foundation.network import selectors as network
from hutong.foundation.network.models import Post
from hutong.foundation.workflow import services as workflow
from hutong.foundation.workflow.models import WorkItem
from hutong.kernel import areas, clock
from hutong.kernel.quarters import Quarter

KIND: Final = "ledgers.quarter"
SUBJECT: Final = "ledgers.quarter"


def key(area_code: str, quarter: Quarter) -> int:
    """County and quarter as one number: 990101 2026Q3 → 99010120263."""
    return int(f"{area_code[:6]}{quarter.year}{quarter.number}")


def sweep() -> int:
    """For each county with an officer: the present quarter's item, once it has opened. Idempotent."""
    today = clock.today()
    quarter = Quarter.of(today)
    if today < national.opens(quarter):
        return 0
    with use_scope(system_scope("ledgers.due")):
        counties: dict[str, Post] = {}
        for post in network.list_posts(role=network.COUNTY):
            if areas.level(post.area_code) == "county":
                counties.setdefault(post.area_code, post)
        known = set(
            WorkItem.objects.filter(
                subject_type=SUBJECT, subject_id__in=[key(code, quarter) for code in counties]
            ).values_list("subject_id", flat=True)
        )
        items = [
            workflow.NewItem(
                kind=KIND, title=f"更新全国儿童福利信息系统数据（{quarter.label}）", owner=post, subject_type=SUBJECT,
                subject_id=key(code, quarter), link=reverse("ledgers:quarterly"), due_on=national.due(quarter),
                area_code=code, summary="制作季度数据、另一人复核、上报后确认", escalate_to_role="PLAN_OFFICER",
            )
            for code, post in counties.items()
            if key(code, quarter) not in known and _missing(code, quarter)
        ]  # fmt: skip
        workflow.open_items(items=items, actor=None)
    return len(items)


def _missing(code: str, quarter: Quarter) -> bool:
    live = selectors.find_live(code, str(quarter))
    return live is None or live.state != "SENT"


def close(area_code: str, quarter: Quarter, actor: Acting) -> None:
    workflow.close_items(
        subject_type=SUBJECT, subject_id=key(area_code, quarter), actor=actor, outcome="已上报"
    )
