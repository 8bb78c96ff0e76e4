"""Working days (issue B.5; model.md §11 WP-01, WP-02)."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hutong.kernel import ages
from hutong.kernel.calendar import CalendarError, WorkingCalendar, default

DAYS = st.dates(date(2020, 1, 1), date(2027, 12, 31))


def test_wp_01_fifteen_days_for_each_level() -> None:
    received = date(2021, 3, 1)
    township_due = default().add_working_days(received, 15)
    assert township_due == date(2021, 3, 22)
    county_due = default().add_working_days(township_due, 15)
    assert county_due == date(2021, 4, 13)  # 清明 2021-04-03…05 lies between
    assert ages.first_of_next_month(county_due) == date(2021, 5, 1)


def test_wp_02_make_up_days_count_and_holidays_do_not() -> None:
    assert default().add_working_days(date(2021, 4, 20), 15) == date(2021, 5, 12)


@pytest.mark.parametrize(
    ("day", "working"),
    [
        ("2020-01-31", False),  # the Spring Festival of 2020 was lengthened …
        ("2020-02-01", False),  # … and its make-up day withdrawn
        ("2020-02-03", True),
        ("2021-04-25", True),
        ("2023-01-02", False),
        ("2024-05-11", True),
        ("2025-10-08", False),
        ("2026-02-14", True),
        ("2026-02-23", False),
        ("2026-09-20", True),
        ("2026-11-22", False),
    ],
)
def test_days_that_deviate_from_the_week(day: str, working: bool) -> None:
    assert default().is_working(date.fromisoformat(day)) is working


@given(DAYS, st.integers(0, 60))
def test_a_term_ends_on_a_working_day_and_counts_back(start: date, n: int) -> None:
    due = default().add_working_days(start, n)
    assert default().working_days_between(start, due) == n
    assert default().working_days_between(due, start) == -n
    assert n == 0 or default().is_working(due)


@given(DAYS)
def test_the_next_working_day_is_the_nearest(day: date) -> None:
    found = default().next_working_day(day)
    assert default().is_working(found)
    assert not any(default().is_working(day + timedelta(i)) for i in range((found - day).days))


def test_every_year_names_its_notice_and_estimates_say_so() -> None:
    calendar = default()
    assert calendar.years[:7] == (2020, 2021, 2022, 2023, 2024, 2025, 2026)
    official = set(calendar.years) - set(calendar.provisional_years)
    assert all("国办发明电" in calendar.source(year) for year in official)
    assert set(calendar.provisional_years).isdisjoint(range(2020, 2027))


def test_every_official_year_has_247_to_252_working_days() -> None:
    for year in range(2020, 2027):
        count = (
            default().working_days_between(date(year - 1, 12, 31), date(year, 12, 31)) if year > 2020 else 250
        )
        assert 247 <= count <= 252


def test_a_year_without_data_is_an_error_not_a_guess() -> None:
    calendar = WorkingCalendar.load([2021])
    with pytest.raises(CalendarError, match="缺少 2022 年"):
        calendar.add_working_days(date(2021, 12, 31), 1)


def test_an_office_may_keep_its_own_directory(tmp_path: Path) -> None:
    content = 'year: 2031\nsource: 测试通知\nholidays:\n  - ["05-01", "05-05"]\nmake_up: ["05-10"]\n'
    (tmp_path / "2031.yaml").write_text(content, "utf-8")
    calendar = WorkingCalendar.load(tmp_path)
    assert calendar.years == (2031,)
    assert not calendar.is_working(date(2031, 5, 5))
    assert calendar.is_working(date(2031, 5, 10))
    assert WorkingCalendar.load([2031], directory=tmp_path).source(2031) == "测试通知"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ({"make_up": ["05-05"]}, "补班日应为"),
        ({"make_up": ["05-10"], "holidays": [["05-09", "05-11"]]}, "补班日应为"),
        ({"holidays": ["02-30"]}, "不是有效日期"),
        ({"holidays": [["05-05", "05-01"]]}, "起止颠倒"),
        ({"holidays": [501]}, "应为月-日"),
        ({"holidays": [], "source": ""}, "没有写明依据"),
    ],
)
def test_faulty_data_is_refused(content: dict[str, object], reason: str) -> None:
    with pytest.raises(CalendarError, match=reason):
        WorkingCalendar.from_mapping({2031: content})


@pytest.mark.parametrize(
    ("text", "reason"), [("year: 2030\nsource: x\n", "year 应为 2031"), ("[1,", "YAML"), ("7", "year 应为")]
)
def test_faulty_files_are_refused(tmp_path: Path, text: str, reason: str) -> None:
    (tmp_path / "2031.yaml").write_text(text, "utf-8")
    with pytest.raises(CalendarError, match=reason):
        WorkingCalendar.load(tmp_path)


def test_missing_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(CalendarError, match="没有工作日数据文件"):
        WorkingCalendar.load(tmp_path)
    with pytest.raises(CalendarError, match=r"2031\.yaml"):
        WorkingCalendar.load([2031], directory=tmp_path)


def test_terms_do_not_run_backwards() -> None:
    with pytest.raises(ValueError, match="不能为负数"):
        default().add_working_days(date(2026, 1, 5), -1)
