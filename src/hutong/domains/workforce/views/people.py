"""One person of the list: registering, training, checks, stopping and going on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from hutong.domains.workforce import permissions, selectors, services
from hutong.domains.workforce.forms.people import CheckForm, ReasonForm, TrainingForm, WorkerForm
from hutong.domains.workforce.models import Worker
from hutong.domains.workforce.presenters import people as presenting
from hutong.domains.workforce.services.errors import Refused
from hutong.foundation.access.guards import ActingRequest, needs
from hutong.foundation.design import fragments
from hutong.foundation.network import selectors as network
from hutong.foundation.workflow import selectors as workflow
from hutong.kernel import clock


def _worker(request: ActingRequest, public_id: str) -> Worker:
    try:
        return selectors.get_worker(request.acting, public_id)
    except Worker.DoesNotExist:
        raise Http404 from None


@require_safe
@needs("workforce.view")
def show(request: ActingRequest, public_id: str) -> HttpResponse:
    worker, actor = _worker(request, public_id), request.acting
    appointments = list(
        worker.appointments.select_related("post", "worker", "worker__user").order_by("-since", "-pk")
    )
    live = [one for one in appointments if one.state != "REPLACED"]
    suspended = any(one.state == "SUSPENDED" for one in live)
    state = selectors.standing(
        worker, clock.today(), since=min((one.since for one in live), default=None), suspended=suspended
    )
    trainings = worker.trainings.select_related("recorded_by").order_by("-held_on", "-pk")
    checks = worker.checks.select_related("recorded_by").order_by("-done_on", "-pk")
    context: dict[str, Any] = {
        "worker": worker,
        "path": network.area_path(worker.area_code),
        "state": state,
        "badge": presenting.badge(state),
        "appointments": [
            {
                "one": one,
                "tone": presenting.TONES.get(one.state, "info"),
                "suspend": permissions.can_suspend(actor, one),
                "resume": permissions.can_resume(actor, one),
                "steps": [presenting.step(change) for change in workflow.list_history("workforce.appointment", one.pk)],
            }
            for one in appointments
        ],
        "trainings": [presenting.training(one) for one in trainings],
        "checks": [presenting.check(one) for one in checks],
        "may_keep": permissions.can_keep(actor, worker),
    }  # fmt: skip
    return fragments.render(request, "workforce/worker.html", context)


@require_http_methods(["GET", "POST"])
@needs("workforce.keep")
def register(request: ActingRequest, public_id: UUID) -> HttpResponse:
    """Put whoever holds this post on the list."""
    try:
        holding = selectors.get_holding(request.acting, str(public_id))
    except ObjectDoesNotExist:
        raise Http404 from None
    form = WorkerForm(request.POST or None, initial={"name": holding.user.name})
    title = f"登记实名信息：{holding.user.name}（{holding.post.title}）"

    def save(facts: dict[str, Any]) -> Worker:
        return services.register(holding, actor=request.acting, **facts)

    return _form(request, form, title, save, "已登记。请接着登记岗前培训考核和背景查询。")


@require_http_methods(["GET", "POST"])
@needs("workforce.keep")
def edit(request: ActingRequest, public_id: str) -> HttpResponse:
    worker = _worker(request, public_id)
    initial = {name: getattr(worker, name) for name in ("name", "qualification", "certificate")}
    form = WorkerForm(request.POST or None, initial=initial)

    def save(facts: dict[str, Any]) -> Worker:
        return services.change(worker, actor=request.acting, **facts)

    return _form(request, form, f"修改实名信息：{worker.name}", save, "已保存。")


@require_http_methods(["GET", "POST"])
@needs("workforce.keep")
def add(request: ActingRequest, public_id: str, kind: str) -> HttpResponse:
    """A training or a background check."""
    worker = _worker(request, public_id)
    makers: dict[str, tuple[type[django_forms.Form], Callable[..., Any], str]] = {
        "training": (TrainingForm, services.add_training, "登记培训考核"),
        "check": (CheckForm, services.add_check, "登记背景查询"),
    }
    if kind not in makers:
        raise Http404
    form_class, service, title = makers[kind]
    form = form_class(request.POST or None)

    def save(facts: dict[str, Any]) -> Worker:
        service(worker, actor=request.acting, **facts)
        return worker

    return _form(request, form, f"{title}：{worker.name}", save, "已登记。")


@require_http_methods(["GET", "POST"])
@needs("workforce.keep")
def withdraw(request: ActingRequest, public_id: str, kind: str, record_id: str) -> HttpResponse:
    """Take back a training or check that was entered wrongly."""
    worker = _worker(request, public_id)
    try:
        record = selectors.get_record(worker, kind, record_id)
    except ObjectDoesNotExist:
        raise Http404 from None
    form = ReasonForm(request.POST or None)

    def save(facts: dict[str, Any]) -> Worker:
        services.withdraw(record, actor=request.acting, **facts)
        return worker

    return _form(
        request, form, f"撤销{record._meta.verbose_name}：{worker.name}", save, "已撤销，原记录保留备查。"
    )


@require_http_methods(["GET", "POST"])
@needs("workforce.keep")
def step(request: ActingRequest, public_id: str, appointment_id: str, event: str) -> HttpResponse:
    """Stop somebody's work in a post, or let it go on."""
    worker = _worker(request, public_id)
    acts = {
        "suspend": (services.suspend, "停岗", "已停岗，即时生效。"),
        "resume": (services.resume, "恢复", "已恢复，并按现有记录重新核对资格。"),
    }
    try:
        appointment = selectors.get_appointment(worker, appointment_id)
    except ObjectDoesNotExist:
        raise Http404 from None
    if event not in acts:
        raise Http404
    act, word, done = acts[event]
    form = ReasonForm(request.POST or None)

    def save(facts: dict[str, Any]) -> Worker:
        act(appointment, actor=request.acting, **facts)
        return worker

    return _form(request, form, f"{word}：{worker.name}（{appointment.post.title}）", save, done)


def _form(
    request: ActingRequest, form: django_forms.Form, title: str, save: Callable[[dict[str, Any]], Worker], done: str
) -> HttpResponse:  # fmt: skip
    """One form, one act: refused with its sentence and what was typed, or done and on to the person's page."""
    if request.method == "POST" and form.is_valid():
        try:
            worker = save(form.cleaned_data)
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
        except PermissionDenied as denied:
            form.add_error(None, str(denied))
        else:
            messages.success(request, done)
            return redirect("workforce:worker", worker.public_id)
    context = {"form": form, "title": title}
    return fragments.render(request, "workforce/form.html", context, status=422 if form.is_bound else 200)
