"""Asking for an export, deciding about it, taking it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hutong.domains.ledgers import permissions, selectors, services
from hutong.domains.ledgers.data import catalogue
from hutong.domains.ledgers.forms.asking import AskForm, DecideForm
from hutong.domains.ledgers.machines import export as machine
from hutong.domains.ledgers.models import ExportRequest
from hutong.domains.ledgers.models.exports import BASES
from hutong.domains.ledgers.selectors import Asked
from hutong.domains.ledgers.services.errors import Refused
from hutong.domains.ledgers.views.ledger import tabs
from hutong.foundation.access.guards import ActingRequest, fresh, needs
from hutong.foundation.design import fragments
from hutong.foundation.design.listings import Column, listing
from hutong.foundation.network import selectors as network
from hutong.foundation.workflow import presenters as workflow
from hutong.foundation.workflow import selectors as jobs
from hutong.foundation.workflow.errors import NotNow
from hutong.foundation.workflow.models import LongJob

COLUMNS = (
    Column("申请编号"), Column("台账"), Column("人数", kind="number"), Column("申请人"), Column("申请时间"), Column("状态"),
)  # fmt: skip
TONES = {"REQUESTED": "info", "APPROVED": "info", "READY": "ok", "REFUSED": "danger", "FAILED": "danger"}


def _get(request: ActingRequest, public_id: str) -> ExportRequest:
    try:
        return selectors.get_request(public_id, request.acting)
    except ExportRequest.DoesNotExist:
        raise Http404 from None


@require_GET
@needs("ledger.export")
def exports(request: ActingRequest) -> HttpResponse:
    """The own requests; of the whole range for those who approve."""
    context = {
        "tabs": tabs(request.acting, "exports"),
        "page": listing(request.GET, COLUMNS, selectors.list_requests(request.acting)),
        "labels": catalogue.kind_label,
        "tones": TONES,
        "folder": request.acting.may("registry.export"),
    }
    return fragments.render(request, "ledgers/exports.html", context)


@require_http_methods(["GET", "POST"])
@needs("ledger.export")
@fresh
def ask(request: ActingRequest) -> HttpResponse:
    """What the ledger on screen holds, as a file: form, purpose, words."""
    actor = request.acting
    asked = Asked.from_query(request.GET, actor) or Asked("all", actor.post.area_code, "residence")
    if not asked.within(actor):
        raise Http404
    folder = request.GET.get("form") == "folder" and actor.may("registry.export")
    form = AskForm(actor, request.POST or None, initial={"form": "folder" if folder else "xlsx"})
    if request.method == "POST" and form.is_valid():
        try:
            made = services.ask(actor=actor, asked=asked, **form.cleaned_data)
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
        except NotNow as refused:
            form.add_error(None, str(refused))
        else:
            words = "正在生成。" if made.small else "已提交，须由另一人批准。批准并生成后会通知您。"
            messages.success(request, f"申请编号 {made.number}：{words}")
            return redirect("ledgers:export", made.public_id)
    status = 422 if form.is_bound and form.errors else 200
    return fragments.render(request, "ledgers/ask.html", _ask_context(asked, form), status=status)


def _ask_context(asked: Asked, form: AskForm) -> dict[str, Any]:
    return {
        "form": form,
        "asked": asked,
        "title": f"{network.area_path(asked.area)}{catalogue.kinds()[asked.kind].label}台账",
        "basis": BASES[asked.basis],
        "rows": selectors.count(asked),
        "small": catalogue.term("small_rows"),
        "hours": catalogue.term("expiry_hours"),
    }


@require_GET
@needs("ledger.export")
def export(request: ActingRequest, public_id: str) -> HttpResponse:
    """One request: where it stands, who decided, who took it."""
    return _show(request, _get(request, public_id), DecideForm())


def _show(request: ActingRequest, found: ExportRequest, form: DecideForm) -> HttpResponse:
    actor = request.acting
    context = {
        "export": found,
        "state": machine.MACHINE.states[found.state],
        "tone": TONES.get(found.state, "plain"),
        "kind": catalogue.kind_label(found.kind),
        "place": network.area_path(found.area_code),
        "purpose": catalogue.purpose_label(found.purpose),
        "form": form if permissions.can_decide(actor, found) else None,
        "job": _job(found, request),
        "may_take": permissions.can_take(actor, found) and found.form != "folder",
        "own": found.requested_by_id == actor.user.pk,
        "downloads": list(found.downloads.order_by("-at")[:50]),
    }
    status = 422 if form.is_bound and form.errors else 200
    return fragments.render(request, "ledgers/export.html", context, status=status)


def _job(found: ExportRequest, request: ActingRequest) -> Any:
    if found.state != machine.APPROVED or not found.job:
        return None
    try:
        return workflow.job(jobs.get_job(found.job, request.acting))
    except LongJob.DoesNotExist:
        return None


@require_POST
@needs("ledger.approve")
@fresh
def decide(request: ActingRequest, public_id: str) -> HttpResponse:
    found, form = _get(request, public_id), DecideForm(request.POST)
    if not form.is_valid():
        return _show(request, found, form)
    act = services.approve if form.cleaned_data["event"] == "approve" else services.refuse
    try:
        act(request=found, actor=request.acting, note=form.cleaned_data["note"])
    except PermissionDenied as denied:
        form.add_error(None, str(denied))
        return _show(request, found, form)
    messages.success(
        request, "已批准，正在生成。" if act is services.approve else "已不予批准，并告知申请人。"
    )
    return redirect("ledgers:export", public_id)


@require_POST
@needs("ledger.export")
def withdraw(request: ActingRequest, public_id: str) -> HttpResponse:
    services.withdraw(request=_get(request, public_id), actor=request.acting)
    messages.info(request, "申请已撤回。")
    return redirect("ledgers:export", public_id)


@require_POST
@needs("ledger.export")
def retry(request: ActingRequest, public_id: str) -> HttpResponse:
    services.retry(request=_get(request, public_id), actor=request.acting)
    messages.info(request, "正在重新生成。")
    return redirect("ledgers:export", public_id)


@require_POST
@needs("ledger.export")
@fresh
def file(request: ActingRequest, public_id: str) -> HttpResponse:
    """The file, to whoever asked for it, each time with a line in the log; otherwise not one byte of it."""
    document, content = services.take(request=_get(request, public_id), actor=request.acting)
    return attachment(content, document.name, document.mime)


def attachment(content: bytes, name: str, mime: str) -> HttpResponse:
    """Saved, never shown, never kept by the browser's cache."""
    response = HttpResponse(content, content_type=mime)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
