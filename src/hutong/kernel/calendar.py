"""Working days (工作日): Monday to Friday, less the holidays and plus the make-up days of the yearly notice.

One YAML file a year in a directory: ``year``, ``source`` (the State Council notice), ``provisional`` where the notice
is still to come, ``holidays`` as [first, last] pairs of MM-DD, ``make_up`` as MM-DD. Deadlines count from the day
after receipt (Civil Code art. 201).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import yaml

DATA: Final = Path(__file__).parent / "data" / "working_days"
_DAY: Final = timedelta(days=1)


class CalendarError(ValueError):
    """No working-day data for a year, or a faulty file; the text says which and how to mend it, in Chinese."""


@dataclass(frozen=True, slots=True)
class WorkingYear:
    """The deviations of one year from Monday to Friday, and the notice they come from."""

    year: int
    holidays: frozenset[date]
    make_up: frozenset[date]
    source: str
    provisional: bool = False


class WorkingCalendar:
    """Working days of the years it was given; asking about any other year is an error, never a guess."""

    def __init__(self, years: Iterable[WorkingYear]) -> None:
        self._years = {year.year: year for year in years}

    @classmethod
    def load(
        cls, source: Path | str | Iterable[int] | None = None, *, directory: Path = DATA
    ) -> WorkingCalendar:
        """From a directory, or from chosen years of ``directory``; without arguments every year shipped."""
        if isinstance(source, (str, Path)):
            directory, source = Path(source), None
        if source is None:
            paths = sorted(directory.glob("[0-9][0-9][0-9][0-9].yaml"))
        else:
            paths = [directory / f"{year}.yaml" for year in source]
        if not paths:
            raise CalendarError(f"目录“{directory}”中没有工作日数据文件（<年份>.yaml）。")
        return cls(_read(path) for path in paths)

    @classmethod
    def from_mapping(cls, years: Mapping[int, Mapping[str, Any]]) -> WorkingCalendar:
        """From ``{2021: {"holidays": [...], "make_up": [...]}}`` in the format of the files, for tests."""
        return cls(_year({"source": "给定", **content, "year": year}) for year, content in years.items())

    @property
    def years(self) -> tuple[int, ...]:
        return tuple(sorted(self._years))

    @property
    def provisional_years(self) -> tuple[int, ...]:
        """Years whose notice is not published yet: dates in them may still move, and pages say so."""
        return tuple(year for year in self.years if self._years[year].provisional)

    def source(self, year: int) -> str:
        """The notice behind a year."""
        return self._year(year).source

    def is_working(self, day: date) -> bool:
        year = self._year(day.year)
        if day.weekday() < 5:
            return day not in year.holidays
        return day in year.make_up

    def add_working_days(self, start: date, n: int) -> date:
        """The n-th working day after ``start``, which is not counted itself; n = 0 gives ``start``."""
        if n < 0:
            raise ValueError("工作日天数不能为负数。")
        day = start
        while n:
            day += _DAY
            n -= self.is_working(day)
        return day

    def working_days_between(self, start: date, end: date) -> int:
        """Working days after ``start`` up to and including ``end``; negative if ``end`` is earlier."""
        if end < start:
            return -self.working_days_between(end, start)
        return sum(self.is_working(start + _DAY * i) for i in range(1, (end - start).days + 1))

    def next_working_day(self, day: date) -> date:
        """``day`` itself if it is one, else the first after it (Civil Code art. 203: the last day of a term)."""
        while not self.is_working(day):
            day += _DAY
        return day

    def _year(self, year: int) -> WorkingYear:
        found = self._years.get(year)
        if found is None:
            have = "、".join(map(str, self.years)) or "无"
            raise CalendarError(
                f"缺少 {year} 年的节假日安排（已有：{have}），无法计算工作日。"
                f"请按国务院办公厅通知补充 {year}.yaml 后重试。"
            )
        return found


@lru_cache(maxsize=1)
def default() -> WorkingCalendar:
    """Every year shipped with the program, read once."""
    return WorkingCalendar.load()


def _read(path: Path) -> WorkingYear:
    try:
        content = yaml.safe_load(path.read_text("utf-8"))
    except FileNotFoundError:
        raise CalendarError(f"没有找到 {path.stem} 年的工作日数据文件“{path.name}”。") from None
    except yaml.YAMLError as error:
        raise CalendarError(f"“{path.name}”不是有效的 YAML：{error}") from error
    if not isinstance(content, dict) or str(content.get("year")) != path.stem:
        raise CalendarError(f"“{path.name}”中的 year 应为 {path.stem}。")
    return _year(content)


def _year(content: Mapping[str, Any]) -> WorkingYear:
    number = int(content["year"])
    source = str(content.get("source") or "")
    if not source:
        raise CalendarError(f"{number} 年的工作日数据没有写明依据（source）。")
    holidays = frozenset(day for entry in content.get("holidays", ()) for day in _days(number, entry))
    make_up = frozenset(day for entry in content.get("make_up", ()) for day in _days(number, entry))
    if wrong := sorted(day for day in make_up if day.weekday() < 5 or day in holidays):
        listed = "、".join(day.isoformat() for day in wrong)
        raise CalendarError(f"{number} 年的补班日应为不放假的周六或周日，请核对：{listed}。")
    return WorkingYear(number, holidays, make_up, source, bool(content.get("provisional", False)))


def _days(year: int, entry: object) -> list[date]:
    """'05-01' or ['05-01', '05-05'] → its days."""
    ends = [entry] if isinstance(entry, str) else entry
    if not isinstance(ends, (list, tuple)) or len(ends) not in (1, 2):
        raise CalendarError(f"{year} 年的工作日数据中“{entry}”应为月-日，或起止两个月-日。")
    try:
        first, last = (date.fromisoformat(f"{year}-{end}") for end in (ends[0], ends[-1]))
    except ValueError:
        raise CalendarError(f"{year} 年的工作日数据中“{entry}”不是有效日期。") from None
    if last < first:
        raise CalendarError(f"{year} 年的工作日数据中“{entry}”起止颠倒。")
    return [first + _DAY * i for i in range((last - first).days + 1)]
