"""Every address of the API: nothing is imported here that a page does not need; ``entrance`` is loaded by the first call."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from hutong.foundation.access.guards import public

KEY = "key"
"""What ``needs_right`` says of these views: no session and no right of a post, but a signature with an approved key."""


def view_of(name: str, *, trial: bool, keyless: bool) -> Callable[..., HttpResponse]:
    def view(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        from hutong.delivery.api import entrance

        return entrance.answer(request, name, kwargs, trial=trial)

    view.csrf_exempt = True  # type: ignore[attr-defined]
    view.needs_right = "public" if keyless else KEY  # type: ignore[attr-defined]
    return view


@public
def nowhere(request: HttpRequest) -> HttpResponse:
    """Any other address under the door: not found, in the form of the API."""
    from hutong.delivery.api import problems

    return problems.respond(problems.Problem("not-found"), request)


nowhere.csrf_exempt = True  # type: ignore[attr-defined]
