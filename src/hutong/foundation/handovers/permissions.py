"""Who may give a post away, take it over, decide about it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied

from hutong.foundation.access.acting import Acting
from hutong.foundation.accounts import rights
from hutong.foundation.accounts.models import User
from hutong.foundation.handovers import machines as machine
from hutong.foundation.handovers.models import HandOver
from hutong.foundation.network import selectors as network
from hutong.foundation.network.models import Holding, Post
from hutong.foundation.workflow import machines
from hutong.foundation.workflow.errors import NotNow
from hutong.kernel import areas


def supervises(actor: Acting, post: Post) -> bool:
    return actor.may("work.supervise") and actor.scope.covers(post.area_code) and actor.post.pk != post.pk


def check_can_propose(actor: Acting, holding: Holding) -> None:
    """One's own holding; of somebody who fell ill, the supervisor does it."""
    actor.check("work.do")
    if holding.user_id != actor.user.pk and not supervises(actor, holding.post):
        raise PermissionDenied("只能为本人的岗位、或由督导岗位为辖区内的岗位办理交接代班。")


def check_fits(post: Post, user: User, *, giver: int, on: date) -> None:
    """Whether ``user`` may stand in at all: works somewhere, is not the giver, and keeps apart what must be apart."""
    if user.pk == giver:
        raise NotNow("不能由本人代自己的班。请选择另一位工作人员。")
    held = [one.post for one in network.list_current_holdings(user, on)]
    if not user.is_active or not held:
        raise NotNow(f"{user.name}目前不在岗，不能接手。请选择另一位工作人员。")
    roles = {one.role for one in held}
    for first, second, sentence in rights.APART:
        if first != "account.manage":
            continue
        if _either_way(post.role, roles, first, second):
            raise NotNow(f"{sentence}，{user.name}不能接手这个岗位。请选择另一位工作人员。")


def _either_way(role: str, others: set[str], first: str, second: str) -> bool:
    """Whether one person in ``role`` and any of ``others`` would hold both rights."""
    return any(
        rights.has(one, first) and rights.has(two, second)
        for other in others
        for one, two in ((role, other), (other, role))
    )


@machines.guard("handovers.named")
def named(subject: HandOver, actor: Acting | None, data: dict[str, Any]) -> None:
    if actor is None or actor.user.pk != subject.to_user_id:
        raise NotNow("只有被提名的接手人本人可以确认。")


@machines.guard("handovers.assigned")
def assigned(subject: HandOver, actor: Acting | None, data: dict[str, Any]) -> None:
    if actor is None or not supervises(actor, subject.post):
        raise NotNow("只有该岗位的上级督导岗位可以指定代班人。")
    if actor.user.pk == subject.from_user_id:
        raise NotNow("不能为自己的岗位指定代班人。请由上级办理。")


@machines.guard("handovers.own")
def own(subject: HandOver, actor: Acting | None, data: dict[str, Any]) -> None:
    if actor is None or not (
        actor.user.pk in (subject.from_user_id, subject.proposed_by_id) or supervises(actor, subject.post)
    ):
        raise NotNow("只有提出人、交出人本人或上级督导岗位可以撤回。")


@machines.guard("handovers.back")
def back(subject: HandOver, actor: Acting | None, data: dict[str, Any]) -> None:
    """Whoever is away may hold no other post, so those who stand in or supervise say that she is back."""
    if actor is None:
        return
    if actor.user.pk not in (subject.from_user_id, subject.to_user_id) and not supervises(
        actor, subject.post
    ):
        raise NotNow("只有本人、代班人或上级督导岗位可以登记返岗。")
    if subject.leaving:
        raise NotNow("这是离任交接，没有返岗。需要重新任职的，请在“机构和岗位”中登记。")


def allowed(actor: Acting, subject: HandOver, event: str) -> bool:
    """Whether to offer the step as a button."""
    guard = {"accept": named, "decline": named, "assign": assigned, "withdraw": own, "back": back}[event]
    step = machine.HAND_OVER
    if not any(one.event == event and actor.may(one.right) for one in step.events_from(subject.state)):
        return False
    try:
        guard(subject, actor, {})
    except NotNow:
        return False
    return True


def base_of(post: Post) -> str:
    """Where whoever gives a post away may look for a deputy: the township for a village, else the own county or city."""
    here = areas.level(post.area_code)
    above = areas.parent(post.area_code)
    return above if above and here in ("village", "township") else post.area_code
