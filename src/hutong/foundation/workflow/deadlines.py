"""When something is due: working days by the loaded calendar, calendar days, or hours. Pure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from hutong.kernel import calendar, clock
from hutong.kernel.transitions import Clock, Unit

END_OF_DAY = time(23, 59, 59)

Parameter = Callable[[str, str, date], int | None]
"""``(parameter, area code, day)`` → amount, or None where the pack says nothing."""

_parameters: list[Parameter] = []


def take_parameters_from(source: Parameter) -> None:
    """Policy packs give amounts of time; the app that owns them registers here in ``ready()``."""
    _parameters.append(source)


def amount(of: Clock, area_code: str, on: date) -> int:
    """The amount the pack sets for the area and day, else the table's own."""
    if of.param:
        for source in _parameters:
            found = source(of.param, area_code, on)
            if found is not None:
                return found
    return of.days


def working_due(start: date, days: int) -> date:
    """The ``days``-th working day after ``start``."""
    return calendar.default().add_working_days(start, days)


def due_at(started: datetime, number: int, unit: Unit) -> datetime:
    """The moment the time is up: the end of the last day, or the hour itself."""
    if unit == "hours":
        return started + timedelta(hours=number)
    day = started.astimezone(clock.SHANGHAI).date()
    last = working_due(day, number) if unit == "working" else day + timedelta(days=number)
    return datetime.combine(last, END_OF_DAY, tzinfo=clock.SHANGHAI)


def moved(due: datetime, stopped: datetime, resumed: datetime, unit: Unit) -> datetime:
    """The due moment after a stop: later by exactly the time that did not run."""
    if unit == "hours":
        return due + (resumed - stopped)
    first, last, end = (one.astimezone(clock.SHANGHAI).date() for one in (stopped, resumed, due))
    return datetime.combine(moved_day(end, first, last, unit), END_OF_DAY, tzinfo=clock.SHANGHAI)


def moved_day(due: date, stopped: date, resumed: date, unit: Unit) -> date:
    """The due day after a stop of whole days."""
    if resumed <= stopped:
        return due
    if unit == "working":
        return working_due(due, calendar.default().working_days_between(stopped, resumed))
    return due + (resumed - stopped)
