"""The card of one compartment of one child: the purpose first, then the facts. Not named, out of scope, no such
compartment: all the same "not found"."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from hutong.domains.compartments import permissions, presenters, selectors, services
from hutong.domains.compartments.forms import FACT_FORMS, PurposeForm, ReasonForm
from hutong.domains.compartments.models import FACTS
from hutong.domains.compartments.services.errors import Refused
from hutong.domains.registry.models import Child
from hutong.foundation.access import vault
from hutong.foundation.access.guards import ActingRequest, needs
from hutong.foundation.design import fragments

_CLOSING = "注销后这一条不再作数，原记录仍保留在专管资料中，名单上的人可以看到注销事由。"
_SEALING = (
    "转入后，村、乡镇和部门的人在任何页面都不再看到这名儿童，走访、待办和期限停在这里，由名单上的人负责照护。"
    "立即生效，并请另一位名单人员核对。"
)
_LIFTING = "解除后，档案和停下的待办、期限恢复，辖区内的工作人员又能看到。须由转入人以外的名单人员办理。"


@contextmanager
def opened(request: ActingRequest, public_id: str, compartment: str) -> Iterator[Child]:
    """The child, with the compartment open inside."""
    if compartment not in FACTS or not permissions.may_open(request.acting, compartment):
        raise Http404
    with services.opening(request.acting, compartment):
        try:
            child = selectors.get_child(public_id)
        except ObjectDoesNotExist:
            raise Http404 from None
        yield child


def refuse(form: object, refused: Refused) -> None:
    form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)  # type: ignore[attr-defined]


@never_cache
@require_http_methods(["GET", "POST"])
@needs("sealed.view")
def card(request: ActingRequest, public_id: str, compartment: str) -> HttpResponse:
    """GET asks what for; POST writes it down and shows the card."""
    with opened(request, public_id, compartment) as child:
        form = PurposeForm(request.POST if request.method == "POST" else None)
        context = {
            "child": child,
            "compartment": compartment,
            "title": presenters.title(compartment),
            "form": form,
        }
        if form.is_valid():
            try:
                services.open_card(
                    child=child, compartment=compartment, actor=request.acting, **form.cleaned_data
                )
            except Refused as refused:
                refuse(form, refused)
            else:
                return _show(request, child, compartment, context)
        status = 422 if form.is_bound else 200
        return fragments.render(request, "compartments/purpose.html", context, status=status)


def _show(request: ActingRequest, child: Child, compartment: str, context: dict[str, object]) -> HttpResponse:
    has_key = vault.available(compartment)
    shown = selectors.list_facts(child, compartment) if has_key else []
    openings = selectors.list_openings(child, compartment)[:20]
    whole = selectors.whole_file(child, compartment)
    context |= {
        "file": presenters.whole_file(child) if whole else [],
        "facts": [presenters.fact(one) for one in shown],
        "openings": [(one, presenters.purpose(one.purpose)) for one in openings],
        "has_key": has_key,
        "whole": whole,
    }
    return fragments.render(request, "compartments/card.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@needs("sealed.view")
def add(request: ActingRequest, public_id: str, compartment: str) -> HttpResponse:
    """Record a fact; the page leads back to the card, which asks for its purpose again."""
    with opened(request, public_id, compartment) as child:
        form = FACT_FORMS[compartment](request.POST if request.method == "POST" else None)
        if form.is_valid():
            try:
                services.add_fact(
                    child=child, compartment=compartment, actor=request.acting, content=form.cleaned_data
                )
            except Refused as refused:
                refuse(form, refused)
            else:
                messages.success(request, "已登记入专管资料。")
                return redirect("compartments:card", public_id, compartment)
        context = {
            "child": child,
            "compartment": compartment,
            "title": presenters.title(compartment),
            "form": form,
        }
        status = 422 if form.is_bound else 200
        return fragments.render(request, "compartments/add.html", context, status=status)


@never_cache
@require_http_methods(["GET", "POST"])
@needs("sealed.view")
def close(request: ActingRequest, public_id: str, compartment: str, fact_id: str) -> HttpResponse:
    """The fact ended or was wrong: closed with a reason, never deleted."""
    with opened(request, public_id, compartment) as child:
        try:
            fact = selectors.get_fact(child, compartment, fact_id)
        except ObjectDoesNotExist:
            raise Http404 from None
        form = ReasonForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            try:
                services.close_fact(fact, actor=request.acting, reason=form.cleaned_data["reason"])
            except Refused as refused:
                refuse(form, refused)
            else:
                messages.success(request, "已注销，原记录保留在专管资料中。")
                return redirect("compartments:card", public_id, compartment)
        context = {
            "child": child, "compartment": compartment, "form": form, "title": "注销专管资料", "act": "注销专管资料",
            "notice": _CLOSING, "button": "注销",
        }  # fmt: skip
        status = 422 if form.is_bound else 200
        return fragments.render(request, "compartments/add.html", context, status=status)


@never_cache
@require_http_methods(["GET", "POST"])
@needs("sealed.view")
def whole(request: ActingRequest, public_id: str, compartment: str) -> HttpResponse:
    """The whole file into the compartment, or out again; which of the two follows from how the file stands."""
    with opened(request, public_id, compartment) as child:
        lifting = bool(child.sealed_in)
        form = ReasonForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            act = services.lift_file if lifting else services.seal_file
            try:
                act(
                    child=child,
                    compartment=compartment,
                    actor=request.acting,
                    reason=form.cleaned_data["reason"],
                )
            except Refused as refused:
                refuse(form, refused)
            else:
                done = "已解除，档案恢复日常管理。" if lifting else "整份档案已转入专管，日常工作中不再出现。"
                messages.success(request, done)
                return redirect("compartments:card", public_id, compartment)
        context = {
            "child": child, "compartment": compartment, "form": form,
            "title": "解除整份专管" if lifting else "整份转入专管",
            "act": "解除整份专管" if lifting else "整份转入专管",
            "notice": _LIFTING if lifting else _SEALING,
            "button": "解除" if lifting else "转入专管",
        }  # fmt: skip
        status = 422 if form.is_bound else 200
        return fragments.render(request, "compartments/add.html", context, status=status)
