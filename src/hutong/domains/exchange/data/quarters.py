"""Quarters of comparison: ``2026Q4``, when each opens and is due, what is late or stale (R-24.04, WP-09, WP-10)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from hutong.kernel import clock

_FORM = re.compile(r"(20\d{2})Q([1-4])")
_DATA = Path(__file__).parent / "quarters.yaml"


class QuarterError(ValueError):
    """Not a quarter; the text says how to write one."""


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """One quarter; ``str()`` is the code kept in the database, and codes sort as quarters do."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year}Q{self.number}"

    @property
    def label(self) -> str:
        return f"{self.year} 年{'一二三四'[self.number - 1]}季度"

    @property
    def first_day(self) -> date:
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def last_day(self) -> date:
        return self.after.first_day - timedelta(days=1)

    @property
    def after(self) -> Quarter:
        return Quarter(self.year + 1, 1) if self.number == 4 else Quarter(self.year, self.number + 1)

    @property
    def before(self) -> Quarter:
        return Quarter(self.year - 1, 4) if self.number == 1 else Quarter(self.year, self.number - 1)

    @property
    def opens(self) -> date:
        """First day on which the quarter's comparison is expected to run."""
        rule = _rule(self.last_day)
        return date(self.year, 3 * (self.number - 1) + rule["opens"]["month"], rule["opens"]["day"])

    @property
    def due(self) -> date:
        return self.last_day

    def late(self, day: date) -> bool:
        """Whether a file delivered on ``day`` comes after the quarter has ended (WP-10)."""
        return day > self.due

    def late_now(self) -> bool:
        return self.late(clock.today())


@lru_cache
def _rules() -> list[dict[str, Any]]:
    rules: list[dict[str, Any]] = yaml.safe_load(_DATA.read_text("utf-8"))
    return sorted(rules, key=lambda rule: rule["from"])


def _rule(day: date) -> dict[str, Any]:
    return next((rule for rule in reversed(_rules()) if rule["from"] <= day), _rules()[0])


def of(day: date) -> Quarter:
    """The quarter a day lies in."""
    return Quarter(day.year, (day.month + 2) // 3)


def parse(text: str) -> Quarter:
    """``2026Q4`` → quarter; QuarterError with a Chinese sentence otherwise."""
    found = _FORM.fullmatch(text.strip().upper())
    if not found:
        raise QuarterError(f"“{text[:12]}”不是季度，请写成 2026Q4 这样的形式。")
    return Quarter(int(found[1]), int(found[2]))


def recent(day: date, count: int = 6) -> list[Quarter]:
    """The quarter of ``day`` and those before it, newest first: what can be chosen on a page."""
    found = [of(day)]
    while len(found) < count:
        found.append(found[-1].before)
    return found
