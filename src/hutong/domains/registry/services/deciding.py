"""Deciding on a proposal: agree, send back, refuse. Never by whoever proposed (rights.APART)."""

from __future__ import annotations

import json
from typing import Any

from django.db import transaction

from hutong.domains.registry import permissions
from hutong.domains.registry.machines import correcting
from hutong.domains.registry.models import Child, Proposal, ProposalLine
from hutong.domains.registry.services import care, editing, proposals
from hutong.domains.registry.services.errors import Refused, Stale
from hutong.domains.registry.services.proposals import DECIDE, GUARDIAN, REVISE
from hutong.domains.registry.services.wordcheck import written
from hutong.foundation.access import vault
from hutong.foundation.access.acting import Acting
from hutong.foundation.access.scope import because
from hutong.foundation.workflow import machines
from hutong.foundation.workflow import services as workflow
from hutong.kernel import clock


def stale(child: Child, lines: list[ProposalLine]) -> list[ProposalLine]:
    """The lines whose field has changed in the file since the proposal was handed in."""
    return [line for line in lines if proposals.current(child, line.field) != line.old]


def seen_token(child: Child, lines: list[ProposalLine]) -> str:
    """What the decider looked at, as a keyed token: the same only while neither file nor proposal changes."""
    shown = [(line.field, proposals.current(child, line.field), line.new) for line in lines]
    return vault.token(json.dumps(shown, default=str, ensure_ascii=False), "proposal-seen")


@transaction.atomic
def approve(
    proposal: Proposal, *, actor: Acting, reason: str = "", seen: str = "", again: bool = False
) -> Proposal:
    """The file takes the proposed values, all or none.

    ``seen``: the ``seen_token`` of the page decided on; ``Stale`` when file or proposal are others by now, and, where a
    field changed since the proposal was handed in, until the decider decides ``again`` on what is shown. Raises Refused (papers missing, values impossible now), NotNow, PermissionDenied.
    """
    child = Child.objects.select_for_update().get(pk=proposal.child_id)
    proposal = Proposal.objects.select_related("child", "proposed_post").get(pk=proposal.pk)
    lines = _lines(proposal)
    permissions.check_can_decide(actor, proposal, lines)
    changes = {line.field: line.new for line in lines}
    if missing := proposals.missing_papers(proposal, changes):
        raise Refused(f"还缺{'、'.join(missing)}，不能同意；请退回补正。")
    current = seen_token(child, lines)
    if (seen and seen != current) or (stale(child, lines) and not (again and seen == current)):
        raise Stale()
    words = written(reason, "审批意见", least=0)
    _apply(proposal, "approve", actor, words or "同意更正")
    proposals.check_possible(child, changes, actor)
    why = f"更正申请 {proposal.public_id}：{proposal.reason}"
    guardian = changes.pop(GUARDIAN, None)
    if changes:
        editing.write(child, actor=actor, changes=changes, reason=why)
    if guardian is not None:
        with because(why):
            care.put_regime(child, actor=actor, **guardian)
    return proposal


@transaction.atomic
def refuse(proposal: Proposal, *, actor: Acting, reason: str) -> Proposal:
    """Not corrected, with the reason; the proposer is told."""
    permissions.check_can_decide(actor, proposal, _lines(proposal))
    _apply(proposal, "refuse", actor, written(reason, "不予更正的理由", least=4))
    return proposal


@transaction.atomic
def send_back(proposal: Proposal, *, actor: Acting, reason: str) -> Proposal:
    """Back to the proposer's worklist with what is to be mended; the fields stay reserved."""
    lines = _lines(proposal)
    permissions.check_can_decide(actor, proposal, lines)
    words = written(reason, "需要补正什么", least=4)
    workflow.apply(proposal, "send_back", actor=actor, reason=words, fields=_decided(actor, words))
    proposals.close_items(proposal, DECIDE, actor, "退回补正")
    title = f"补正更正申请：{proposal.child.name}"
    proposals.open_item(
        proposal, REVISE, title, proposal.proposed_post, "correction_revise_days", actor, words
    )
    return proposal


def _lines(proposal: Proposal) -> list[ProposalLine]:
    order = list(correcting.LABELS)
    return sorted(proposal.lines.select_related("proposal"), key=lambda line: order.index(line.field))


def _decided(actor: Acting, words: str) -> dict[str, Any]:
    return {"decided_label": actor.label, "decided_at": clock.now(), "decision": words}


def _apply(proposal: Proposal, event: str, actor: Acting, words: str) -> None:
    workflow.apply(proposal, event, actor=actor, reason=words, fields=_decided(actor, words))
    proposals.settle(proposal)
    proposals.close_items(proposal, None, actor, proposal.get_state_display())


@machines.notice("registry.corrected")
def _tell_proposer(proposal: Proposal, actor: Acting | None, data: dict[str, Any]) -> machines.NoticeText:
    """What became of it, to the post that proposed; no name and no value."""
    word = {"APPROVED": "已同意", "REFUSED": "未获同意"}[proposal.state]
    return machines.NoticeText(
        proposal.proposed_post, f"更正申请{word}", proposals.link(proposal), proposal.decision
    )
