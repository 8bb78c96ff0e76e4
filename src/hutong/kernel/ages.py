"""Ages, terms in months and quarters, as the Civil Code counts them (arts. 200–204: by calendar year, month, day).

An age is reached on the birthday. Someone born on 29 February reaches it on 28 February of a common year.
"""

from __future__ import annotations

from calendar import isleap, monthrange
from datetime import date, timedelta
from typing import NamedTuple


def birthday(birth: date, years: int) -> date:
    """The day on which ``years`` completed years are reached."""
    year = birth.year + years
    if birth.month == 2 and birth.day == 29 and not isleap(year):
        return date(year, 2, 28)
    return birth.replace(year=year)


def completed_years(birth: date, on: date) -> int:
    """Age in completed years (周岁) on a day; ValueError before birth."""
    if on < birth:
        raise ValueError(f"{on:%Y-%m-%d} 早于出生日期，无法计算年龄，请核对出生日期。")
    years = on.year - birth.year
    return years if on >= birthday(birth, years) else years - 1


def add_months(day: date, months: int) -> date:
    """The same day ``months`` later (or earlier, if negative); the last day of the month where there is none."""
    year, month0 = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month0 + 1, min(day.day, monthrange(year, month0 + 1)[1]))


def first_of_next_month(day: date) -> date:
    """The first day of the month after the one ``day`` lies in."""
    return add_months(day.replace(day=1), 1)


class Quarter(NamedTuple):
    """A calendar quarter; sorts by time. ``str`` gives '2024Q2', ``label`` '2024年第2季度'."""

    year: int
    number: int

    @property
    def first(self) -> date:
        return date(self.year, self.number * 3 - 2, 1)

    @property
    def last(self) -> date:
        return add_months(self.first, 3) - timedelta(days=1)

    @property
    def label(self) -> str:
        return f"{self.year}年第{self.number}季度"

    def __str__(self) -> str:
        return f"{self.year}Q{self.number}"


def quarter(day: date) -> Quarter:
    """The calendar quarter ``day`` lies in."""
    return Quarter(day.year, (day.month + 2) // 3)
