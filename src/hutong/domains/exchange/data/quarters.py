"""Quarters of comparison: ``2026Q4``, when each opens and is due, what is late or stale (R-24.04, WP-09, WP-10)."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from hutong.kernel import clock, quarters
from hutong.kernel.quarters import QuarterError

__all__ = ["Quarter", "QuarterError", "of", "parse", "recent"]

_DATA = Path(__file__).parent / "quarters.yaml"


class Quarter(quarters.Quarter):
    """A quarter with the days of its comparison."""

    __slots__ = ()

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
    return Quarter.of(day)


def parse(text: str) -> Quarter:
    """``2026Q4`` → quarter; QuarterError with a Chinese sentence otherwise."""
    return Quarter.parse(text)


def recent(day: date, count: int = 6) -> list[Quarter]:
    """The quarter of ``day`` and those before it, newest first: what can be chosen on a page."""
    found = [of(day)]
    while len(found) < count:
        found.append(found[-1].before)
    return found
