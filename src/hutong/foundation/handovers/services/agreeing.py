"""The other side: taken over, declined, decided from above, withdrawn."""

from __future__ import annotations

from django.db import transaction

from hutong.foundation.access.acting import Acting
from hutong.foundation.access.scope import system_scope, use_scope
from hutong.foundation.accounts.models import User
from hutong.foundation.handovers import permissions
from hutong.foundation.handovers.models import HandOver
from hutong.foundation.handovers.services import asking, carrying_out
from hutong.foundation.workflow import services as workflow
from hutong.foundation.workflow.errors import NotNow
from hutong.kernel import clock


@transaction.atomic
def accept(found: HandOver, *, actor: Acting, reason: str = "") -> HandOver:
    """The one named takes over, from the agreed day on. The post comes with everything open in it."""
    permissions.named(found, actor, {})
    permissions.check_fits(found.post, actor.user, giver=found.from_user_id, on=clock.today())
    workflow.apply(found, "accept", actor=actor, reason=reason, fields={"accepted_label": actor.label})
    return _settle(found)


@transaction.atomic
def decline(found: HandOver, *, actor: Acting, reason: str) -> HandOver:
    if not reason.strip():
        raise NotNow("请写明不能接手的原因，便于另行安排。")
    workflow.apply(found, "decline", actor=actor, reason=reason)
    return _settle(found)


@transaction.atomic
def assign(found: HandOver, *, actor: Acting, to: User, reason: str, successor: bool = False) -> HandOver:
    """Those above decide who takes over; it needs no second yes. ``successor``: appointed for good, which only those who
    keep the network may do; else a deputy holds the post until somebody is appointed."""
    if successor:
        actor.check("network.manage")
        if not found.leaving:
            raise NotNow("请假期间只能指定代班人，不能指定正式接任人。")
    permissions.check_fits(found.post, to, giver=found.from_user_id, on=clock.today())
    fields = {"to_user": to, "accepted_label": actor.label, "successor": successor}
    workflow.apply(found, "assign", actor=actor, reason=reason, data={"to": to.pk}, fields=fields)
    return _settle(found)


@transaction.atomic
def withdraw(found: HandOver, *, actor: Acting, reason: str) -> HandOver:
    if not reason.strip():
        raise NotNow("请写明撤回的原因。")
    workflow.apply(found, "withdraw", actor=actor, reason=reason)
    with use_scope(system_scope("交接代班")):
        asking.done(found, "已撤回")
    return found


def _settle(found: HandOver) -> HandOver:
    asking.next_step(found)
    carrying_out.if_due(found)
    return found
