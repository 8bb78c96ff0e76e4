"""Propose, approve, send back, withdraw: one page for each step of a scenario."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from hutong.domains.policy import forms, services
from hutong.domains.policy.models import Scenario
from hutong.domains.policy.selectors import scenarios
from hutong.foundation.access.guards import ActingRequest, fresh, needs
from hutong.foundation.design import fragments
from hutong.foundation.workflow import services as engine

STEPS: dict[str, tuple[Callable[..., Any], str, str, str]] = {
    "propose": (services.propose, "报请批准启用", "已报批，等待另一人批准。", "批准后到启用日期自动生效；生效前可以撤回或退回。"),
    "approve": (services.approve, "批准启用", "已批准，到日启用。", "启用后，辖区的判定和比对自该日起按新标准；在册名单不自动改动，变化逐一成为线索，由人核实。"),
    "send_back": (services.send_back, "退回修改", "已退回。", "退回后由起草人修改、重新测算和报批。"),
    "withdraw": (services.withdraw, "撤回", "已撤回，没有作任何改动。", "撤回后这个情景不再办理；可以复制为新的情景。"),
}  # fmt: skip
"""Event → service, the button, what is said when done, what it means."""


def events(request: ActingRequest, scenario: Scenario) -> list[tuple[str, str]]:
    """Steps for this actor now: the author's for the author, the second person's for anybody else."""
    own = scenario.made_by_id == request.user.pk
    return [
        (one.event, STEPS[one.event][1])
        for one in engine.allowed_events(scenario, request.acting)
        if one.event in STEPS and own == (one.right == "policy.simulate")
    ]


def attempt(form: django_forms.Form, act: Callable[[], Any]) -> bool:
    """Whether it was done; else the reason stands on the form."""
    try:
        act()
    except (services.Refused, PermissionDenied) as refused:
        form.add_error(None, str(refused))
        return False
    return True


def _form(event: str, data: Any) -> django_forms.Form:
    return forms.ProposeForm(data) if event == "propose" else forms.WordsForm(data, needed=event != "approve")


@require_http_methods(["GET", "POST"])
@needs("policy.simulate")
@fresh(event=("approve", "propose"))
def step(request: ActingRequest, public_id: str, event: str) -> HttpResponse:
    try:
        scenario = scenarios.get_scenario(public_id)
    except Scenario.DoesNotExist:
        raise Http404 from None
    if event not in dict(events(request, scenario)):
        if request.method == "POST" and event in STEPS:
            messages.error(request, "政策情景已不是您打开时的状态，本次操作没有生效，请看最新情况。")
            return redirect("policy:scenario", public_id)
        raise Http404
    service, word, done, means = STEPS[event]
    form = _form(event, request.POST if request.method == "POST" else None)
    if (
        form.is_bound
        and form.is_valid()
        and attempt(form, lambda: service(scenario, actor=request.acting, **form.cleaned_data))
    ):
        messages.success(request, done)
        return redirect("policy:scenario", public_id)
    context = {"scenario": scenario, "form": form, "word": word, "means": means, "event": event}
    return fragments.render(
        request, "policy/scenario_step.html", context, status=422 if form.is_bound else 200
    )
