"""Changing a part of the file, adding to a section, and the steps of the file."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from hutong.domains.registry import presenters, services
from hutong.domains.registry.forms.child import PARTS, current
from hutong.domains.registry.forms.sections import SECTIONS, CorrectForm, EndKinForm, StepForm
from hutong.domains.registry.machines import correcting
from hutong.domains.registry.models import Child, Circumstance, Kinship
from hutong.domains.registry.services import errors
from hutong.domains.registry.views.child import opened_to_change as opened
from hutong.foundation.access.guards import ActingRequest, needs
from hutong.foundation.design import fragments

STEPS: dict[str, tuple[Any, bool, bool]] = {
    "register": (services.register, False, False),
    "approve": (services.approve, False, False),
    "send_back": (services.send_back, True, False),
    "void": (services.void, True, False),
    "leave": (services.exits.request, True, True),
    "come_back": (services.moves.come_back, True, False),
    "reopen": (services.reopen, True, False),
    "archive": (services.archive, False, False),
}
"""Event → service, whether words are required, whether a reason of the table is."""


def _page(request: ActingRequest, child: Child, title: str, form: forms.Form, **more: Any) -> HttpResponse:
    values = {
        "child": child,
        "title": title,
        "form": form,
        "conflict": [],
        "version": child.version,
        "button": "保存",
        "intro": "",
        "in_drawer": fragments.wants_fragment(request),
    } | more
    status = 422 if form.is_bound else 200
    return fragments.render(request, "registry/form.html", values, block="drawer", status=status)


def _refuse(form: forms.Form, refused: errors.Refused) -> None:
    form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)


@needs("child.edit")
def edit(request: ActingRequest, public_id: str, part: str) -> HttpResponse:
    """Change the identity or the living facts; a change made by somebody else in between is shown beside one's own."""
    if part not in PARTS:
        raise Http404
    title, form_class, names = PARTS[part]
    child = opened(request, public_id, f"修改{title}")
    start = current(child, names) if request.method != "POST" else None
    form = _direct(child, form_class(request.POST if start is None else None, initial=start))
    intro = PROPOSED if len(form.fields) < len(names) else ""
    if request.method != "POST":
        return _page(request, child, title, form, intro=intro)
    conflict: list[dict[str, str]] = []
    if form.is_valid():
        try:
            services.edit_child(
                child, actor=request.acting, version=_version(request), changes=form.cleaned_data
            )
        except errors.Conflict as found:
            conflict = presenters.conflict(found, form)
        except errors.Refused as refused:
            _refuse(form, refused)
        else:
            messages.success(request, f"{title}已保存。")
            return redirect("registry:child", public_id)
    # after a conflict was shown, saving again is a decision: the version now seen goes with the form
    version = child.version if conflict else _version(request)
    return _page(request, child, title, form, conflict=conflict, version=version, intro=intro)


PROPOSED = "档案在管后，姓名、证件、性别、出生日期、户籍地和居住地须申请更正，由另一人审批，这里不再列出。"


def _direct(child: Child, form: forms.Form) -> forms.Form:
    """The form without what a file in care lets nobody change alone."""
    for name in correcting.high() & form.fields.keys() if child.state == "ACTIVE" else ():
        del form.fields[name]
    return form


def _version(request: ActingRequest) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


@needs("child.edit")
def add(request: ActingRequest, public_id: str, section: str) -> HttpResponse:
    """Add a dated fact, a relative, a status … to the file."""
    found = SECTIONS.get(section)
    if found is None:
        raise Http404
    child = opened(request, public_id, found.title)
    if section == "regime" and child.state == "ACTIVE":
        return redirect(f"{reverse('registry:propose', args=[child.public_id])}?part=guardian")
    form = found.form(request.POST) if request.method == "POST" else found.form()
    if request.method == "POST" and form.is_valid():
        try:
            found.save(child, actor=request.acting, **form.cleaned_data)
        except errors.Refused as refused:
            _refuse(form, refused)
        else:
            messages.success(request, found.done)
            return redirect("registry:child", public_id)
    return _page(request, child, found.title, form)


@needs("child.edit")
def correct(request: ActingRequest, public_id: str, fact_id: str) -> HttpResponse:
    """End or withdraw a circumstance; the old line stays readable."""
    child = opened(request, public_id, "更正情形")
    fact = Circumstance.objects.filter(child=child, public_id=fact_id).first()
    if fact is None:
        raise Http404
    form = CorrectForm(request.POST) if request.method == "POST" else CorrectForm()
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            if given["act"] == "end":
                services.end_circumstance(
                    fact, actor=request.acting, until=given["until"], evidence=given["reason"]
                )
            else:
                services.supersede_circumstance(fact, actor=request.acting, reason=given["reason"])
        except errors.Refused as refused:
            _refuse(form, refused)
        else:
            messages.success(request, "情形已更正，原记录保留可查。")
            return redirect("registry:child", public_id)
    return _page(request, child, f"更正情形：{fact}", form)


@needs("child.edit")
def end_kin(request: ActingRequest, public_id: str, person_id: uuid.UUID, relation: str) -> HttpResponse:
    child = opened(request, public_id, "更正亲属关系")
    ties = Kinship.objects.select_related("person", "child").filter(child=child, until__isnull=True)
    tie = ties.filter(person_id=person_id, relation=relation).first()
    if tie is None:
        raise Http404
    form = EndKinForm(request.POST) if request.method == "POST" else EndKinForm()
    if request.method == "POST" and form.is_valid():
        try:
            services.end_kin(tie, actor=request.acting, **form.cleaned_data)
        except errors.Refused as refused:
            _refuse(form, refused)
        else:
            messages.success(request, "亲属关系已结束，历史可查。")
            return redirect("registry:child", public_id)
    return _page(request, child, f"结束亲属关系：{tie.get_relation_display()} {tie.person.name}", form)


@needs("child.view")
def step(request: ActingRequest, public_id: str, event: str) -> HttpResponse:
    """One step of the file. Only steps the post may take from here exist; who may is in the transition table."""
    child = opened(request, public_id, "办理档案")
    label = presenters.step_label(child, event, request.acting)
    if event not in STEPS or label is None:
        if request.method == "POST" and event in STEPS:
            messages.error(request, "档案已不是您打开时的状态，本次操作没有生效，请看最新情况。")
            return redirect("registry:child", public_id)
        raise Http404
    service, needs_reason, closing = STEPS[event]
    form = StepForm(
        request.POST if request.method == "POST" else None, needs_reason=needs_reason, closing=closing
    )
    if request.method == "POST" and form.is_valid():
        words = form.cleaned_data if event != "register" else {}
        try:
            service(child, actor=request.acting, **words)
        except errors.Refused as refused:
            _refuse(form, refused)
        except PermissionDenied as denied:
            form.add_error(None, str(denied))
        else:
            messages.success(request, f"已{label}。")
            return redirect("registry:child", public_id)
    return _page(request, child, label, form, button=label, intro=presenters.step_intro(event))
