"""The one clock. Everything that asks what time it is asks here, so that tests and the demonstration can hold it.

``frozen`` is a ContextVar: it reaches the current thread and its asynchronous tasks, not threads started before it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")

_held: ContextVar[datetime | None] = ContextVar("hutong_clock", default=None)


def now() -> datetime:
    """The present moment, aware, in Asia/Shanghai."""
    return _held.get() or datetime.now(SHANGHAI)


def today() -> date:
    """The calendar day in Asia/Shanghai, whatever the machine's zone."""
    return now().date()


@contextmanager
def frozen(at: datetime | date) -> Iterator[datetime]:
    """Hold the clock at ``at``; a bare date means nine in the morning, a naive datetime is Shanghai time."""
    if not isinstance(at, datetime):
        at = datetime.combine(at, time(9), tzinfo=SHANGHAI)
    moment = at.replace(tzinfo=SHANGHAI) if at.tzinfo is None else at.astimezone(SHANGHAI)
    token = _held.set(moment)
    try:
        yield moment
    finally:
        _held.reset(token)
