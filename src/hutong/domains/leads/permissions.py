"""Who may do what to a lead now: ``check_can_x`` raises the sentence the user sees, ``can_x`` answers."""

from __future__ import annotations

from typing import Any, Final

from django.core.exceptions import PermissionDenied

from hutong.domains.leads.machines import lead as machine
from hutong.domains.leads.models import Correction, Lead
from hutong.domains.workforce import services as workforce
from hutong.foundation.access.acting import Acting
from hutong.foundation.workflow import machines
from hutong.foundation.workflow import services as workflow
from hutong.foundation.workflow.errors import NotNow
from hutong.foundation.workflow.models import OPEN, WorkItem

SUBJECT: Final = "leads.lead"
VERIFY: Final = "lead.verify"


def check_can_verify(actor: Acting, lead: Lead) -> None:
    """The post the lead was given to verifies it; anybody else has it reassigned first."""
    actor.check("lead.verdict")
    if lead.state not in machine.TO_VERIFY:
        raise NotNow(f"这条线索现在是“{lead.get_state_display()}”，不再需要核实。")
    holders = _holders(lead)
    if not holders:
        raise NotNow("这条线索可能已有人先行办理，本次核实没有生效。请刷新后再看。")
    if actor.post.pk not in holders:
        raise PermissionDenied(f"这条线索由“{lead.owner_post.title}”核实；如需由您核实，请先改派。")
    workflow.check_apart(SUBJECT, lead.pk, "lead.verdict", actor)


def check_may_sign(actor: Acting) -> None:
    """Whoever is not examined and checked may look and draft, but signs nothing (WP-20)."""
    workforce.check_may_sign(actor)


def _holders(lead: Lead) -> set[int]:
    """Posts on whose worklist the verification stands; it may have been handed on from the worklist, too."""
    waiting = WorkItem.objects.filter(OPEN, subject_type=SUBJECT, subject_id=lead.pk, kind=VERIFY)
    return set(waiting.values_list("owner_post_id", flat=True))


def check_can_decide(actor: Acting, lead: Lead) -> None:
    actor.check("lead.decide")
    if lead.state not in machine.TO_DECIDE:
        raise NotNow(f"这条线索现在是“{lead.get_state_display()}”，不能处理。")
    workflow.check_apart(SUBJECT, lead.pk, "lead.decide", actor)


def check_can_review(actor: Acting, lead: Lead) -> None:
    actor.check("lead.review")
    if lead.state not in machine.VERIFIED:
        raise NotNow(f"这条线索现在是“{lead.get_state_display()}”，没有需要复核的核实结果。")
    workflow.check_apart(SUBJECT, lead.pk, "lead.review", actor)


def check_can_reassign(actor: Acting, lead: Lead) -> None:
    actor.check("lead.reassign")
    if lead.state not in machine.TO_VERIFY:
        raise NotNow(f"这条线索现在是“{lead.get_state_display()}”，不能改派。")
    if not actor.scope.covers(lead.area_code):
        raise PermissionDenied("这条线索的责任村（居）不在您的辖区内，不能改派。")


def check_can_correct(actor: Acting, correction: Correction) -> None:
    actor.check("lead.decide")
    if not actor.scope.covers(correction.area_code):
        raise PermissionDenied("这条纠正事项不在您的辖区内。")


def _can(check: Any, actor: Acting, subject: Any) -> bool:
    try:
        check(actor, subject)
    except PermissionDenied:
        return False
    return True


def can_verify(actor: Acting, lead: Lead) -> bool:
    return _can(check_can_verify, actor, lead)


def can_decide(actor: Acting, lead: Lead) -> bool:
    return _can(check_can_decide, actor, lead)


def can_review(actor: Acting, lead: Lead) -> bool:
    return _can(check_can_review, actor, lead)


def can_reassign(actor: Acting, lead: Lead) -> bool:
    return _can(check_can_reassign, actor, lead)


@machines.guard("lead.verdict")
def _verdict(subject: Any, actor: Acting | None, data: dict[str, Any]) -> None:
    """A verdict needs words, the day of the check, and — where it cannot be told yet — the next day to look."""
    if not str(data.get("words", "")).strip():
        raise NotNow("请写明核实到的情况，再提交。")
    if not data.get("checked_on"):
        raise NotNow("请填写核实日期，再提交。")


@machines.guard("lead.ending")
def _ending(subject: Any, actor: Acting | None, data: dict[str, Any]) -> None:
    if not str(data.get("end_code", "")).strip():
        raise NotNow("每条线索办结都要有原因，请选择原因后再提交。")


@machines.guard("lead.words")
def _words(subject: Any, actor: Acting | None, data: dict[str, Any]) -> None:
    if not str(data.get("words", "")).strip():
        raise NotNow("请写明理由，再提交。")
