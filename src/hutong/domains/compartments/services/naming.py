"""The list of named persons: two people put somebody on it, one takes her off."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction

from hutong.domains.compartments.permissions import check_can_propose
from hutong.domains.compartments.services.errors import Refused
from hutong.foundation.access.acting import Acting
from hutong.foundation.access.models import COMPARTMENTS, NamedPerson
from hutong.foundation.access.scope import because
from hutong.foundation.accounts import rights
from hutong.foundation.accounts.models import User
from hutong.foundation.network import selectors as network
from hutong.foundation.workflow import services as workflow
from hutong.kernel import areas, clock


def propose(
    *, actor: Acting, user: User, compartment: str, area_code: str, since: date, reason: str,
    until: date | None = None,
) -> NamedPerson:  # fmt: skip
    """Name ``user`` for a compartment in an area; nothing is open until somebody else confirms."""
    area_code = areas.pad(area_code)
    check_can_propose(actor, compartment, area_code)
    if user.pk == actor.user.pk:
        raise Refused("不能提名自己。请由另一位工作人员提名。", "user")
    if not reason.strip():
        raise Refused("请写明为什么需要此人查阅。", "reason")
    if until is not None and until <= since:
        raise Refused("止日应晚于起日。", "until")
    _check_post(user, area_code)
    made = NamedPerson(
        compartment=compartment, area_code=area_code, user=user, reason=reason.strip()[:200], since=since, until=until,
        proposed_by=actor.user, proposed_at=clock.now(),
    )  # fmt: skip
    try:
        with transaction.atomic(), because("提名专管人员"):
            made.save(force_insert=True)
            workflow.begin(made, actor=actor, right="sealed.people", reason=reason)
    except IntegrityError:
        raise Refused(f"{user.name}已在“{COMPARTMENTS[compartment]}”名单上，或已被提名。", "user") from None
    return made


def _check_post(user: User, area_code: str) -> None:
    lo, hi = areas.bounds(area_code)
    posts = [holding.post for holding in network.list_current_holdings(user)]
    if not any(lo <= post.area_code < hi and rights.has(post.role, "sealed.view") for post in posts):
        raise Refused(
            "此人在这一范围内没有可以进入专管名单的岗位（县级民政、未保机构、儿童福利机构、收养登记专人）。",
            "user",
        )


def confirm(named: NamedPerson, *, actor: Acting) -> NamedPerson:
    """The second person."""
    decided = {"confirmed_by": actor.user, "confirmed_at": clock.now()}
    return workflow.apply(named, "confirm", actor=actor, fields=decided)


def refuse(named: NamedPerson, *, actor: Acting, reason: str) -> NamedPerson:
    return _finish(named, "refuse", actor, reason)


def end(named: NamedPerson, *, actor: Acting, reason: str) -> NamedPerson:
    """Off the list, from this moment: the policies of the compartments ask the list at every statement."""
    return _finish(named, "end", actor, reason)


def _finish(named: NamedPerson, event: str, actor: Acting, reason: str) -> NamedPerson:
    done = {"ended_by": actor.user, "ended_at": clock.now(), "end_reason": reason.strip()[:200]}
    return workflow.apply(named, event, actor=actor, reason=reason, data={"reason": reason}, fields=done)
