"""Leave and hand-over as pages: mine and the range's, a new one, one with what is handed over, its steps."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from hutong.foundation.access.guards import ActingRequest, needs
from hutong.foundation.design import fragments
from hutong.foundation.design.listings import Column, listing
from hutong.foundation.handovers import forms, permissions, presenters, selectors, services
from hutong.foundation.handovers import machines as machine
from hutong.foundation.handovers.models import HandOver
from hutong.foundation.network.errors import NetworkRefused
from hutong.foundation.network.models import Holding
from hutong.foundation.workflow import selectors as workflow
from hutong.kernel import clock

COLUMNS = (Column("岗位"), Column("交出"), Column("接手"), Column("日期"), Column("情况"))
SAID = {
    "accept": "已接手。到开始日期，岗位和待办会出现在您的岗位切换中。",
    "decline": "已告知不能接手，上级会另行指定。",
    "assign": "已指定。",
    "back": "已登记返岗，未办结的事项已回到本人名下。",
    "withdraw": "已撤回。",
}


@require_safe
@needs("work.do")
def index(request: ActingRequest) -> HttpResponse:
    page = listing(request.GET, COLUMNS, selectors.list_visible(request.acting))
    context = {
        "listing": page, "tones": presenters.TONES, "period": presenters.period,
        "holdings": selectors.list_own_holdings(request.acting), "personal": selectors.list_personal(request.acting),
    }  # fmt: skip
    return fragments.render(request, "handovers/index.html", context)


@require_http_methods(["GET", "POST"])
@needs("work.do")
def new(request: ActingRequest, public_id: UUID) -> HttpResponse:
    """Give one holding away: one's own, or of the range for somebody who cannot do it herself."""
    actor = request.acting
    try:
        holding = selectors.get_holding(str(public_id), actor)
    except Holding.DoesNotExist:
        raise Http404 from None
    initial = {"since": max(clock.today(), holding.since)}
    form = forms.ProposeForm(request.POST or None, initial=initial, holding=holding, actor=actor)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = services.propose(
                holding, actor=actor, since=given["since"], until=given["until"], to=given["to"],
                reason=given["reason"], note=given["note"],
            )  # fmt: skip
        except (PermissionDenied, NetworkRefused) as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(
                request, "已提出，等待接手。" if made.to_user else "已提出，等待上级指定代班人。"
            )
            return redirect("handovers:show", made.public_id)
    context = {"form": form, "holding": holding, "own": holding.user_id == actor.user.pk}
    return fragments.render(request, "handovers/new.html", context, status=422 if form.is_bound else 200)


def _found(request: ActingRequest, public_id: str) -> HandOver:
    try:
        return selectors.get_visible(public_id, request.acting)
    except HandOver.DoesNotExist:
        raise Http404 from None


@require_safe
@needs("work.do")
def show(request: ActingRequest, public_id: str) -> HttpResponse:
    """One hand-over; giver and taker see the same list."""
    found = _found(request, public_id)
    actor = request.acting
    supervises = permissions.supervises(actor, found.post)
    context = {
        "found": found, "tone": presenters.TONES[found.state], "period": presenters.period(found),
        "explained": presenters.EXPLAINED.get(found.state, ""), "buttons": presenters.buttons(found, actor),
        "handed": selectors.list_handed(found), "steps": presenters.history(found, workflow.list_history(HandOver._meta.label_lower, found.pk)),
        "longer": found.resumed if supervises and found.state in machine.AWAY else None,
        "personal": selectors.list_personal(actor) if found.from_user_id == actor.user.pk else [],
    }  # fmt: skip
    return fragments.render(request, "handovers/show.html", context)


@require_http_methods(["GET", "POST"])
@needs("work.do")
def step(request: ActingRequest, public_id: str, event: str) -> HttpResponse:
    """Take over, decline, name somebody, register the return, withdraw."""
    found = _found(request, public_id)
    if event not in presenters.STEPS:
        raise Http404
    if not permissions.allowed(request.acting, found, event):
        messages.error(request, "交接代班已不是您打开时的状态，或不由您办理，本次操作没有生效。")
        return redirect("handovers:show", public_id)
    form = _form(request, found, event)
    if request.method == "POST" and form.is_valid():
        service: Any = getattr(services, event)
        try:
            service(found, actor=request.acting, **form.cleaned_data)
        except (PermissionDenied, NetworkRefused) as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, SAID[event])
            return redirect("handovers:show", public_id)
    context = {
        "found": found, "form": form, "event": event, "word": presenters.STEPS[event],
        "in_drawer": fragments.wants_fragment(request),
    }  # fmt: skip
    status = 422 if form.is_bound else 200
    return fragments.render(request, "handovers/step.html", context, block="drawer", status=status)


def _form(request: ActingRequest, found: HandOver, event: str) -> Form:
    posted = request.POST if request.method == "POST" else None
    if event == "assign":
        return forms.AssignForm(posted, found=found, actor=request.acting)
    return forms.WordsForm(posted, needed=event in ("decline", "withdraw"))
