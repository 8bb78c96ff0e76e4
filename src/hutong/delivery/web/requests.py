"""One line for each request answered: which page, how it ended, how long it took. No address, no person, no content.

Who opened which child's file stands in the read log; ``req`` leads there. Where the line is read decides who may see it.
A view that says ``unlogged`` (the public self-check) leaves no line at all.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

log = logging.getLogger("hutong.requests")


class RequestLog:
    """Outermost, so that the time is the whole answer's."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not log.isEnabledFor(logging.INFO):
            return self.get_response(request)
        began = time.monotonic()
        response = self.get_response(request)
        match = request.resolver_match
        if match is not None and not getattr(
            match.func, "unlogged", False
        ):  # not for files, nor for addresses that lead nowhere: Django tells of those
            acting = getattr(request, "acting", None)
            log.info(
                "%s %s %s %.0f ms req=%s", request.method, match.view_name, response.status_code,
                (time.monotonic() - began) * 1000, acting.scope.request_id if acting else "-",
            )  # fmt: skip
        return response
