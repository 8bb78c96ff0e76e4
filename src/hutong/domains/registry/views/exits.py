"""Exits: what was asked, and the steps to its end. Asking itself is a step of the file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from hutong.domains.registry import selectors, services
from hutong.domains.registry.forms.leaving import WordsForm
from hutong.domains.registry.machines.exit import EXIT, LIVE
from hutong.domains.registry.models import Exit
from hutong.domains.registry.presenters import moves as presenting
from hutong.domains.registry.services import errors
from hutong.foundation.access.explaining import Explanation
from hutong.foundation.access.guards import ActingRequest, fresh, needs
from hutong.foundation.design import fragments
from hutong.foundation.workflow import selectors as workflow

STEPS: dict[str, tuple[Callable[..., Any], bool, str]] = {
    "approve": (services.exits.approve, False, "已同意退出。"),
    "send_back": (services.exits.send_back, True, "已退回补正。"),
    "request_again": (services.exits.request_again, True, "已重新提请。"),
    "withdraw": (services.exits.withdraw, True, "已撤回。"),
}
"""Event → service, whether words are required, what is said when done."""


def _found(request: ActingRequest, public_id: str) -> Exit:
    try:
        found = selectors.get_exit(public_id)
    except Exit.DoesNotExist:
        raise Http404 from None
    because = Explanation("exit", found.public_id) if found.state in LIVE else None
    selectors.opening(request.acting, found.child, "退出审核", because)
    return found


@require_safe
@needs("child.view")
def show(request: ActingRequest, public_id: str) -> HttpResponse:
    leaving = _found(request, public_id)
    context = {
        "leaving": leaving,
        "child": leaving.child,
        "badge": (leaving.get_state_display(), presenting.TONES.get(leaving.state, "plain")),
        "buttons": presenting.exit_buttons(leaving, request.acting),
        "steps": presenting.history(workflow.list_history(services.exits.SUBJECT, leaving.pk), EXIT),
    }
    return fragments.render(request, "registry/exit.html", context)


@require_http_methods(["GET", "POST"])
@needs("child.view")
@fresh(event=("approve",))
def step(request: ActingRequest, public_id: str, event: str) -> HttpResponse:
    """Approve, send back, ask again, withdraw."""
    leaving = _found(request, public_id)
    buttons = presenting.exit_buttons(leaving, request.acting)
    button = next((one for one in buttons if one.event == event), None)
    if event not in STEPS or button is None:
        if request.method == "POST" and event in STEPS:
            messages.error(request, "退出已不是您打开时的状态，本次操作没有生效，请看最新情况。")
            return redirect("registry:exit", public_id)
        raise Http404
    service, needed, done = STEPS[event]
    form = WordsForm(request.POST if request.method == "POST" else None, needed=needed)
    if request.method == "POST" and form.is_valid():
        try:
            service(leaving, actor=request.acting, **form.cleaned_data)
        except errors.Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
        except PermissionDenied as denied:
            form.add_error(None, str(denied))
        else:
            messages.success(request, done)
            # after an exit by adoption the file is nobody's here any more
            gone = event == "approve" and leaving.reason == "ADOPTED"
            return (
                redirect("registry:search") if gone else redirect("registry:child", leaving.child.public_id)
            )
    context = {
        "title": button.word, "form": form, "intro": "", "button": button, "name": leaving.child.name,
        "back": reverse("registry:exit", args=[public_id]), "in_drawer": fragments.wants_fragment(request),
    }  # fmt: skip
    return fragments.render(
        request, "registry/leaving_step.html", context, block="drawer", status=422 if form.is_bound else 200
    )
