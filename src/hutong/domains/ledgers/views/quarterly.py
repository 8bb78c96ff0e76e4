"""The quarterly data for the national system on pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from hutong.domains.ledgers import services
from hutong.domains.ledgers.data import national
from hutong.domains.ledgers.forms.quarterly import NoteForm, QuarterForm, SentForm
from hutong.domains.ledgers.machines import quarterly as machine
from hutong.domains.ledgers.models import QuarterReport
from hutong.domains.ledgers.models.quarterly import KINDS
from hutong.domains.ledgers.selectors import quarterly as selectors
from hutong.domains.ledgers.services.errors import Refused
from hutong.domains.ledgers.views.exports import attachment
from hutong.domains.ledgers.views.ledger import tabs
from hutong.foundation.access.guards import ActingRequest, fresh, needs
from hutong.foundation.design import fragments
from hutong.foundation.design.listings import Column, listing
from hutong.foundation.network import selectors as network
from hutong.foundation.workflow import presenters as workflow
from hutong.foundation.workflow import selectors as jobs
from hutong.kernel import clock
from hutong.kernel.quarters import Quarter

COLUMNS = (
    Column("季度"), Column("人数", kind="number"), Column("新增", kind="number"), Column("减少", kind="number"),
    Column("变更", kind="number"), Column("制表人"), Column("状态"),
)  # fmt: skip
CHANGES = (Column("姓名"), Column("所在地"), Column("情况"))
TONES = {"MADE": "info", "CHECKED": "warn", "SENT": "ok"}


def _get(public_id: str) -> QuarterReport:
    try:
        return selectors.get_report(public_id)
    except QuarterReport.DoesNotExist:
        raise Http404 from None


@require_GET
@needs("ledger.report")
def quarterly(request: ActingRequest) -> HttpResponse:
    """What was made and sent, quarter by quarter, and the form for the next."""
    return _list(request, QuarterForm())


def _list(request: ActingRequest, form: QuarterForm) -> HttpResponse:
    now = Quarter.of(clock.today())
    context = {
        "tabs": tabs(request.acting, "quarterly"),
        "page": listing(request.GET, COLUMNS, selectors.list_reports()),
        "form": form,
        "tones": TONES,
        "quarter": now,
        "due": national.due(now),
        "job": _running(request),
    }
    status = 422 if form.is_bound and form.errors else 200
    return fragments.render(request, "ledgers/quarterly.html", context, status=status)


def _running(request: ActingRequest) -> Any:
    """The making that goes on now, if any."""
    found = jobs.list_jobs(request.acting).filter(kind="ledgers.quarterly").order_by("-pk").first()
    return (
        workflow.job(found) if found is not None and found.state in ("queued", "running", "failed") else None
    )


@require_POST
@needs("ledger.report")
def make(request: ActingRequest) -> HttpResponse:
    form = QuarterForm(request.POST)
    if form.is_valid():
        try:
            services.start_quarter(actor=request.acting, quarter=Quarter.parse(form.cleaned_data["quarter"]))
        except Refused as refused:
            form.add_error(None, refused.sentence)
        except PermissionDenied as denied:
            form.add_error(None, str(denied))
        else:
            messages.info(request, "正在制作，完成后请另一位工作人员复核差异。")
            return redirect("ledgers:quarterly")
    return _list(request, form)


@require_GET
@needs("ledger.report")
def quarter(request: ActingRequest, public_id: str) -> HttpResponse:
    """The difference to the last time, before anything is sent."""
    return _show(request, _get(public_id))


def _show(
    request: ActingRequest,
    report: QuarterReport,
    *,
    note: NoteForm | None = None,
    sent: SentForm | None = None,
) -> HttpResponse:
    actor = request.acting
    kind = request.GET.get("kind", "")
    kind = kind if kind in KINDS else "ADDED"
    page = listing(request.GET, CHANGES, selectors.list_changes(report, kind))
    codes = [change.child.hukou_area for change in page.rows]
    own, counts = network.area_path(report.area_code), (report.added, report.gone, report.changed)
    mine = report.made_by_id == actor.user.pk
    layout = national.layout(Quarter.parse(report.quarter).last_day)
    context = {
        "report": report,
        "tone": TONES.get(report.state, "plain"),
        "kind": kind,
        "kinds": [
            {"label": label, "url": f"?kind={code}", "active": code == kind, "count": count}
            for (code, label), count in zip(KINDS.items(), counts, strict=True)
        ],
        "page": page,
        "changed": services.changed_lines(report, page.rows),
        "names": {code: path.removeprefix(own) or path for code, path in network.area_paths(codes).items()},
        "layout": layout,
        "due": national.due(Quarter.parse(report.quarter)),
        "second": not mine,
        "may_take": report.state == machine.CHECKED and bool(report.expires_at and report.expires_at > clock.now()),
        "note": note or NoteForm(),
        "sent": sent or SentForm(),
        "downloads": list(report.downloads.order_by("-at")[:50]),
    }  # fmt: skip
    bad = any(form is not None and form.errors for form in (note, sent))
    return fragments.render(request, "ledgers/quarter.html", context, status=422 if bad else 200)


@require_POST
@needs("ledger.send")
@fresh
def check(request: ActingRequest, public_id: str) -> HttpResponse:
    """The second person lets it go."""
    services.check_quarter(report=_get(public_id), actor=request.acting)
    messages.success(request, "复核通过，文件现在可以下载，限时有效。上报后请在本页确认。")
    return redirect("ledgers:quarter", public_id)


@require_POST
@needs("ledger.send")
@fresh
def reject(request: ActingRequest, public_id: str) -> HttpResponse:
    return _again(request, public_id, services.reject_quarter)


@require_POST
@needs("ledger.report")
def discard(request: ActingRequest, public_id: str) -> HttpResponse:
    return _again(request, public_id, services.discard_quarter)


def _again(request: ActingRequest, public_id: str, act: Any) -> HttpResponse:
    report, form = _get(public_id), NoteForm(request.POST)
    if not form.is_valid():
        return _show(request, report, note=form)
    act(report=report, actor=request.acting, note=form.cleaned_data["note"])
    messages.info(request, "已作废，可以重新制作。")
    return redirect("ledgers:quarterly")


@require_POST
@needs("ledger.send")
@fresh
def sent(request: ActingRequest, public_id: str) -> HttpResponse:
    """It stands in the national system."""
    report, form = _get(public_id), SentForm(request.POST)
    if form.is_valid() and _mark(request, report, form):
        messages.success(request, "已确认上报，本季度办结。")
        return redirect(reverse("ledgers:quarter", args=[public_id]))
    return _show(request, report, sent=form)


def _mark(request: ActingRequest, report: QuarterReport, form: forms.Form) -> bool:
    try:
        services.mark_quarter_sent(report=report, actor=request.acting, **form.cleaned_data)
    except Refused as refused:
        form.add_error(refused.field, refused.sentence)
        return False
    return True


@require_POST
@needs("ledger.report")
@fresh
def quarter_file(request: ActingRequest, public_id: str) -> HttpResponse:
    """The checked file, while its time lasts; each time with a line."""
    document, content = services.take_quarter(report=_get(public_id), actor=request.acting)
    return attachment(content, document.name, document.mime)
