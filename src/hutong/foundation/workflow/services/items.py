"""The one worklist: opening, closing and handing on what waits for a post."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from hutong.foundation.access.acting import Acting
from hutong.foundation.access.scope import because
from hutong.foundation.accounts import rights
from hutong.foundation.network.models import Post
from hutong.foundation.workflow import kinds
from hutong.foundation.workflow.errors import NotNow
from hutong.foundation.workflow.models import OPEN, StatusChange, WorkItem
from hutong.kernel import clock

SUBJECT = "workflow.workitem"


@dataclass(frozen=True, slots=True)
class NewItem:
    """What ``open_items`` needs of each; the fields mean what they mean in ``open_item``."""

    kind: str
    title: str
    owner: Post
    subject_type: str
    subject_id: int
    link: str
    due_on: date
    area_code: str
    child_id: int | None = None
    summary: str = ""
    priority: int = 0
    escalate_to_role: str = ""


def open_item(
    *, kind: str, title: str, owner: Post, subject_type: str, subject_id: int, link: str, due_on: date,
    area_code: str, child_id: int | None = None, summary: str = "", priority: int = 0,
    actor: Acting | None, escalate_to_role: str = "",
) -> WorkItem:  # fmt: skip
    """Put one thing on a post's worklist; if it is already open there, that one is returned.

    ``actor`` None: the platform itself (handlers, clocks). ``escalate_to_role``: the role told when it is late.
    """
    new = NewItem(
        kind, title, owner, subject_type, subject_id, link, due_on, area_code, child_id, summary, priority,
        escalate_to_role,
    )  # fmt: skip
    made = open_items(items=[new], actor=actor)[0]
    same = WorkItem.objects.filter(
        OPEN, subject_type=subject_type, subject_id=subject_id, kind=kind, owner_post=owner
    )
    return same.first() or made


@transaction.atomic
def open_items(*, items: Iterable[NewItem], actor: Acting | None) -> list[WorkItem]:
    """Many at once, in one statement; those already open are left as they are. Returned objects have no pk."""
    now, by = clock.now(), actor.post if actor else None
    made = [
        WorkItem(
            kind=one.kind, title=one.title[:120], summary=one.summary[:200], owner_post=one.owner, opened_by_post=by,
            subject_type=one.subject_type, subject_id=one.subject_id, link=one.link, child_id=one.child_id,
            area_code=one.area_code, priority=one.priority, due_on=one.due_on, opened_at=now,
            escalate_to=one.escalate_to_role,
        )
        for one in items
    ]  # fmt: skip
    WorkItem.objects.bulk_create(made, ignore_conflicts=True, batch_size=1000)
    return made


def close_items(
    *, subject_type: str, subject_id: int, kind: str | None = None, actor: Acting | None, outcome: str
) -> int:
    """Take what is done off every worklist it stands on; how many were closed."""
    found = WorkItem.objects.filter(OPEN, subject_type=subject_type, subject_id=subject_id)
    if kind is not None:
        found = found.filter(kind=kind)
    return found.update(closed_at=clock.now(), outcome=outcome[:200])


@transaction.atomic
def reassign(item: WorkItem | str, *, to: Post, actor: Acting, reason: str) -> WorkItem:
    """Hand an open item to another post of the range; who, from whom and why stays in the history."""
    actor.check("work.supervise")
    if not reason.strip():
        raise NotNow("改派需要写明理由。")
    if not to.active or not actor.scope.covers(to.area_code) or not rights.has(to.role, "work.do"):
        raise NotNow(f"“{to.title}”不在您的辖区内，或该岗位不办理待办，请另选岗位。")
    key = {"public_id": item} if isinstance(item, str) else {"pk": item.pk}
    held = WorkItem.objects.select_for_update().get(**key)
    if held.closed_at is not None:
        raise NotNow("该事项已经办结，不能改派。请刷新后再看。")
    if held.owner_post_id == to.pk:
        raise NotNow(f"该事项已经由“{to.title}”办理，无需改派。")
    before = held.owner_post_id
    held.owner_post = to
    with because(reason):
        held.save(update_fields=["owner_post"])
    StatusChange.objects.create(
        machine="worklist", subject_type=SUBJECT, subject_id=held.pk, child_id=held.child_id,
        area_code=held.area_code, event="reassign", from_state="open", to_state="open", right="work.supervise",
        at=clock.now(), actor=actor.user, actor_label=actor.label, post=actor.post, reason=reason[:500],
        data={"from_post": before, "to_post": to.pk},
    )  # fmt: skip
    return held


def hand_over(item: WorkItem, *, to: Post, area_code: str, reason: str) -> bool:
    """The platform passes an open item on because its subject has another place now; True when it changed hands.

    Under a system scope. Kinds that stay where they arose (``kinds.register(…, stays=True)``) are left alone; where the new
    owner has the same thing open already, the old one is closed as handed over, so that nobody has it twice.
    """
    if kinds.stays(item.kind) or (item.owner_post_id == to.pk and item.area_code == area_code):
        return False
    before = item.owner_post_id
    same = WorkItem.objects.filter(
        OPEN, subject_type=item.subject_type, subject_id=item.subject_id, kind=item.kind, owner_post=to
    )
    with because(reason):
        if before != to.pk and same.exists():
            WorkItem.objects.filter(pk=item.pk).update(
                closed_at=clock.now(), outcome="已并入新责任岗位的待办"
            )
        else:
            WorkItem.objects.filter(pk=item.pk).update(owner_post=to, area_code=area_code)
    if before == to.pk:
        return False
    StatusChange.objects.create(
        machine="worklist", subject_type=SUBJECT, subject_id=item.pk, child_id=item.child_id, area_code=area_code,
        event="hand_over", from_state="open", to_state="open", right="", at=clock.now(), actor_label="系统",
        reason=reason[:500], data={"from_post": before, "to_post": to.pk},
    )  # fmt: skip
    return True
