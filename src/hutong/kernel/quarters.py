"""Quarters: ``2026Q3``. Pure; what opens and falls due when is the dated data of the app that asks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Self

_FORM: Final = re.compile(r"(20\d{2})Q([1-4])", re.ASCII)


class QuarterError(ValueError):
    """Not a quarter; the text says how to write one."""


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """One quarter; ``str()`` is the code kept in the database, and codes sort as quarters do."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year}Q{self.number}"

    @classmethod
    def of(cls, day: date) -> Self:
        """The quarter a day lies in."""
        return cls(day.year, (day.month + 2) // 3)

    @classmethod
    def parse(cls, text: str) -> Self:
        """``2026Q4`` → quarter; QuarterError with a Chinese sentence otherwise."""
        found = _FORM.fullmatch(text.strip().upper())
        if not found:
            raise QuarterError(f"“{text[:12]}”不是季度，请写成 2026Q4 这样的形式。")
        return cls(int(found[1]), int(found[2]))

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
    def after(self) -> Self:
        return type(self)(self.year + 1, 1) if self.number == 4 else type(self)(self.year, self.number + 1)

    @property
    def before(self) -> Self:
        return type(self)(self.year - 1, 4) if self.number == 1 else type(self)(self.year, self.number - 1)
