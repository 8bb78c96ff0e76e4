"""The steps of a file: submit, approve, send back, reopen, archive (machines/child_file.py); leaving is in ``exits``."""

from __future__ import annotations

from django.db import transaction
from django.urls import reverse

from hutong.domains.registry.machines.child_file import CHILD_FILE
from hutong.domains.registry.models import Child
from hutong.domains.registry.services.errors import Refused
from hutong.foundation.access.acting import Acting
from hutong.foundation.network import selectors as network
from hutong.foundation.network.models import Post
from hutong.foundation.workflow import deadlines
from hutong.foundation.workflow import services as workflow
from hutong.kernel import areas, clock

SUBJECT = "registry.child"
APPROVE = "registry.approve"
REVISE = "registry.revise"


@transaction.atomic
def register(child: Child, *, actor: Acting) -> Child:
    """Hand the file in; the supervisor of the place finds it on the worklist."""
    workflow.apply(child, "register", actor=actor)
    workflow.close_items(
        subject_type=SUBJECT, subject_id=child.pk, kind=REVISE, actor=actor, outcome="已重新提交"
    )
    owner = _approver(child, actor)
    if owner is not None:
        _open(child, APPROVE, f"审核建档：{child.name}", owner, "REGISTERED", actor)
    return child


@transaction.atomic
def approve(child: Child, *, actor: Acting, reason: str = "") -> Child:
    """The file becomes ACTIVE. Never by the person who made it (rights.APART)."""
    workflow.apply(child, "approve", actor=actor, reason=reason)
    workflow.close_items(
        subject_type=SUBJECT, subject_id=child.pk, kind=APPROVE, actor=actor, outcome="审核通过"
    )
    return child


@transaction.atomic
def send_back(child: Child, *, actor: Acting, reason: str) -> Child:
    """Back to DRAFT with what is to be mended; the village director finds it on the worklist."""
    if not reason.strip():
        raise Refused("退回时请写明需要补正什么。", "reason")
    workflow.apply(child, "send_back", actor=actor, reason=reason)
    workflow.close_items(
        subject_type=SUBJECT, subject_id=child.pk, kind=APPROVE, actor=actor, outcome="退回修改"
    )
    owner = network.find_responsible_post(child.residence_area)
    if owner is not None:
        _open(child, REVISE, f"补正档案：{child.name}", owner, "REGISTERED", actor, summary=reason)
    return child


def void(child: Child, *, actor: Acting, reason: str) -> Child:
    """A draft made by mistake is closed, never deleted."""
    if not reason.strip():
        raise Refused("作废草稿请写明原因。", "reason")
    workflow.close_items(subject_type=SUBJECT, subject_id=child.pk, actor=actor, outcome="草稿作废")
    return workflow.apply(child, "void", actor=actor, reason=reason)


def reopen(child: Child, *, actor: Acting, reason: str) -> Child:
    if not reason.strip():
        raise Refused("恢复在管请写明原因。", "reason")
    return workflow.apply(child, "reopen", actor=actor, reason=reason, fields={"close_reason": ""})


def archive(child: Child, *, actor: Acting, reason: str = "") -> Child:
    return workflow.apply(child, "archive", actor=actor, reason=reason)


def _approver(child: Child, actor: Acting) -> Post | None:
    owner = network.find_supervisor(child.residence_area)
    if owner is not None and owner.pk != actor.post.pk:
        return owner
    # a supervisor who made the file cannot approve it: it goes one level up
    return network.find_post("COUNTY_CA", areas.county(child.residence_area))


def _open(
    child: Child, kind: str, title: str, owner: Post, clock_of: str, actor: Acting, summary: str = ""
) -> None:
    days = deadlines.amount(CHILD_FILE.clocks[clock_of], child.residence_area, clock.today())
    workflow.open_item(
        kind=kind,
        title=title,
        owner=owner,
        subject_type=SUBJECT,
        subject_id=child.pk,
        link=reverse("registry:child", args=[child.public_id]),
        due_on=workflow.working_due(clock.today(), days),
        area_code=child.residence_area,
        child_id=child.pk,
        summary=summary[:200],
        actor=actor,
    )
