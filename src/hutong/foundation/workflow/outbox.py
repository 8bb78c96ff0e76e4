"""Who reacts to what, and the dispatcher that brings it to them exactly once (ADR 0005)."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import F

from hutong.foundation.access.scope import system_scope, use_scope
from hutong.foundation.workflow.models import Outbox, Receipt
from hutong.kernel import clock

Handler = Callable[[dict[str, Any]], None]

ATTEMPTS: Final = 8
BACK_OFF: Final = timedelta(seconds=10)
"""Doubled at each failure: the eighth try comes after some 20 minutes."""

_handlers: dict[str, dict[str, Handler]] = {}
log = logging.getLogger(__name__)


def handles(event: str) -> Callable[[Handler], Handler]:
    """Decorator for an app's ``handlers.py``: run under system scope, in a transaction of its own, exactly once."""

    def remember(function: Handler) -> Handler:
        _handlers.setdefault(event, {})[f"{function.__module__}.{function.__qualname__}"] = function
        return function

    return remember


def handlers_of(event: str) -> dict[str, Handler]:
    return dict(_handlers.get(event, {}))


def dispatch(limit: int = 500) -> int:
    """Bring up to ``limit`` waiting rows to their handlers, oldest first; how many were finished.

    Two dispatchers share the work: a row held by one is skipped by the other.
    """
    finished, after = 0, 0
    for _ in range(limit):
        row = _next(after)
        if row is None:
            break
        after = row.pk
        finished += _bring(row)
    return finished


def _scope(row: Outbox) -> Any:
    scope = system_scope(f"outbox:{row.event}")
    # whoever announced stands in the change log of what followed, under the same request
    return replace(scope, user_id=row.actor_id, request_id=row.request_id or scope.request_id)


def _next(after: int) -> Outbox | None:
    with use_scope(system_scope("outbox")):
        waiting = Outbox.objects.filter(
            done_at__isnull=True, dead_at__isnull=True, next_try_at__lte=clock.now()
        )
        return waiting.filter(pk__gt=after).order_by("pk").first()


def _bring(row: Outbox) -> bool:
    """All handlers of one row; True when none is left to do."""
    for name, handler in handlers_of(row.event).items():
        try:
            if not _once(row, name, handler):
                return False
        except Exception as error:
            log.warning("outbox %s %s: %s failed", row.pk, row.event, name, exc_info=True)
            _failed(row, name, error)
            return False
    with use_scope(system_scope("outbox")):
        return bool(
            Outbox.objects.filter(pk=row.pk, done_at__isnull=True).update(done_at=clock.now(), error="")
        )


def _once(row: Outbox, name: str, handler: Handler) -> bool:
    """The handler's effects and its receipt in one transaction; False if another dispatcher holds the row."""
    with use_scope(_scope(row)), transaction.atomic():
        held = (
            Outbox.objects.select_for_update(skip_locked=True).filter(pk=row.pk, done_at__isnull=True).first()
        )
        if held is None:
            return False
        if not Receipt.objects.filter(outbox=row, handler=name).exists():
            handler(held.payload)
            Receipt.objects.create(outbox=row, handler=name, at=clock.now())
        return True


def _failed(row: Outbox, name: str, error: Exception) -> None:
    attempts = row.attempts + 1
    now = clock.now()
    with use_scope(system_scope("outbox")):
        Outbox.objects.filter(pk=row.pk).update(
            attempts=F("attempts") + 1,
            next_try_at=now + BACK_OFF * 2 ** min(attempts, ATTEMPTS),
            # the class only: a message may quote a row's content
            error=f"{name}: {type(error).__name__}",
            dead_at=now if attempts >= ATTEMPTS else None,
        )


def retry(row: Outbox) -> None:
    """Give a dead row another round of tries (the administrator's button)."""
    Outbox.objects.filter(pk=row.pk, done_at__isnull=True).update(
        dead_at=None, attempts=0, next_try_at=clock.now()
    )
