"""Another post verifies; and leads whose ground was withdrawn."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from hutong.domains.leads import permissions
from hutong.domains.leads.machines import lead as machine
from hutong.domains.leads.models import KINDS, Lead
from hutong.domains.leads.services import receiving
from hutong.foundation.access.acting import Acting
from hutong.foundation.access.scope import because
from hutong.foundation.accounts import rights
from hutong.foundation.network.models import Post
from hutong.foundation.workflow import services as workflow
from hutong.foundation.workflow.errors import NotNow
from hutong.foundation.workflow.models import OPEN, StatusChange, WorkItem
from hutong.kernel import clock


@transaction.atomic
def reassign(*, lead: Lead, to: Post, reason: str, actor: Acting) -> Lead:
    """Give the verification to another post of the actor's range; the worklist item goes with it, the due day stays."""
    permissions.check_can_reassign(actor, lead)
    reason = reason.strip()
    if not reason:
        raise NotNow("改派需要写明理由。")
    if not to.active or not actor.scope.covers(to.area_code) or not rights.has(to.role, "lead.verdict"):
        raise NotNow(f"“{to.title}”不在您的辖区内，或该岗位不核实线索，请另选岗位。")
    if lead.owner_post_id == to.pk:
        raise NotNow(f"这条线索已经由“{to.title}”核实，无需改派。")
    before = lead.owner_post
    with because(reason):
        changed = Lead.objects.filter(pk=lead.pk, owner_post=before, state__in=machine.TO_VERIFY)
        if changed.update(owner_post=to) != 1:
            raise NotNow("这条线索刚刚已被改派或核实，本次改派没有生效。请刷新后再看。")
    lead.owner_post = to
    for item in WorkItem.objects.filter(OPEN, subject_type=receiving.SUBJECT, subject_id=lead.pk):
        workflow.reassign(item, to=to, actor=actor, reason=reason)
    StatusChange.objects.create(
        machine=machine.MACHINE.name, subject_type=receiving.SUBJECT, subject_id=lead.pk, child_id=lead.child_id,
        area_code=lead.area_code, event="reassign", from_state=lead.state, to_state=lead.state,
        right="lead.reassign", at=clock.now(), actor=actor.user, actor_label=actor.label, post=actor.post,
        reason=reason[:500], data={"from": before.title, "to": to.title},
    )  # fmt: skip
    workflow.announce(
        event="workflow.notice",
        payload={
            "post_id": to.pk,
            "title": f"改派给您的线索：{KINDS[lead.kind]}",
            "link": receiving.verify_item(lead).link,
            "body": reason,
            "child_id": lead.child_id,
        },
        key=f"lead:{lead.pk}:to:{to.pk}:{clock.now().isoformat()}",
    )
    return lead


@transaction.atomic
def supersede(*, leads: Iterable[Lead], reason: str, actor: Acting) -> int:
    """Leads whose list was withdrawn are no leads any more; how many were taken back. Those already ended stay."""
    if not reason.strip():
        raise NotNow("撤回线索需要写明理由。")
    count = 0
    for lead in leads:
        if not lead.live:
            continue
        said = {"end_code": "WITHDRAWN", "words": reason.strip()}
        fields = {
            "end_code": "WITHDRAWN", "end_words": reason.strip()[:500], "ended_by": actor.user,
            "ended_on": clock.today(),
        }  # fmt: skip
        workflow.apply(lead, "supersede", actor=actor, reason=reason.strip(), data=said, fields=fields)
        workflow.close_items(
            subject_type=receiving.SUBJECT, subject_id=lead.pk, actor=actor, outcome="清单撤回"
        )
        count += 1
    return count


def supersede_batch(
    *, list_code: str, batch: str, reason: str, actor: Acting, lines: frozenset[int] | None = None
) -> int:
    """Take back live leads that rest on a withdrawn batch (or these lines of it) and on no other department's row."""
    found = []
    live = Lead.objects.filter(state__in=machine.LIVE).select_related("child", "owner_post")
    for lead in live.filter(area_code__gte=actor.scope.lo, area_code__lt=actor.scope.hi).iterator():
        departments = [row for row in lead.evidence if row.get("batch") and row.get("list") != "sealed"]
        gone = [
            row for row in departments
            if row.get("list") == list_code and row["batch"] == batch and (lines is None or row.get("line") in lines)
        ]  # fmt: skip
        if gone and len(gone) == len(departments):
            found.append(lead)
    return supersede(leads=found, reason=reason, actor=actor)
