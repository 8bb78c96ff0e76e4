"""Who may do what to a file's proposals, pairs and moves: ``check_can_x`` raises the sentence the user sees, ``can_x`` answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final

from django.core.exceptions import PermissionDenied

from hutong.domains.registry.machines import correcting, file_pair
from hutong.domains.registry.machines import move as machine
from hutong.domains.registry.models import Child, Exit, Merge, Move, Pair, Proposal, ProposalLine
from hutong.foundation.access.acting import Acting
from hutong.foundation.accounts import rights
from hutong.foundation.workflow import machines
from hutong.foundation.workflow import services as workflow
from hutong.foundation.workflow.errors import NotNow
from hutong.kernel import areas

PROPOSAL: Final = "registry.proposal"
_LEVELS: Final = ("country", "province", "city", "county", "township", "village")
PAIR: Final = "registry.pair"
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


def check_can_judge(actor: Acting, pair: Pair) -> None:
    actor.check("child.pair")
    if pair.state not in file_pair.TO_JUDGE:
        raise NotNow(f"这一对现在是“{pair.get_state_display()}”，可能已有人先行判断。请刷新后再看。")
    workflow.check_apart(PAIR, pair.pk, "child.pair", actor)


def check_can_confirm(actor: Acting, pair: Pair) -> None:
    """The second person: sees both (row security), never who asked for it."""
    actor.check("child.merge")
    if pair.state != "ASKED":
        raise NotNow(f"这一对现在是“{pair.get_state_display()}”，可能已有人先行办理。请刷新后再看。")
    workflow.check_apart(PAIR, pair.pk, "child.merge", actor)


def check_can_withdraw_merge(actor: Acting, pair: Pair, merge: Merge) -> None:
    actor.check("child.pair")
    if pair.state != "ASKED":
        raise NotNow(f"这一对现在是“{pair.get_state_display()}”，不能撤回。请刷新后再看。")
    if merge.asked_post_id != actor.post.pk:
        raise PermissionDenied(f"合并由“{merge.asked_post.title}”申请，请由该岗位撤回。")


def refusal(check: Callable[..., None], *args: Any) -> str:
    """The sentence with which ``check`` refuses, '' where it lets it pass."""
    try:
        check(*args)
    except PermissionDenied as denied:
        return str(denied)
    return ""


def allowed(check: Callable[..., None], *args: Any) -> bool:
    """Whether ``check`` lets it pass."""
    return not refusal(check, *args)


def needed_level(from_area: str, to_area: str, *, outside: bool) -> str:
    """The level of the sending side that must agree: '' where both places lie in one township."""
    if outside or not to_area or areas.county(from_area) != areas.county(to_area):
        return "county"
    return "" if areas.pad(from_area)[:9] == areas.pad(to_area)[:9] else "township"


def may_send_directly(actor: Acting, move: Move) -> bool:
    """Whether nobody else of the sending side need agree: both places under one supervisor, or the actor is the one.

    Out of the system nobody receives, so two persons of the county always look.
    """
    if move.outside:
        return False
    needed = needed_level(move.from_area, move.to_area, outside=False)
    return not needed or _LEVELS.index(rights.ROLES[actor.role].level) <= _LEVELS.index(needed)


def check_can_propose(actor: Acting, child: Child, from_area: str) -> None:
    actor.check("move.propose")
    if child.state != "ACTIVE":
        raise NotNow(f"档案现在是“{child.get_state_display()}”，只有在管的档案可以办理转移。")
    if not actor.scope.covers(from_area):
        raise PermissionDenied("转出地不在您的辖区内。请由转出地的工作人员提出转移。")


def check_sender(actor: Acting, move: Move) -> None:
    if not actor.scope.covers(move.from_area):
        raise PermissionDenied("这一步由转出方办理，转出地不在您的辖区内。")


def check_approver(actor: Acting, move: Move) -> None:
    """The sending side's approver: of the level needed or above it."""
    check_sender(actor, move)
    needed = needed_level(move.from_area, move.to_area, outside=move.outside) or "township"
    if _LEVELS.index(rights.ROLES[actor.role].level) > _LEVELS.index(needed):
        who = "县级民政" if needed == "county" else "乡镇儿童督导员"
        raise PermissionDenied(f"这次转移由转出方{who}审核。")


def check_receiver(actor: Acting, move: Move) -> None:
    """The post it was offered to; once it is late, also the county above."""
    if actor.post.pk not in {move.to_post_id, move.to_above_id}:
        raise PermissionDenied("这一步由接收方的责任岗位办理。")


@machines.guard("move.direct")
def _direct(subject: Any, actor: Acting | None, data: dict[str, Any]) -> None:
    assert actor is not None
    check_sender(actor, subject)
    if not may_send_directly(actor, subject):
        raise NotNow("这次转移须经转出方审核，请提交审核。")


@machines.guard("move.sender")
def _sender(subject: Any, actor: Acting | None, data: dict[str, Any]) -> None:
    assert actor is not None
    check_sender(actor, subject)


@machines.guard("move.approver")
def _approver(subject: Any, actor: Acting | None, data: dict[str, Any]) -> None:
    assert actor is not None
    check_approver(actor, subject)


@machines.guard("move.inside")
def _inside(subject: Any, actor: Acting | None, data: dict[str, Any]) -> None:
    _approver(subject, actor, data)
    if subject.outside:
        raise NotNow("转入地没有使用本系统，请填写函件信息后“同意转出并发函”。")


@machines.guard("move.outside")
def _outside(subject: Any, actor: Acting | None, data: dict[str, Any]) -> None:
    _approver(subject, actor, data)
    if not subject.outside:
        raise NotNow("转入地使用本系统，不需要发函，请直接“同意转出”。")


@machines.guard("move.receiver")
def _receiver(subject: Any, actor: Acting | None, data: dict[str, Any]) -> None:
    assert actor is not None
    check_receiver(actor, subject)


@machines.guard("move.platform")
def _platform(subject: Any, actor: Acting | None, data: dict[str, Any]) -> None:
    if actor is not None:
        raise PermissionDenied("逾期退回由系统办理。")


@machines.guard("move.out")
def _out(subject: Any, actor: Acting | None, data: dict[str, Any]) -> None:
    """A file leaves the system only by the receipt of a move."""
    receipt = Move.objects.filter(child_id=subject.pk, pk=data.get("move", 0), state=machine.OUT, what="both")
    if not receipt.exists():
        raise NotNow("转出到外地须先办理转移，收到对方回执后由系统变更。")


@machines.guard("exit.approved")
def _exit(subject: Any, actor: Acting | None, data: dict[str, Any]) -> None:
    """A file closes only by an approved request."""
    if not Exit.objects.filter(child_id=subject.pk, pk=data.get("exit", 0), state="APPROVED").exists():
        raise NotNow("退出须先提请、再由另一人审核。请先提请退出。")
