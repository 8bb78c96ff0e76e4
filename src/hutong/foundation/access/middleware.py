"""Every request acts in one post, inside one transaction, under that post's scope (ADR 0002)."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

from django.db import transaction
from django.db.utils import ProgrammingError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from hutong.foundation.access.acting import acting_for, with_assigned
from hutong.foundation.access.scope import use_scope

OPEN = ("/static/", "/account/login", "/account/logout", "/account/2fa", "/account/mfa", "/account/password")
"""Reached without a post: static files, signing in and out, changing one's own password, /health."""


class ScopeMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.acting = None  # type: ignore[attr-defined]
        if not request.user.is_authenticated or request.path.startswith("/static/"):
            return self.get_response(request)
        acting = acting_for(request)
        if request.user.must_change_password and not request.path.startswith(OPEN):
            return redirect(reverse("account_change_password"))
        if acting is None:
            if request.path.startswith(OPEN):
                return self.get_response(request)
            return render(request, "access/no_post.html", status=403)
        try:
            with use_scope(acting.scope), transaction.atomic(), contextlib.ExitStack() as stack:
                seeing = with_assigned(acting)
                if seeing is not acting:
                    stack.enter_context(use_scope(seeing.scope))
                request.acting = seeing  # type: ignore[attr-defined]
                response = self.get_response(request)
                if hasattr(response, "render") and not getattr(response, "is_rendered", True):
                    response.render()
                if response.status_code >= 500:
                    transaction.set_rollback(True)
                return response
        except ProgrammingError as error:
            if getattr(error.__cause__, "sqlstate", "") == "42501":
                # a write outside the scope: to the stranger the thing does not exist
                return render(request, "access/not_found.html", status=404)
            raise
