"""What a view says about who may enter: ``@needs("child.view")``, ``@fresh``. The route table test reads it.

It stands this low so that every app with pages can say it; the acting person is put on the request by ``access``.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Protocol, overload

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse

from hutong.foundation.accounts import stepping_up
from hutong.foundation.accounts.models import User

View = Callable[..., HttpResponse]


class Covers(Protocol):
    """The acting range of area codes."""

    def covers(self, code: str) -> bool: ...


class Actor(Protocol):
    """A person in a post, as apps below ``access`` see it (``access.acting.Acting`` is the only one)."""

    @property
    def user(self) -> User: ...
    @property
    def role(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def scope(self) -> Covers: ...
    def may(self, right: str) -> bool: ...
    def check(self, right: str) -> None: ...


def needs(right: str | None) -> Callable[[View], View]:
    """Only for those holding ``right`` (None: anybody in a post). Without it the page does not exist: 404."""

    def wrap(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            acting: Actor | None = getattr(request, "acting", None)
            if acting is None:
                return redirect_to_login(request.get_full_path())
            if right is not None and not acting.may(right):
                raise Http404
            return view(request, *args, **kwargs)

        guarded.needs_right = right  # type: ignore[attr-defined]
        return guarded

    return wrap


@overload
def fresh(view: View, /) -> View: ...
@overload
def fresh(**only: tuple[str, ...]) -> Callable[[View], View]: ...
def fresh(view: View | None = None, /, **only: tuple[str, ...]) -> View | Callable[[View], View]:
    """Asks for password or second step unless given in the last minutes; stands below ``@needs``.

    ``@fresh`` always; ``@fresh(event=("approve",))`` where the address says so: for one of these values of ``event``.
    """

    def wrap(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if all(kwargs.get(name) in values for name, values in only.items()):
                refusal = stepping_up.ask(request)
                if refusal is not None:
                    return refusal
            return view(request, *args, **kwargs)

        guarded.needs_fresh = only or True  # type: ignore[attr-defined]
        return guarded

    return wrap(view) if view is not None else wrap


def public(view: View) -> View:
    """Open to people who are not signed in; said aloud so that the route test can tell it from an oversight."""
    view.needs_right = "public"  # type: ignore[attr-defined]
    return view
