"""Who is acting, over which places, for what: the one value row security reads.

A scope lives in a context variable. The database backend writes it into the transaction at each outermost BEGIN, so
whatever code runs inside sees exactly the rows the scope allows, and nothing at all where no scope is set.
"""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass, field, replace

from django.db import connection, transaction

from hutong.kernel import areas


class ScopeMissing(RuntimeError):
    """A protected table was read while no scope was set: in production that page would be silently empty."""


@dataclass(frozen=True, slots=True)
class Scope:
    """One acting person (or job) in one post.

    ``lo <= code < hi`` is the range of 12-digit area codes; ``extra`` are ids of children assigned or granted one by
    one, ``looking`` those of them whose files may be read and not changed;
    ``sealed`` are the compartments opened now, which only their own pages do (ADR 0014).
    ``role`` and ``post_id`` decide what may be done, never which rows are seen, except in sealed tables.
    """

    lo: str
    hi: str
    user_id: int | None = None
    post_id: int | None = None
    role: str = ""
    purpose: str = ""
    extra: tuple[int, ...] = ()
    sealed: tuple[str, ...] = ()
    looking: tuple[int, ...] = ()
    reason: str = ""
    request_id: str = field(default_factory=lambda: uuid.uuid4().hex)

    @classmethod
    def for_area(cls, code: str, **facts: object) -> Scope:
        lo, hi = areas.bounds(code)
        return cls(lo=lo, hi=hi, **facts)  # type: ignore[arg-type]

    def covers(self, code: str) -> bool:
        return self.lo <= code < self.hi

    def holds(self, area: str) -> bool:
        """Whether all of a place lies in the range."""
        lo, hi = areas.bounds(area)
        return self.lo <= lo and hi <= self.hi

    def within(self, area: str = "") -> tuple[str, str]:
        """A place (the whole range where none is given) as bounds, never beyond the range."""
        lo, hi = areas.bounds(area) if area else (self.lo, self.hi)
        return max(lo, self.lo), min(hi, self.hi)

    def settings(self) -> dict[str, str]:
        return {
            "app.lo": self.lo,
            "app.hi": self.hi,
            "app.extra": ",".join(map(str, self.extra)),
            "app.sealed": ",".join(self.sealed),
            "app.looking": ",".join(map(str, self.looking)),
            "app.uid": str(self.user_id or ""),
            "app.post": str(self.post_id or ""),
            "app.role": self.role,
            "app.purpose": self.purpose,
            "app.req": self.request_id,
            "app.reason": self.reason,
        }


_current: ContextVar[Scope | None] = ContextVar("hutong_scope", default=None)

_NONE = dict.fromkeys(Scope(lo="", hi="", request_id="").settings(), "")
_APPLY = "SELECT " + ", ".join(f"set_config('{name}', %s, true)" for name in _NONE)


def current() -> Scope | None:
    return _current.get()


def required() -> Scope:
    scope = _current.get()
    if scope is None:
        raise ScopeMissing("没有设定操作范围：请在 use_scope(…) 之内读写受保护的数据。")
    return scope


def system_scope(purpose: str, *, code: str = "000000000000") -> Scope:
    """The scope of a job that acts for the platform itself (dispatcher, clocks), over ``code`` and below."""
    return Scope.for_area(code, role="SYSTEM", purpose=purpose)


def apply(scope: Scope | None) -> None:
    """Write the scope into the running transaction (and only there)."""
    values = _NONE if scope is None else scope.settings()
    with connection.cursor() as cursor:
        cursor.execute(_APPLY, list(values.values()))


@contextlib.contextmanager
def use_scope(scope: Scope) -> Iterator[Scope]:
    """Act under ``scope`` inside; opens a transaction if none is open. Nested scopes replace and restore."""
    before = _current.get()
    token = _current.set(scope)
    try:
        if connection.in_atomic_block:
            apply(scope)
            try:
                yield scope
            finally:
                _current.reset(token)
                token = None  # type: ignore[assignment]
                if not connection.needs_rollback:
                    apply(before)
        else:
            with transaction.atomic():
                yield scope
    finally:
        if token is not None:
            _current.reset(token)


@contextlib.contextmanager
def because(reason: str) -> Iterator[Scope]:
    """The same scope with a reason written beside every change made inside."""
    with use_scope(replace(required(), reason=reason)) as scope:
        yield scope
