"""How dates are put into words on every page."""

from __future__ import annotations

from datetime import date
from typing import Final

_WEEKDAYS: Final = "一二三四五六日"


def weekday_zh(day: date) -> str:
    """'周一' … '周日'."""
    return f"周{_WEEKDAYS[day.weekday()]}"


def date_zh(day: date) -> str:
    """'2026-11-22（周日）'."""
    return f"{day:%Y-%m-%d}（{weekday_zh(day)}）"


def date_words(day: date, today: date) -> str:
    """A due date as seen today: '逾期 3 天', '今天', '明天', else the date with its weekday."""
    ahead = (day - today).days
    if ahead < 0:
        return f"逾期 {-ahead} 天"
    return {0: "今天", 1: "明天"}.get(ahead) or date_zh(day)
