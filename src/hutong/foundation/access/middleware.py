"""Every request acts in one post, inside one transaction, under that post's scope (ADR 0002)."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.db import connection, transaction
from django.db.utils import ProgrammingError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, ResolverMatch, get_resolver, resolve

from hutong.foundation.access import explaining
from hutong.foundation.access.acting import Acting, acting_for, with_assigned
from hutong.foundation.access.scope import use_scope
from hutong.foundation.accounts import rights
from hutong.foundation.accounts.passkeys import SECOND_STEPS

OWN_ACCOUNT = frozenset(
    {"account_login", "account_logout", "account_inactive", "account_change_password", "web:health"}
)
"""Reached without a post, and while the first password still stands: signing in and out, changing the password."""

SECOND_STEP = OWN_ACCOUNT | {
    "account_reauthenticate", "mfa_index", "mfa_activate_totp", "mfa_authenticate", "mfa_reauthenticate",
    "mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_download_recovery_codes",
    "mfa_add_webauthn", "mfa_list_webauthn", "mfa_reauthenticate_webauthn",
}  # fmt: skip
"""Reached while a required second step is not set up yet."""


INSUFFICIENT_PRIVILEGE = "42501"
"""PostgreSQL's word for a row that fails a policy, or a verb that was not granted."""


class ScopeMiddleware:
    """Acting post, transaction and scope around the whole response.

    A streaming response is sent after the transaction: build what it needs before, or it reads nothing.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.acting = None  # type: ignore[attr-defined]
        if request.path.startswith(settings.STATIC_URL) or not request.user.is_authenticated:
            return self.get_response(request)
        name = _route(request)
        if request.user.must_change_password:
            return self.get_response(request) if name in OWN_ACCOUNT else redirect("account_change_password")
        acting = acting_for(request)
        if acting is None:
            if name in OWN_ACCOUNT:
                return self.get_response(request)
            return render(request, "access/no_post.html", status=403)
        if name not in SECOND_STEP and second_step_missing(acting):
            return redirect("mfa_index")
        return self._act(request, acting)

    def _act(self, request: HttpRequest, acting: Acting) -> HttpResponse:
        with contextlib.ExitStack() as stack:
            if connection.in_atomic_block:  # a test's transaction stands around us: roll back ours alone
                stack.enter_context(transaction.atomic())
            stack.enter_context(use_scope(acting.scope))
            seeing = with_assigned(acting)
            if seeing.scope is not acting.scope:
                stack.enter_context(use_scope(seeing.scope))
            looks = request.method in {"GET", "HEAD"}
            request.acting = replace(seeing, acts=not looks)  # type: ignore[attr-defined]
            response = self.get_response(request)
            refused = getattr(request, "refused_by_wall", False)
            if response.status_code >= 500 or refused:
                transaction.set_rollback(True)
        if refused:
            request.acting = None  # type: ignore[attr-defined]
            not_found: Any = get_resolver().resolve_error_handler(404)
            response = not_found(request, Http404())
        # a shared machine shows no file after signing out, and keeps none on its disk (TM-03, TM-12)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A file opened without a task: the reason is asked first. A write outside the scope: to the stranger the
        thing does not exist; that page is drawn after the rollback."""
        if isinstance(exception, explaining.ReasonNeeded):
            return explaining.ask(request, exception)
        if (
            isinstance(exception, ProgrammingError)
            and getattr(exception.__cause__, "sqlstate", "") == INSUFFICIENT_PRIVILEGE
        ):
            request.refused_by_wall = True  # type: ignore[attr-defined]
            return HttpResponse(status=404)
        return None


def second_step_missing(acting: Acting) -> bool:
    """Whether this post must sign in with a second step and the person has none: roles above the township."""
    if not getattr(settings, "REQUIRE_MFA", False):
        return False
    level = rights.ROLES[acting.role].level if acting.role in rights.ROLES else ""
    return level not in {"village", "township"} and not is_mfa_enabled(acting.user, SECOND_STEPS)


def _route(request: HttpRequest) -> str:
    """Name of the route asked for; '' where there is none."""
    try:
        match: ResolverMatch = resolve(request.path_info)
    except Resolver404:
        return ""
    return match.view_name
