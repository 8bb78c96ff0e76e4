"""Comparison runs on pages."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from hutong.domains.exchange import forms, presenters, quarters, selectors, services
from hutong.domains.exchange.machines import comparison as machine
from hutong.domains.exchange.models import ComparisonRun
from hutong.domains.exchange.views.catalogue import chosen_quarter
from hutong.domains.policy import selectors as policy
from hutong.foundation.access.guards import ActingRequest, needs
from hutong.foundation.design import fragments
from hutong.foundation.design.listings import Column, listing
from hutong.foundation.workflow.errors import NotNow
from hutong.kernel import clock
from hutong.linkage.catalogue import LISTS

COLUMNS = (
    Column("季度", "quarter", ("quarter", "pk")),
    Column("比对日", "as_of", ("as_of", "pk")),
    Column("政策包"),
    Column("发起", "created", ("created_at", "pk")),
    Column("清单", kind="number"),
    Column("线索", kind="number"),
    Column("状态"),
)


def _get(public_id: str) -> ComparisonRun:
    try:
        return selectors.get_run(public_id)
    except ComparisonRun.DoesNotExist:
        raise Http404 from None


@needs("compare.run")
def runs(request: ActingRequest) -> HttpResponse:
    """Comparisons of the county, and the form for the next. County officers only."""
    quarter = chosen_quarter(request)
    today = clock.today()
    area = request.acting.post.area_code
    initial = {
        "quarter": str(quarter),
        "as_of": min(today, quarter.last_day),
        "pack": policy.pack_for(area, min(today, quarter.last_day)),
    }
    return _list_page(request, quarter, forms.RunForm(initial=initial))


def _list_page(
    request: ActingRequest, quarter: quarters.Quarter, form: forms.RunForm, *, status: int = 200
) -> HttpResponse:
    deliveries = selectors.effective(request.acting.post.area_code, str(quarter))
    context = {
        "quarter": quarter,
        "form": form,
        "ready": [LISTS[code].table.title for code in deliveries],
        "missing": [spec.table.title for code, spec in LISTS.items() if code not in deliveries],
        "listing": listing(request.GET, COLUMNS, selectors.list_runs()),
        "states": machine.MACHINE.states,
        "tones": presenters.TONES,
    }
    return fragments.render(request, "exchange/runs.html", context, status=status)


@needs("compare.run")
@require_POST
def start(request: ActingRequest) -> HttpResponse:
    """Order a comparison."""
    form = forms.RunForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        try:
            run = services.start_run(
                actor=request.acting, quarter=quarters.parse(data["quarter"]), as_of=data["as_of"],
                pack=data["pack"], use_stale=data["use_stale"],
            )  # fmt: skip
        except NotNow as error:
            form.add_error(None, str(error))
            return _list_page(request, quarters.of(clock.today()), form, status=409)
        except ValueError as error:  # NotPossible, or a pack that cannot serve the day
            form.add_error(None, str(error))
        else:
            return redirect("exchange:run", run.public_id)
    return _list_page(request, quarters.of(clock.today()), form, status=422)


@needs("compare.run")
def run(request: ActingRequest, public_id: str) -> HttpResponse:
    """One comparison: what went in, what came out, where the leads are."""
    found = _get(public_id)
    job = presenters.job_view(selectors.find_job(found.job))
    ended = found.state in machine.MACHINE.terminal
    context = {
        "run": found,
        "quarter": quarters.parse(found.quarter),
        "state": machine.MACHINE.states[found.state],
        "tone": presenters.TONES.get(found.state, "plain"),
        "job": None if ended else job,
        "lost": not ended and job is None,
        "kinds": presenters.KINDS,
        "schemes": presenters.by_scheme(found),
        "townships": presenters.by_township(found),
        "inputs": presenters.run_inputs(found),
        "missing": [presenters.list_title(code) for code in found.missing],
        "same": selectors.find_same_run(found) if found.state == machine.DONE else None,
        "stale": any(one["stale"] for one in found.inputs),
        "table_heads": [*((label, "number") for label in presenters.KINDS.values()), ("合计", "number")],
        "received": presenters.received(found),
        "leads_url": presenters.leads_url(found),
    }
    return fragments.render(request, "exchange/run.html", context)


@needs("compare.run")
@require_POST
def cancel(request: ActingRequest, public_id: str) -> HttpResponse:
    """Stop a comparison that waits or runs."""
    try:
        services.cancel_run(run=_get(public_id), actor=request.acting)
    except NotNow as error:
        messages.error(request, str(error))
    else:
        messages.info(request, "已要求取消，没有产生线索。")
    return redirect("exchange:run", public_id)
