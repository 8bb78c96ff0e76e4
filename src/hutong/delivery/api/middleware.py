"""At the door nobody has a session: cookies are put aside before anything looks at them, a wrong host is told in its form."""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse

WITHOUT = ("/api/", "/outreach/self-check/")
"""The departments' door, and the public page that acts for nobody (ADR 0037)."""


class NoCookiesAtTheDoor:
    """A signed-in official's browser must not lend its rights to a call, so the call comes without cookies."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(WITHOUT):
            request.META.pop("HTTP_COOKIE", None)
        if request.path_info.startswith("/api/"):
            try:
                request.get_host()
            except DisallowedHost:
                from hutong.delivery.api import problems

                return problems.respond(problems.Problem("bad-host"), request)
        return self.get_response(request)
