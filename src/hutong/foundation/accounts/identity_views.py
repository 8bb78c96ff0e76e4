"""Going to the unit's identity provider and coming back. Without one configured none of these addresses exist."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import cast

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from allauth.account.utils import get_next_redirect_url
from allauth.core import ratelimit
from allauth.core.internal.ratelimit import consume as look
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from hutong.foundation.accounts import identity, links
from hutong.foundation.accounts.guards import fresh
from hutong.foundation.accounts.identity import Unit
from hutong.foundation.accounts.models import User

_UNKNOWN = (
    "您已在“{}”登录，但那个账号还没有绑定本系统的账号，所以没有登录。请先用用户名和密码登录，在右上角姓名 →“账号与安全”→"
    "“绑定{}”绑定一次，以后就能从这里登录。还没有本系统账号的，请联系本单位的安全管理员。"
)


def _with_unit(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Put the provider on the request; without one there is no such page."""

    @wraps(view)
    def found(request: HttpRequest) -> HttpResponse:
        unit = identity.unit()
        if unit is None:
            raise Http404
        request.unit = unit  # type: ignore[attr-defined]
        return view(request)

    return found


def _unit(request: HttpRequest) -> Unit:
    found: Unit = request.unit  # type: ignore[attr-defined]
    return found


@_with_unit
@require_POST
@never_cache
def sign_in(request: HttpRequest) -> HttpResponse:
    return _leave(request, back="account_login", following=get_next_redirect_url(request) or "")


@_with_unit
@require_POST
@login_required
@fresh
@never_cache
def link(request: HttpRequest) -> HttpResponse:
    return _leave(request, back="account_home", linking=request.user.pk)


def _leave(
    request: HttpRequest, *, back: str, following: str = "", linking: int | None = None
) -> HttpResponse:
    """Off to the provider by a page that leads on: a form may lead to no other site, and that stays so (ADR 0031)."""
    unit = _unit(request)
    if not ratelimit.consume(request, action="oidc"):
        return _refuse(request, "登录过于频繁，请稍等一分钟再试。", back)
    try:
        address = identity.leave(request, unit, following=following, linking=linking)
    except identity.Refused as refusal:
        return _refuse(request, str(refusal), back)
    answer = render(request, "account/leaving.html", {"unit": unit, "address": address})
    answer["Refresh"] = f"0; url={address}"
    return answer


@_with_unit
@require_safe
@never_cache
def callback(request: HttpRequest) -> HttpResponse:
    """Back from the provider, signing in or linking, as it was begun in this session."""
    unit = _unit(request)
    here = "account_home" if request.user.is_authenticated else "account_login"
    try:
        answer = identity.come_back(request, unit)
    except identity.Refused as refusal:
        return _refuse(request, str(refusal), here)
    if answer.linking is not None:
        return _link(request, unit, answer)
    user = links.holder(answer.issuer, answer.subject)
    if request.user.is_authenticated:
        if user is None or user.pk != request.user.pk:
            return _refuse(request, "本浏览器里已有人登录，没有换人。请先退出，再从登录页登录。", here)
        return HttpResponseRedirect(answer.following or "/")
    if user is None:
        return _refuse(request, _UNKNOWN.format(unit.name, unit.name), here)
    key = get_adapter()._get_login_attempts_cache_key(request, username=user.username)
    if (
        look(request, app="allauth.account", action="login_failed", key=key, dry_run=True, limit_get=True)
        is None
    ):
        return _refuse(request, get_adapter().error_messages["too_many_login_attempts"], here)
    # no record of a password or second step: the provider may have asked for nothing just now (ADR 0025)
    return perform_login(request, Login(user=user, redirect_url=answer.following or None))  # type: ignore[no-any-return]


def _link(request: HttpRequest, unit: Unit, answer: identity.Answer) -> HttpResponse:
    if not request.user.is_authenticated or request.user.pk != answer.linking:
        return _refuse(request, "发起绑定的账号已退出，没有绑定。请重新登录后再绑定。", "account_login")
    try:
        links.link(user=request.user, issuer=answer.issuer, subject=answer.subject, name=unit.name)
    except links.LinkRefused as refusal:
        return _refuse(request, str(refusal), "account_home")
    messages.success(request, f"已绑定“{unit.name}”，以后可以从登录页用它登录。")
    return HttpResponseRedirect(reverse("account_home"))


@_with_unit
@require_POST
@login_required
@fresh
def unlink(request: HttpRequest) -> HttpResponse:
    user = cast(User, request.user)
    try:
        if links.unlink(user=user, by=user):
            messages.success(request, f"已解除与“{_unit(request).name}”的绑定，以后请用用户名和密码登录。")
    except links.LinkRefused as refusal:
        messages.error(request, str(refusal))
    return HttpResponseRedirect(reverse("account_home"))


def _refuse(request: HttpRequest, words: str, back: str) -> HttpResponse:
    messages.error(request, words)
    return HttpResponseRedirect(reverse(back))
