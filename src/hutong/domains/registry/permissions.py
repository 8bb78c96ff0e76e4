"""Who may do what to a file's proposals and pairs: ``check_can_x`` raises the sentence the user sees, ``can_x`` answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final

from django.core.exceptions import PermissionDenied

from hutong.domains.registry.machines import correcting
from hutong.domains.registry.models import Proposal, ProposalLine
from hutong.foundation.access.acting import Acting
from hutong.foundation.workflow import services as workflow
from hutong.foundation.workflow.errors import NotNow
from hutong.kernel import areas

PROPOSAL: Final = "registry.proposal"
_COUNTY_UP: Final = frozenset({"county", "city", "province", "country"})


def check_can_revise(actor: Acting, proposal: Proposal) -> None:
    """Whoever holds the post that proposed, while it is not before the decider."""
    actor.check("child.propose")
    if proposal.state not in ("DRAFT", "SENT_BACK"):
        raise NotNow(f"这份更正申请现在是“{proposal.get_state_display()}”，不能再修改。请刷新后再看。")
    _check_own(actor, proposal)


def check_can_withdraw(actor: Acting, proposal: Proposal) -> None:
    actor.check("child.propose")
    if proposal.state not in ("DRAFT", "SENT_BACK", "SUBMITTED"):
        raise NotNow(f"这份更正申请现在是“{proposal.get_state_display()}”，不能撤回。请刷新后再看。")
    _check_own(actor, proposal)


def _check_own(actor: Acting, proposal: Proposal) -> None:
    if proposal.proposed_post_id != actor.post.pk:
        raise PermissionDenied(f"这份申请由“{proposal.proposed_post.title}”提出，请由该岗位修改或撤回。")


def check_can_decide(actor: Acting, proposal: Proposal, lines: Iterable[ProposalLine]) -> None:
    """The second person: never who proposed, of the level the fields ask for, answering for old and new place."""
    actor.check("child.correct")
    if proposal.state != "SUBMITTED":
        raise NotNow(
            f"这份更正申请现在是“{proposal.get_state_display()}”，可能已有人先行办理。请刷新后再看。"
        )
    rows = list(lines)
    for line in rows:
        if (
            correcting.rule(line.field).approve == "county"
            and areas.level(actor.post.area_code) not in _COUNTY_UP
        ):
            raise PermissionDenied(f"“{correcting.LABELS[line.field]}”的更正由县级民政审批。")
    for line in (line for line in rows if line.field in correcting.AREAS):
        here = getattr(proposal.child, line.field)
        if not (actor.scope.covers(here) and actor.scope.covers(line.new)):
            raise PermissionDenied("更正前后的地点不都在您的辖区内，请由覆盖两地的上一级审批。")
    if actor.user.pk == proposal.proposed_by_id:
        raise PermissionDenied("更正申请人不能审批自己的申请，请由另一位工作人员办理。")
    workflow.check_apart(PROPOSAL, proposal.pk, "child.correct", actor)


def allowed(check: Callable[..., None], *args: Any) -> bool:
    """Whether ``check`` lets it pass."""
    try:
        check(*args)
    except PermissionDenied:
        return False
    return True
