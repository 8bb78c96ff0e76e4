"""Three-valued and, or, not; months and ages by the calendar."""

from calendar import monthrange
from datetime import date


def no(value):
    return None if value is None else not value


def every(*values):
    if any(value is False for value in values):
        return False
    return None if any(value is None for value in values) else True


def some(*values):
    return no(every(*map(no, values)))


def at_most(left, right):
    return None if left is None or right is None else left <= right


def below(left, right):
    return None if left is None or right is None else left < right


def within(value, values):
    return None if value is None else value in values


def later(day, months):
    """The same day of a later month, or the last of it."""
    if day is None:
        return None
    year, month = day.year, day.month + months
    while month > 12:
        year, month = year + 1, month - 12
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def full_years(birth, on):
    """Counted birthday by birthday; 29 February is kept on the 28th where there is no 29th."""
    if birth is None:
        return None
    years = 0 if birth <= on else on.year - birth.year - 2
    while later(birth, 12 * (years + 1)) <= on:
        years += 1
    return years
