"""What departments want taken back, for the county to decide; and what their systems pushed."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from hutong.domains.exchange import forms, presenters, selectors, services
from hutong.domains.exchange.machines import amendment as machine
from hutong.domains.exchange.models import Amendment
from hutong.domains.exchange.services.errors import NotPossible
from hutong.foundation.access.guards import ActingRequest, needs
from hutong.foundation.design import fragments
from hutong.foundation.design.listings import Column, listing
from hutong.foundation.workflow import selectors as workflow
from hutong.foundation.workflow.errors import NotNow

COLUMNS = (Column("清单"), Column("部门"), Column("更正内容"), Column("提出"), Column("状态"))
PUSHES = (Column("推送时间"), Column("清单"), Column("部门系统"), Column("状态"))


@require_safe
@needs("exchange.withdraw")
def amendments(request: ActingRequest) -> HttpResponse:
    """Requests of departments, those waiting first."""
    context = {
        "page": listing(request.GET, COLUMNS, selectors.list_amendments()),
        "title_of": presenters.neutral_title,
        "badge": presenters.amendment_badge,
        "about": presenters.amendment_words,
    }
    return fragments.render(request, "exchange/amendments.html", context)


@require_safe
@needs("exchange.withdraw")
def pushes(request: ActingRequest) -> HttpResponse:
    """Events pushed one by one: when, which list, by whom; never about whom."""
    context = {
        "page": listing(request.GET, PUSHES, selectors.list_pushes()),
        "title_of": presenters.neutral_title,
        "badge": presenters.push_badge,
    }
    return fragments.render(request, "exchange/pushes.html", context)


def _get(public_id: str) -> Amendment:
    try:
        return selectors.get_amendment(public_id)
    except Amendment.DoesNotExist:
        raise Http404 from None


@require_safe
@needs("exchange.withdraw")
def amendment(request: ActingRequest, public_id: str) -> HttpResponse:
    return _page(request, _get(public_id), forms.ReasonForm())


def _page(
    request: ActingRequest, one: Amendment, form: forms.ReasonForm, *, status: int = 200, told: str = ""
) -> HttpResponse:
    context = {
        "one": one,
        "title": presenters.neutral_title(one),
        "about": presenters.amendment_words(one),
        "badge": presenters.amendment_badge(one),
        "open": one.state == machine.REQUESTED,
        "history": workflow.list_history("exchange.amendment", one.pk),
        "words": {step.event: step.word for step in machine.MACHINE.transitions} | {"create": "提出"},
        "form": form,
        "told": told,
    }
    return fragments.render(request, "exchange/amendment.html", context, status=status)


@require_POST
@needs("exchange.withdraw")
def accept(request: ActingRequest, public_id: str) -> HttpResponse:
    """From now on comparisons leave out what was taken back."""
    one = _get(public_id)
    try:
        services.accept_amendment(amendment=one, actor=request.acting)
    except NotNow as error:
        return _page(request, _get(public_id), forms.ReasonForm(), status=409, told=str(error))
    messages.success(request, "已采纳。今后的比对不再使用这些数据，只以它们为依据的线索已一并撤回。")
    return redirect("exchange:amendment", public_id)


@require_POST
@needs("exchange.withdraw")
def refuse(request: ActingRequest, public_id: str) -> HttpResponse:
    """The data stands; the department is told why."""
    one, form = _get(public_id), forms.ReasonForm(request.POST)
    if form.is_valid():
        try:
            services.refuse_amendment(amendment=one, actor=request.acting, reason=form.cleaned_data["reason"])
        except NotPossible as error:
            form.add_error("reason", str(error))
        except NotNow as error:
            return _page(request, _get(public_id), form, status=409, told=str(error))
        else:
            messages.success(request, "已答复提供部门。")
            return redirect("exchange:amendment", public_id)
    return _page(request, one, form, status=422)
