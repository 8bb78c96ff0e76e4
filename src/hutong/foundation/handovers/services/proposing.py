"""Giving a post into somebody's hands: proposed with dates, for all the posts a person is absent from."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from hutong.foundation.access.acting import Acting
from hutong.foundation.access.scope import system_scope, use_scope
from hutong.foundation.accounts.models import User
from hutong.foundation.handovers import machines as machine
from hutong.foundation.handovers import permissions
from hutong.foundation.handovers.models import HandOver
from hutong.foundation.handovers.services import asking, carrying_out
from hutong.foundation.network import duty
from hutong.foundation.network.models import Holding
from hutong.foundation.workflow import services as workflow
from hutong.foundation.workflow.errors import NotNow
from hutong.kernel import clock


@transaction.atomic
def propose(
    holding: Holding,
    *,
    actor: Acting,
    since: date,
    until: date | None,
    to: User | None,
    reason: str,
    note: str = "",
) -> HandOver:
    """Leave (``until``: the day she is back) or leaving for good (None). ``to`` None: those above are to name somebody.

    Who is on leave is away from all her posts: the others are proposed with it, to the same person where that fits, else for
    those above to decide. NotNow where the dates or the person do not fit.
    """
    permissions.check_can_propose(actor, holding)
    _check_dates(holding, since, until)
    if to is not None:
        permissions.check_fits(holding.post, to, giver=holding.user_id, on=clock.today())
    made = _make(holding, actor, since, until, to, reason, note)
    if until is not None:
        for other in _others(holding, since):
            _make(other, actor, since, until, _fitting(other, to), reason, note)
    return made


def _make(
    holding: Holding, actor: Acting, since: date, until: date | None, to: User | None, reason: str, note: str
) -> HandOver:
    if HandOver.objects.filter(holding=holding, state__in=machine.LIVE).exists():
        raise NotNow(f"“{holding.post.title}”已有一次没有办完的交接代班。请先撤回或办结那一次。")
    if until is not None and holding.until is not None:
        until = min(until, holding.until)
    made = HandOver(
        holding=holding, post=holding.post, area_code=holding.post.area_code, from_user=holding.user, to_user=to,
        since=since, until=until, reason=reason.strip()[:200], note=note.strip()[:1000],
        proposed_by=actor.user, proposed_label=actor.label, proposed_at=clock.now(),
    )  # fmt: skip
    made.save(force_insert=True)
    workflow.begin(made, actor=actor, right="work.do", reason=reason)
    asking.next_step(made)
    carrying_out.if_due(made)
    return made


def _check_dates(holding: Holding, since: date, until: date | None) -> None:
    today = clock.today()
    if since < today:
        raise NotNow("开始日期不能早于今天。已经过去的日子请在事由中说明。")
    if since < holding.since or (since == holding.since and until is None):
        raise NotNow(f"此人 {holding.since:%Y-%m-%d} 才开始任职，交接应从第二天或以后开始。")
    if until is not None and until <= since:
        raise NotNow("返岗日期应晚于开始日期。")
    if holding.until is not None and since >= holding.until:
        raise NotNow(f"此任职到 {holding.until:%Y-%m-%d} 为止，不需要交接。")


def _others(holding: Holding, since: date) -> list[Holding]:
    """What else the person holds then, and can be given away on that day."""
    held = duty.in_force(since).filter(user=holding.user, since__lt=since).exclude(pk=holding.pk)
    with use_scope(system_scope("交接代班")):  # also those given away by somebody of another place
        busy = set(
            HandOver.objects.filter(state__in=machine.LIVE, from_user=holding.user).values_list(
                "holding", flat=True
            )
        )
    return [one for one in held.select_related("post", "user").order_by("pk") if one.pk not in busy]


def _fitting(holding: Holding, to: User | None) -> User | None:
    if to is None or duty.in_force(clock.today()).filter(post=holding.post, user=to).exists():
        return None
    try:
        permissions.check_fits(holding.post, to, giver=holding.user_id, on=clock.today())
    except NotNow:
        return None
    return to
