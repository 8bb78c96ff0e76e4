"""Who may take what out now: the sentences users see."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied

from hutong.domains.ledgers.data import catalogue
from hutong.domains.ledgers.machines import export as machine
from hutong.domains.ledgers.models import ExportRequest
from hutong.foundation.access.acting import Acting
from hutong.foundation.workflow import machines
from hutong.foundation.workflow.errors import NotNow
from hutong.kernel import clock

OWN = "只有申请人本人可以办理这一步。"


@machines.guard("ledgers.small")
def small(request: ExportRequest, actor: Acting | None, data: dict[str, Any]) -> None:
    if not request.small:
        raise NotNow("超出限额或含完整证件号码的导出，须由另一人批准后才能生成。")


@machines.guard("ledgers.own")
def own(request: ExportRequest, actor: Acting | None, data: dict[str, Any]) -> None:
    if actor is not None and request.requested_by_id != actor.user.pk:
        raise NotNow(OWN)


def check_can_ask(actor: Acting, *, form: str, clear_id: bool, purpose: str) -> None:
    """Complete ID numbers need their own right and a purpose with a legal basis; the whole registry always has them."""
    actor.check("ledger.export")
    if form == "folder":
        actor.check("registry.export")
    if clear_id:
        actor.check("ledger.clear_id")
        if not catalogue.purposes()[purpose].clear:
            raise NotNow("所选用途没有使用完整证件号码的法定依据：请改选用途，或按遮盖后的号码导出。")


def check_can_decide(actor: Acting, request: ExportRequest) -> None:
    """A second person, who may also give what is asked for."""
    actor.check("ledger.approve")
    if request.requested_by_id == actor.user.pk:
        raise PermissionDenied("申请人不能批准自己的导出，请由另一位工作人员办理。")


def can_decide(actor: Acting, request: ExportRequest) -> bool:
    if request.state != machine.REQUESTED:
        return False
    try:
        check_can_decide(actor, request)
    except PermissionDenied:
        return False
    return True


def check_can_take(actor: Acting, request: ExportRequest) -> None:
    """The person who asked, while it is ready and its time is not over."""
    actor.check("ledger.export")
    if request.requested_by_id != actor.user.pk:
        raise NotNow("导出的文件只发给申请人本人。需要的话请自行申请。")
    if request.state == machine.EXPIRED or (request.expires_at and request.expires_at <= clock.now()):
        raise NotNow("文件已过有效期，不再发放。仍有需要请重新申请。")
    if request.state != machine.READY:
        raise NotNow(f"导出申请当前为“{machine.MACHINE.states[request.state]}”，没有可取的文件。")


def can_take(actor: Acting, request: ExportRequest) -> bool:
    try:
        check_can_take(actor, request)
    except PermissionDenied:
        return False
    return True
