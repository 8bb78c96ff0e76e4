"""On the day: holdings are parted and joined. Done by the platform, in one transaction each; before it has happened the
giver still holds the post, so that it is never between two people (ADR 0029)."""

from __future__ import annotations

import logging
from datetime import date
from typing import Any, Final

from django.db import transaction
from django.db.models import Q

from hutong.foundation.access.acting import Acting
from hutong.foundation.access.scope import system_scope, use_scope
from hutong.foundation.handovers import machines as machine
from hutong.foundation.handovers.models import HandOver
from hutong.foundation.handovers.services import asking
from hutong.foundation.network import duty
from hutong.foundation.network import selectors as network
from hutong.foundation.network import services as holdings
from hutong.foundation.network.errors import NetworkRefused
from hutong.foundation.network.models import Holding
from hutong.foundation.workflow import services as workflow
from hutong.foundation.workflow.errors import NotNow
from hutong.foundation.workflow.models import OPEN as OPEN_ITEMS
from hutong.foundation.workflow.models import WorkItem
from hutong.kernel import clock

log = logging.getLogger(__name__)
_ALL: Final = system_scope("交接代班")


def carry_out_due() -> int:
    """Everything whose day has come; how many. Running it again does nothing more."""
    done = 0
    with use_scope(_ALL):
        today = clock.today()
        due = HandOver.objects.filter(
            Q(state__in=machine.OPEN, since__lte=today) | Q(state__in=machine.AWAY, until__lte=today)
        )
        for found in due.select_related("post", "holding", "from_user", "to_user").order_by("since", "pk"):
            try:
                with transaction.atomic():
                    done += _carry_out(found, today)
            except (NotNow, NetworkRefused):
                log.exception("hand-over %s could not be carried out", found.public_id)
    return done


def if_due(found: HandOver) -> None:
    """What was agreed for today happens now; who has only just been asked still has today to answer."""
    if found.state == machine.ACCEPTED and found.since <= clock.today():
        with use_scope(_ALL):
            _carry_out(found, clock.today())


def _carry_out(found: HandOver, today: date) -> bool:
    if found.state in machine.AWAY:
        _end(found, actor=None, reason="到期返岗")
        return True
    over = found.until is not None and found.until <= today
    if found.effective_on is None and (over or not _in_force(found.holding, today)):
        workflow.apply(found, "lapse", actor=None, reason="期限已过或已不再任职")
        asking.done(found, "不再需要")
        return True
    if found.state == machine.ACCEPTED and _can_take(found, today):
        _take(found, today)
        return True
    return _fall(found, today)


def _in_force(holding: Holding | None, today: date) -> bool:
    return holding is not None and (holding.until is None or holding.until > today)


def _can_take(found: HandOver, today: date) -> bool:
    to = found.to_user
    return to is not None and to.is_active and network.list_current_holdings(to, today).exists()


def _take(found: HandOver, today: date) -> None:
    """The post goes over with everything open in it."""
    assert found.to_user is not None
    fields = _parted(found, today)
    word = "正式接任" if found.successor else "代班"
    fields["stand_in"] = holdings.stand_in(
        found.post, user=found.to_user, since=today, until=found.until, deputy=not found.successor,
        reason=f"{word}：{found.from_user.name}{'离任' if found.leaving else '请假'}",
    )  # fmt: skip
    workflow.apply(
        found, "hand" if found.leaving else "begin", actor=None, reason=found.reason, fields=fields
    )
    asking.done(found, "已接手")
    until = f"至 {found.until:%Y-%m-%d}" if found.until else "起"
    asking.tell(
        found,
        f"{found.post.title}由{found.to_user.name}{word}（{today:%Y-%m-%d} {until}）",
        f"移交待办 {len(found.handed)} 件。",
    )


def _parted(found: HandOver, today: date) -> dict[str, Any]:
    """The giver's holding rests from today; what is open now is written down. Nothing where that was done before."""
    if found.effective_on is not None:
        return {}
    assert found.holding is not None
    later = holdings.interrupt(found.holding, since=today, until=found.until, reason="请假后返岗")
    items = WorkItem.objects.filter(OPEN_ITEMS, owner_post=found.post).order_by("due_on", "pk")
    handed = [[pk, kind, due.isoformat()] for pk, kind, due in items.values_list("pk", "kind", "due_on")]
    return {"effective_on": today, "resumed": later, "handed": handed}


def _fall(found: HandOver, today: date) -> bool:
    """Nobody took it over: it goes to those above. Where nobody is above, the giver keeps it, and it stays to be settled."""
    others = duty.in_force(today).filter(post=found.post).exclude(user=found.from_user_id)
    above = duty.find_answering(found.post, today, without=[found.from_user_id])
    if not (others.exists() or above):
        return False
    workflow.apply(found, "fall", actor=None, reason="到期无人接手", fields=_parted(found, today))
    asking.next_step(found)
    asking.tell(found, f"{found.post.title}无人接手，由上级代管", f"待办 {len(found.handed)} 件。")
    return True


@transaction.atomic
def back(found: HandOver, *, actor: Acting, reason: str = "") -> HandOver:
    """She is back before the day: from today the post is hers again, with what is still open; what is done stays done."""
    return _end(found, actor=actor, reason=reason)


def _end(found: HandOver, *, actor: Acting | None, reason: str) -> HandOver:
    workflow.apply(found, "back", actor=actor, reason=reason)
    today = clock.today()
    with use_scope(_ALL):
        resumed = found.resumed
        if found.stand_in is not None:
            _cut(found.stand_in, today)
        if resumed is not None and resumed.since > today:
            resumed.since = today
            resumed.save(update_fields=["since"])
        asking.done(found, "已返岗")
        asking.tell(found, f"{found.post.title}：{found.from_user.name}已返岗")
    return found


def _cut(holding: Holding, on: date) -> None:
    """A deputy's holding ends, and with it whatever the deputy in turn had handed over."""
    chained = HandOver.objects.filter(holding=holding, state__in=machine.LIVE)
    for found in chained.select_related("post", "stand_in", "resumed", "from_user", "to_user"):
        event = "back" if found.state in machine.AWAY else "lapse"
        workflow.apply(found, event, actor=None, reason="原任职人已返岗")
        asking.done(found, "原任职人已返岗")
        for part in (found.stand_in, found.resumed):
            if part is not None:
                _cut(part, on)
    holdings.cut(holding, on=on)
