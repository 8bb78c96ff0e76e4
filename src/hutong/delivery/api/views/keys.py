"""Pages on which the door is kept: what was agreed, keys asked for, approved, ended; what came through."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hutong.delivery.api import forms, presenters, selectors, services
from hutong.delivery.api.models import Key, System
from hutong.delivery.api.services.errors import DoorRefused
from hutong.foundation.access.guards import ActingRequest, fresh, needs
from hutong.foundation.design import fragments
from hutong.foundation.design.listings import Column, listing

COLUMNS = (
    Column("系统"), Column("部门"), Column("协议"), Column("密钥"), Column("最近调用"),
)  # fmt: skip
CALLS = (Column("时间"), Column("事项"), Column("密钥"), Column("结果"))


@require_safe
@needs("door.view")
def systems(request: ActingRequest) -> HttpResponse:
    """Departments' systems of the county."""
    context = {
        "page": listing(request.GET, COLUMNS, selectors.list_systems()),
        "may_manage": request.acting.may("door.manage"),
    }
    return fragments.render(request, "door/systems.html", context)


@require_http_methods(["GET", "POST"])
@needs("door.manage")
def new(request: ActingRequest) -> HttpResponse:
    """Write down what was agreed with a department."""
    form = forms.SystemForm(request.POST or None, actor=request.acting)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.register(actor=request.acting, **form.facts())
        except DoorRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "已登记。接着为它申请密钥，由安全管理员批准后启用。")
            return redirect("door:system", made.public_id)
    return fragments.render(request, "door/new.html", {"form": form}, status=422 if form.is_bound else 200)


def _system(public_id: str) -> System:
    try:
        return selectors.get_system(public_id)
    except System.DoesNotExist:
        raise Http404 from None


def _key(key_id: str) -> Key:
    try:
        return selectors.get_key(key_id)
    except Key.DoesNotExist:
        raise Http404 from None


@require_safe
@needs("door.view")
def system(request: ActingRequest, public_id: str) -> HttpResponse:
    return _page(request, _system(public_id))


def _page(
    request: ActingRequest, found: System, form: forms.KeyForm | None = None, reason: forms.ReasonForm | None = None,
    *, status: int = 200,
) -> HttpResponse:  # fmt: skip
    actor = request.acting
    context = {
        "system": found,
        "lists": presenters.lists_of(found),
        "keys": [presenters.key_row(key, actor) for key in selectors.list_keys(found)],
        "calls": listing(request.GET, CALLS, selectors.list_calls(found)),
        "row": presenters.call_row,
        "form": form or forms.KeyForm(),
        "reason": reason or forms.ReasonForm(),
        "may_manage": actor.may("door.manage"),
    }
    return fragments.render(request, "door/system.html", context, status=status)


@require_POST
@needs("door.manage")
@never_cache
def request_key(request: ActingRequest, public_id: str) -> HttpResponse:
    """Ask for a key; a private key made here is shown by this answer and never again."""
    found, form = _system(public_id), forms.KeyForm(request.POST)
    if form.is_valid():
        try:
            key, secret = services.request_key(
                actor=request.acting, system=found, public_key=form.cleaned_data["public_key"]
            )
        except DoorRefused as refused:
            form.add_error("public_key", str(refused))
        else:
            if secret:
                context = {"system": found, "key": presenters.key_row(key, request.acting), "secret": secret}
                return fragments.render(request, "door/secret.html", context)
            messages.success(request, "已提交，由安全管理员批准后启用。请电话告知对方核对公钥指纹。")
            return redirect("door:system", public_id)
    return _page(request, found, form, status=422)


@require_POST
@needs("door.approve")
@fresh
def approve(request: ActingRequest, key_id: str) -> HttpResponse:
    """Another person than the one who asked."""
    key = _key(key_id)
    try:
        services.approve(actor=request.acting, key=key)
    except PermissionDenied as denied:
        messages.error(request, str(denied))
    else:
        messages.success(request, "已启用。原来的密钥还可以用几天，供对方更换。")
    return redirect("door:system", key.system.public_id)


@require_POST
@needs("door.approve")
def refuse(request: ActingRequest, key_id: str) -> HttpResponse:
    return _with_reason(request, key_id, services.refuse, "未予批准。")


@require_POST
@needs("door.manage")
def revoke(request: ActingRequest, key_id: str) -> HttpResponse:
    return _with_reason(request, key_id, services.revoke, "已吊销，即刻失效。")


@require_POST
@needs("door.approve")
def cut_off(request: ActingRequest, key_id: str) -> HttpResponse:
    return _with_reason(request, key_id, services.cut_off, "已停用，即刻失效。")


def _with_reason(request: ActingRequest, key_id: str, service: Callable[..., Key], done: str) -> HttpResponse:
    key, form = _key(key_id), forms.ReasonForm(request.POST)
    if form.is_valid():
        try:
            service(actor=request.acting, key=key, reason=form.cleaned_data["reason"])
        except PermissionDenied as denied:
            messages.error(request, str(denied))
        else:
            messages.success(request, done)
        return redirect("door:system", key.system.public_id)
    return _page(request, key.system, reason=form, status=422)
