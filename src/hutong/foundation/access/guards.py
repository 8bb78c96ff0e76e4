"""What a view says about who may enter: ``@needs("child.view")``. The route table test reads it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse

from hutong.foundation.access.acting import Acting

View = Callable[..., HttpResponse]


class ActingRequest(HttpRequest):
    """A request that has passed ``needs``: somebody acts in a post."""

    acting: Acting


def needs(right: str | None) -> Callable[[View], View]:
    """Only for those holding ``right`` (None: anybody in a post). Without it the page does not exist: 404."""

    def wrap(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            acting = getattr(request, "acting", None)
            if acting is None:
                return redirect_to_login(request.get_full_path())
            if right is not None and not acting.may(right):
                raise Http404
            return view(request, *args, **kwargs)

        guarded.needs_right = right  # type: ignore[attr-defined]
        return guarded

    return wrap


def public(view: View) -> View:
    """Open to people who are not signed in; said aloud so that the route test can tell it from an oversight."""
    view.needs_right = "public"  # type: ignore[attr-defined]
    return view
