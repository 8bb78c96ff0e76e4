"""Worklist rows in words: what to do, who, where, when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.urls import reverse

from hutong.foundation.access.acting import Acting
from hutong.foundation.design.environment import url
from hutong.foundation.network import selectors as network
from hutong.foundation.workflow import kinds, selectors
from hutong.foundation.workflow.models import LongJob, StatusChange, WorkItem
from hutong.kernel import areas, clock


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the worklist, as ``ui.worklist`` draws it."""

    title: str
    who: str
    where: str
    url: str
    due: date | None
    flag: str = ""
    kind: str = ""
    owner: str = ""
    closed: str = ""
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class Tab:
    label: str
    url: str
    active: bool
    count: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    """One line of ``ui.timeline``."""

    at: object
    title: str
    actor: str
    text: str
    url: str = ""
    tone: str = ""


def rows(items: Iterable[WorkItem], actor: Acting, *, to_item: bool = False) -> list[Row]:
    """Rows of a page of items; one query for all their places. ``to_item``: lead to the item's own page."""
    found = list(items)
    places = _places([item.area_code for item in found], actor.post.area_code)
    return [_row(item, actor, places.get(item.area_code, ""), to_item) for item in found]


def _places(codes: list[str], home: str) -> dict[str, str]:
    """Names of places as told to somebody who works in ``home``: what they share is left out. One query."""
    above = areas.parent(home) or home
    paths = network.area_paths([*codes, home, above]) if codes else {}
    own, upper = paths.get(home, ""), paths.get(above, "")
    names = {}
    for code in codes:
        path = paths.get(code, "")
        shared = own if path != own and path.startswith(own) else upper
        names[code] = path.removeprefix(shared) or path
    return names


def _row(item: WorkItem, actor: Acting, where: str, to_item: bool) -> Row:
    mine = item.owner_post_id == actor.post.pk
    return Row(
        title=item.title,
        who=item.summary or kinds.label(item.kind),
        where=where,
        url=url("workflow:item", item.public_id) if to_item else item.link,
        due=None if item.paused_on or item.closed_at else item.due_on,
        flag=_flag(item),
        kind=kinds.label(item.kind),
        owner="" if mine else item.owner_post.title,
        outcome=item.outcome,
    )


def _flag(item: WorkItem) -> str:
    if item.paused_on:
        return f"暂停：{item.pause_reason}"
    if getattr(item, "unowned", False):
        return "岗位无人，上级代管"
    return "紧急" if item.priority > 0 and not item.closed_at else ""


@dataclass(frozen=True, slots=True)
class Group:
    """Rows under one heading; ``tone`` as ``ui.card`` takes it."""

    heading: str
    tone: str
    rows: list[Row]


def by_urgency(items: Iterable[WorkItem], actor: Acting, counts: dict[str, int]) -> Iterator[Group]:
    """A page of open items under its headings: late, due today, to come. The items come ordered by due date."""
    found = list(items)
    made = dict(zip((item.pk for item in found), rows(found, actor), strict=True))
    headings = {
        "late": (f"已逾期（{counts['late']}）", "danger"),
        "today": (f"今天到期（{counts['today']}）", "warn"),
        "coming": ("接下来", ""),
    }
    for urgency, group in groupby(found, key=lambda item: _urgency(item.due_on)):
        yield Group(*headings[urgency], rows=[made[item.pk] for item in group])


def _urgency(due: date) -> str:
    today = clock.today()
    return "late" if due < today else "today" if due == today else "coming"


def tabs(actor: Acting, active: str, counts: dict[str, int]) -> list[Tab]:
    """The views of the worklist this actor has."""
    shown = [
        ("mine", "待办", "web:home"),
        ("waiting", "等他人", "workflow:waiting"),
        ("done", "已办", "workflow:done"),
    ]
    if actor.may("work.supervise"):
        shown.append(("supervise", "督办", "workflow:supervise"))
    return [Tab(label, url(name), key == active, counts.get(key, 0)) for key, label, name in shown]


def tabs_counted(actor: Acting, active: str) -> list[Tab]:
    counts = selectors.counts(actor)
    return tabs(actor, active, {"mine": counts["open"], "waiting": counts["waiting"]})


def history(item: WorkItem, changes: Iterable[StatusChange], posts: dict[int, str]) -> list[Step]:
    """What happened to the item itself, newest first."""
    steps = [
        Step(
            change.at,
            f"改派给{posts.get(change.data.get('to_post', 0), '其他岗位')}",
            change.actor_label,
            change.reason,
        )
        for change in changes
    ]
    by = item.opened_by_post.title if item.opened_by_post else "系统"
    steps.insert(0, Step(item.opened_at, "生成待办", by, item.summary))
    if item.escalated_at:
        steps.append(Step(item.escalated_at, "逾期，已上报", "系统", "", tone="danger"))
    if item.closed_at:
        steps.append(Step(item.closed_at, "办结", "", item.outcome, tone="ok"))
    return sorted(steps, key=lambda step: str(step.at), reverse=True)


@dataclass(frozen=True, slots=True)
class JobView:
    """A long job as ``ui.job`` draws it; a waiting one looks like a running one that has not begun."""

    url: str
    title: str
    percent: int
    words: str
    state: str
    cancel_url: str


def job(found: LongJob) -> JobView:
    state = LongJob.State(found.state)
    live = state in (LongJob.State.QUEUED, LongJob.State.RUNNING)
    return JobView(
        url=reverse("workflow:job", args=[found.public_id]),
        title=found.title,
        percent=found.percent,
        words=_job_words(found, state),
        state="running" if live else state.value,
        cancel_url="" if found.cancel_requested else reverse("workflow:cancel_job", args=[found.public_id]),
    )


def _job_words(found: LongJob, state: LongJob.State) -> str:
    if state is LongJob.State.FAILED:
        return found.error
    if state is LongJob.State.QUEUED:
        return "排队中，前面的任务结束后自动开始。"
    if state is LongJob.State.CANCELLED:
        return "已按您的要求取消。"
    if found.cancel_requested and state is LongJob.State.RUNNING:
        return "正在取消……"
    count = f"{found.done:,} / {found.total:,}" if found.total else ""
    return "　".join(part for part in (count, found.note) if part) or state.label
