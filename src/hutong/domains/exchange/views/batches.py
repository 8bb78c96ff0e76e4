"""Batches on pages: the list, one batch with its summary, second act and undo."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from hutong.domains.exchange import forms, permissions, presenters, selectors, services
from hutong.domains.exchange.machines import batch as machine
from hutong.domains.exchange.models import Batch
from hutong.domains.exchange.services.errors import NotPossible
from hutong.domains.exchange.storage import store
from hutong.domains.exchange.views.catalogue import XLSX, attachment
from hutong.domains.exchange.views.sealing import with_sealed
from hutong.domains.exchange.views.uploading import get_batch
from hutong.foundation.access.guards import ActingRequest, fresh, needs
from hutong.foundation.design import fragments
from hutong.foundation.design.listings import Column, listing
from hutong.foundation.workflow import selectors as workflow
from hutong.foundation.workflow.errors import NotNow
from hutong.linkage.catalogue import LISTS

COLUMNS = (
    Column("清单"),
    Column("季度", "quarter", ("quarter", "pk")),
    Column("提供部门"),
    Column("上传", "uploaded", ("uploaded_at", "pk")),
    Column("通过", kind="number"),
    Column("退回", kind="number"),
    Column("状态"),
)


@needs("exchange.view")
@with_sealed
def batches(request: ActingRequest) -> HttpResponse:
    """Delivered files, newest first; a department clerk has his own only."""
    wanted = {name: request.GET.get(name, "")[:30] for name in ("quarter", "list_code", "state")}
    found = selectors.list_batches(**wanted)
    context = {
        "listing": listing(request.GET, COLUMNS, found),
        "badge": presenters.batch_badge,
        "title_of": presenters.list_title,
        "department": presenters.department,
        "quarters": forms.quarter_choices(),
        "lists": [(code, LISTS[code].table.title) for code in permissions.shown_to(request.acting)],
        "states": machine.MACHINE.states.items(),
        "wanted": wanted,
    }
    return fragments.render(request, "exchange/batches.html", context, block="rows")


@needs("exchange.view")
@with_sealed
def batch(request: ActingRequest, public_id: str) -> HttpResponse:
    """One batch: what was found, what to send back, and the buttons the actor has."""
    return _page(request, get_batch(public_id), forms.ReasonForm())


def _page(
    request: ActingRequest, found: Batch, reason: forms.ReasonForm, *, status: int = 200, told: str = ""
) -> HttpResponse:
    actor = request.acting
    context = {
        "batch": found,
        "spec": LISTS[found.list_code],
        "badge": presenters.batch_badge(found),
        "stages": presenters.stages(found),
        "quarter": presenters.quarter_label(found.quarter),
        "provider": presenters.department(found.provider),
        "job": presenters.job_view(selectors.find_job(found.job)) if found.state in _WORKING else None,
        "unmapped": selectors.unmapped(found) if found.state == machine.UPLOADED else [],
        "supplements": [(one, presenters.batch_badge(one)) for one in selectors.list_supplements(found)],
        "replaces": selectors.find_replaced(found) if found.state == machine.CHECKED else None,
        "history": workflow.list_history("exchange.batch", found.pk),
        "words": {step.event: step.word for step in machine.MACHINE.transitions} | {"create": "上传"},
        "may_confirm": permissions.can_confirm(actor, found),
        "own": found.uploaded_by_id == actor.user.pk,
        "may_refuse": actor.may("exchange.confirm") and found.state == machine.CHECKED,
        "may_withdraw": actor.may("exchange.withdraw") and found.state in _WITHDRAWABLE,
        "may_check": actor.may("exchange.upload") and found.state in _WORKING,
        "may_supplement": actor.may("exchange.upload")
        and found.list_code in permissions.lists_for(actor)
        and found.state in (machine.CHECKED, machine.CONFIRMED)
        and found.refused > 0,
        "reason": reason,
        "told": told,
    }
    return fragments.render(request, "exchange/batch.html", context, status=status)


_WORKING = (machine.UPLOADED, machine.CHECKING, machine.FAILED)
_WITHDRAWABLE = (machine.UPLOADED, machine.CHECKED, machine.CONFIRMED, machine.FAILED)


@needs("exchange.view")
@with_sealed
def rejected(request: ActingRequest, public_id: str) -> HttpResponse:
    """Rejected rows with the reason in the last column; of a sealed list who and why, never what about."""
    found = get_batch(public_id)
    if not permissions.can_see_rows(request.acting, found) or not store.exists(
        found.public_id, "rejected.parquet"
    ):
        raise Http404
    content = services.rejected_workbook(found)
    name = "密封清单" if found.sealed else LISTS[found.list_code].table.title
    return attachment(content, f"{name}-{found.quarter}-退回行.xlsx", XLSX)


@needs("exchange.confirm")
@fresh
@require_POST
@with_sealed
def confirm(request: ActingRequest, public_id: str) -> HttpResponse:
    """Second act: another person than the uploader, at the county."""
    try:
        found = services.confirm(batch=get_batch(public_id), actor=request.acting)
    except PermissionDenied as error:  # somebody was faster, nothing to confirm, one's own upload
        status = getattr(error, "status_code", 403)
        return _page(request, get_batch(public_id), forms.ReasonForm(), status=status, told=str(error))
    messages.success(
        request, f"已确认，{found.passed} 行可用于{presenters.quarter_label(found.quarter)}比对。"
    )
    return redirect("exchange:batch", public_id)


@needs("exchange.confirm")
@fresh
@require_POST
@with_sealed
def refuse(request: ActingRequest, public_id: str) -> HttpResponse:
    """Not to be used, with a reason for the sender."""
    return _with_reason(request, public_id, "refuse")


@needs("exchange.withdraw")
@require_POST
@with_sealed
def withdraw(request: ActingRequest, public_id: str) -> HttpResponse:
    """Take a batch out of use; nothing is deleted."""
    return _with_reason(request, public_id, "withdraw")


def _with_reason(request: HttpRequest, public_id: str, act: str) -> HttpResponse:
    found, form = get_batch(public_id), forms.ReasonForm(request.POST)
    if form.is_valid():
        service = {"refuse": services.refuse, "withdraw": services.withdraw}[act]
        try:
            service(batch=found, actor=request.acting, reason=form.cleaned_data["reason"])  # type: ignore[attr-defined]
        except NotPossible as error:
            form.add_error("reason", str(error))
        except NotNow as error:
            return _page(request, get_batch(public_id), form, status=409, told=str(error))  # type: ignore[arg-type]
        else:
            done = "已退回提供部门。" if act == "refuse" else "已撤回，今后的比对不再使用这一批。"
            messages.success(request, done)
            return redirect("exchange:batch", public_id)
    return _page(request, found, form, status=422)  # type: ignore[arg-type]
