"""The one clock. Everything that asks what time it is asks here, so that tests and the demonstration can hold it.

A process that works with the database goes by the database's time (TM-19): each new connection anchors the clock, and from
there it runs by the machine's uptime, which nobody sets. A host whose wall clock is moved shifts no deadline.

``frozen`` is a ContextVar: it reaches the current thread and its asynchronous tasks, not threads started before it.
"""

from __future__ import annotations

import time as machine
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")

_held: ContextVar[datetime | None] = ContextVar("hutong_clock", default=None)


_anchor: tuple[datetime, float] | None = None


def ticks() -> float:
    """Seconds the machine has been up, sleep included where the system counts it."""
    return machine.clock_gettime(getattr(machine, "CLOCK_BOOTTIME", machine.CLOCK_MONOTONIC))


def anchor(moment: datetime | None) -> None:
    """Take ``moment`` (the database's, aware) for the present one in this process; None: the host's own clock again."""
    global _anchor
    _anchor = None if moment is None else (moment.astimezone(SHANGHAI), ticks())


def host_now() -> datetime:
    """What the wall clock of this host says, for comparison only."""
    return datetime.now(SHANGHAI)


def now() -> datetime:
    """The present moment, aware, in Asia/Shanghai."""
    held = _held.get()
    if held is not None:
        return held
    if _anchor is None:
        return host_now()
    return _anchor[0] + timedelta(seconds=ticks() - _anchor[1])


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
