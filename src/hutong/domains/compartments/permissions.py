"""Who may open what; the sentences users see, and the guards of the machines."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied

from hutong.foundation.access.acting import Acting
from hutong.foundation.access.models import COMPARTMENTS, NamedPerson
from hutong.foundation.workflow import machines
from hutong.foundation.workflow.errors import NotNow


def may_open(actor: Acting, compartment: str) -> bool:
    """Named for the compartment, and in a post that may be named at all."""
    return actor.may("sealed.view") and compartment in actor.sealed


def check_can_open(actor: Acting, compartment: str) -> None:
    actor.check("sealed.view")
    if compartment not in actor.sealed:
        # says nothing about whether there is anything to see
        raise PermissionDenied("您不在这一类专管资料的名单上。确因工作需要，请由县级民政两人办理进入名单。")


def check_can_propose(actor: Acting, compartment: str, area_code: str) -> None:
    actor.check("sealed.people")
    if compartment not in COMPARTMENTS:
        raise NotNow("请选择专管类别。")
    if not actor.scope.covers(area_code):
        raise PermissionDenied("提名的范围不在您的辖区内，请核对。")


@machines.guard("named.two_others")
def two_others(named: NamedPerson, actor: Acting | None, data: dict[str, Any]) -> None:
    """Neither who proposed nor who is named confirms."""
    if actor is None:
        raise NotNow("进入专管名单须由人办理。")
    if actor.user.pk == named.proposed_by_id:
        raise NotNow("提名人不能确认自己的提名，请由另一位工作人员办理。")
    if actor.user.pk == named.user_id:
        raise NotNow("本人不能确认自己进入名单，请由另一位工作人员办理。")


@machines.guard("named.words")
def words(named: NamedPerson, actor: Acting | None, data: dict[str, Any]) -> None:
    if not str(data.get("reason", "")).strip():
        raise NotNow("请写明事由，留在名单记录里。")
