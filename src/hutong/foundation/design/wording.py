"""Dates, amounts and counts as pages show them. None becomes a dash, so that a missing value is seen as missing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from hutong.kernel import clock, formats, money

MISSING = "—"
SOON = 3
"""Days ahead from which a due date is drawn as near: a matter of drawing, not a deadline."""


@dataclass(frozen=True, slots=True)
class Due:
    """A due date as seen today; ``tone`` is 'danger' when late, 'warn' when near, else 'plain'."""

    words: str
    tone: str
    iso: str


def day(value: date | None) -> str:
    """'2026-11-22（周日）'; a datetime is taken in Shanghai time."""
    if value is None:
        return MISSING
    return formats.date_zh(_local(value))


def moment(value: datetime | None) -> str:
    """'2026-11-22 09:05', Shanghai time."""
    if value is None:
        return MISSING
    return f"{value.astimezone(clock.SHANGHAI) if value.tzinfo else value:%Y-%m-%d %H:%M}"


def yuan(fen: int | None) -> str:
    """125600 fen → '1,256.00 元'."""
    return MISSING if fen is None else f"{money.format_yuan(fen, grouped=True)} 元"


def number(value: int | float | None) -> str:
    """12345 → '12,345'."""
    return MISSING if value is None else f"{value:,}"


def due(value: date, today: date | None = None) -> Due:
    """Words and tone of a due date."""
    when, now = _local(value), today or clock.today()
    ahead = (when - now).days
    tone = "danger" if ahead < 0 else "warn" if ahead <= SOON else "plain"
    return Due(formats.date_words(when, now), tone, when.isoformat())


def _local(value: date) -> date:
    if isinstance(value, datetime):
        return (value.astimezone(clock.SHANGHAI) if value.tzinfo else value).date()
    return value
