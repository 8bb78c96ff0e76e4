"""Pages of the security administrator."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hutong.foundation.access import people as keeping
from hutong.foundation.access.guards import ActingRequest, fresh, needs
from hutong.foundation.accounts import identity, links
from hutong.foundation.accounts.models import User
from hutong.foundation.design.listings import Column, listing
from hutong.foundation.network.models import Holding
from hutong.foundation.network.selectors import current

_COLUMNS = (
    Column("用户名", "username", ("username",)),
    Column("姓名", "name", ("name", "username")),
    Column("状况"),
)


class AccountForm(forms.Form):
    name = forms.CharField(label="姓名", max_length=40)
    username = forms.CharField(label="用户名", max_length=40, help_text="小写字母和数字，例如姓名全拼。")


@require_safe
@needs("account.manage")
def people(request: ActingRequest) -> HttpResponse:
    text = request.GET.get("q", "")[:40]
    page = listing(request.GET, _COLUMNS, keeping.list_people(request.acting, text), sort="username")
    return render(request, "access/people.html", {"listing": page, "text": text})


def _person(request: ActingRequest, username: str) -> User:
    try:
        return keeping.get_person(request.acting, username)
    except User.DoesNotExist:
        raise Http404 from None


@require_safe
@needs("account.manage")
def person(request: ActingRequest, username: str) -> HttpResponse:
    user = _person(request, username)
    holdings = (
        Holding.objects.filter(current(), user=user)
        .select_related("post", "post__org")
        .order_by("deputy", "since")
    )
    unit = identity.unit()
    context = {"unit": unit, "linked": unit is not None and links.is_linked(user)}
    return render(request, "access/person.html", {"person": user, "holdings": list(holdings), **context})


@require_http_methods(["GET", "POST"])
@needs("account.manage")
@fresh
@never_cache
def add_person(request: ActingRequest) -> HttpResponse:
    form = AccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user, password = keeping.create_account(actor=request.acting, **form.cleaned_data)
        except keeping.AccountRefused as refusal:
            form.add_error("username", str(refusal))
        else:
            return render(request, "access/first_password.html", {"person": user, "password": password})
    return render(request, "access/add_person.html", {"form": form}, status=422 if form.is_bound else 200)


@require_POST
@needs("account.manage")
@fresh
@never_cache
def reset_password(request: ActingRequest, username: str) -> HttpResponse:
    user = _person(request, username)
    try:
        password = keeping.reset_password(actor=request.acting, user=user)
    except keeping.AccountRefused as refusal:
        messages.error(request, str(refusal))
        return _back(user)
    return render(request, "access/first_password.html", {"person": user, "password": password})


@require_POST
@needs("account.manage")
@fresh
def change_person(request: ActingRequest, username: str) -> HttpResponse:
    """POST ``act``: activate, deactivate, end_sessions, remove_second_step or unlink."""
    user, actor = _person(request, username), request.acting
    acts: dict[str, tuple[Callable[[], object], str]] = {
        "activate": (lambda: keeping.set_active(actor=actor, user=user, active=True), "账号已启用。"),
        "deactivate": (
            lambda: keeping.set_active(actor=actor, user=user, active=False),
            "账号已停用，会话已结束。",
        ),
        "end_sessions": (lambda: keeping.end_sessions(actor=actor, user=user), "该账号的会话已全部结束。"),
        "remove_second_step": (
            lambda: keeping.remove_second_step(actor=actor, user=user),
            "两步验证已撤销，请提醒本人重新设置。",
        ),
        "unlink": (
            lambda: keeping.unlink(actor=actor, user=user),
            "绑定已解除，会话已结束。本人已收到通知。",
        ),
    }
    if request.POST.get("act") not in acts:
        raise Http404
    act, said = acts[request.POST["act"]]
    try:
        act()
        messages.success(request, said)
    except keeping.AccountRefused as refusal:
        messages.error(request, str(refusal))
    return _back(user)


def _back(user: User) -> HttpResponse:
    return HttpResponseRedirect(reverse("access:person", args=[user.username]))
