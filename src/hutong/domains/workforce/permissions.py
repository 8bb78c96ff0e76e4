"""Who may keep the real-name list, and what the machine asks before each step."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied

from hutong.domains.workforce.machines import appointment as machine
from hutong.domains.workforce.models import Appointment, Worker
from hutong.domains.workforce.models.people import CLEAR
from hutong.domains.workforce.selectors import rules
from hutong.foundation.access.acting import Acting
from hutong.foundation.accounts.models import User
from hutong.foundation.workflow import machines
from hutong.foundation.workflow.errors import NotNow
from hutong.kernel import clock


def check_can_keep(actor: Acting, area_code: str, user: User) -> None:
    """Whoever keeps the list of the place, and never one's own line: nobody passes her own examination."""
    actor.check("workforce.keep")
    if not actor.scope.covers(area_code):
        raise PermissionDenied("此人不在您的辖区内任职，请由当地登记。")
    if user.pk == actor.user.pk:
        raise PermissionDenied("不能登记自己的培训、考核和背景查询，请由上级登记。")


def can_keep(actor: Acting, worker: Worker) -> bool:
    try:
        check_can_keep(actor, worker.area_code, worker.user)
    except PermissionDenied:
        return False
    return True


def can_suspend(actor: Acting, appointment: Appointment) -> bool:
    return can_keep(actor, appointment.worker) and appointment.state in (*machine.BEFORE, *machine.WORKING)


def can_resume(actor: Acting, appointment: Appointment) -> bool:
    return can_keep(actor, appointment.worker) and appointment.state == machine.SUSPENDED


@machines.guard("workforce.checked")
def _checked(subject: Any, actor: Acting | None, data: dict[str, Any]) -> None:
    worker, today = subject.worker, clock.today()
    due = rules.check_due(worker, today)
    if worker.check_result != CLEAR or due is None or due < today:
        raise NotNow("背景查询还没有有效的“未发现不适合情形”结果。请先登记查询结果。")


@machines.guard("workforce.trained")
def _trained(subject: Any, actor: Acting | None, data: dict[str, Any]) -> None:
    if subject.worker.trained_on is None:
        raise NotNow("还没有岗前培训记录。请先登记培训。")


@machines.guard("workforce.examined")
def _examined(subject: Any, actor: Acting | None, data: dict[str, Any]) -> None:
    if subject.worker.examined_on is None:
        raise NotNow("岗前培训考核还没有合格，不能上岗。请先登记考核结果。")


@machines.guard("workforce.due")
def _due(subject: Any, actor: Acting | None, data: dict[str, Any]) -> None:
    if not _is_due(subject.worker):
        raise NotNow("轮训还没有到期。")


@machines.guard("workforce.retrained")
def _retrained(subject: Any, actor: Acting | None, data: dict[str, Any]) -> None:
    if _is_due(subject.worker):
        raise NotNow("还没有新的培训记录。请先登记本次轮训。")


def _is_due(worker: Worker) -> bool:
    today = clock.today()
    due = rules.retrain_due(worker, today)
    return due is None or due <= today


@machines.guard("workforce.words")
def _words(subject: Any, actor: Acting | None, data: dict[str, Any]) -> None:
    if not str(data.get("reason", "")).strip():
        raise NotNow("请写明事由，再提交。")
