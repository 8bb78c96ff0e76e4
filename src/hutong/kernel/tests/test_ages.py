"""Ages and terms in months (issue B.5; model.md §6 and §11 WP-03…WP-06)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hutong.kernel import ages

DAYS = st.dates(date(1920, 1, 1), date(2080, 12, 31))


def test_wp_03_benefit_starts_the_month_after_confirmation() -> None:
    assert ages.first_of_next_month(date(2021, 3, 31)) == date(2021, 4, 1)
    assert ages.first_of_next_month(date(2021, 4, 1)) == date(2021, 5, 1)
    assert ages.first_of_next_month(date(2021, 12, 5)) == date(2022, 1, 1)


@pytest.mark.parametrize(
    ("visited", "months", "due"),
    [
        pytest.param("2024-03-31", 3, "2024-06-30", id="WP-04"),
        pytest.param("2024-11-30", 3, "2025-02-28", id="WP-05"),
        pytest.param("2024-01-31", 1, "2024-02-29", id="WP-06"),
        pytest.param("2024-03-31", -1, "2024-02-29", id="backwards"),
        pytest.param("2024-01-15", -13, "2022-12-15", id="over the year"),
    ],
)
def test_wp_04_to_06_visits_fall_due_at_the_end_of_a_short_month(visited: str, months: int, due: str) -> None:
    assert ages.add_months(date.fromisoformat(visited), months) == date.fromisoformat(due)


@pytest.mark.parametrize(
    ("birth", "on", "age"),
    [
        ("2008-11-22", "2026-11-21", 17),
        ("2008-11-22", "2026-11-22", 18),
        ("2008-02-29", "2026-02-27", 17),
        ("2008-02-29", "2026-02-28", 18),
        ("2008-02-29", "2024-02-28", 15),
        ("2008-02-29", "2024-02-29", 16),
        ("2026-11-22", "2026-11-22", 0),
    ],
)
def test_age_is_reached_on_the_birthday(birth: str, on: str, age: int) -> None:
    assert ages.completed_years(date.fromisoformat(birth), date.fromisoformat(on)) == age


@given(DAYS, st.integers(0, 100))
def test_birthday_is_the_first_day_of_an_age(birth: date, years: int) -> None:
    day = ages.birthday(birth, years)
    assert ages.completed_years(birth, day) == years
    assert years == 0 or ages.completed_years(birth, day - timedelta(days=1)) == years - 1


@given(DAYS, st.integers(0, 40_000))
def test_age_never_falls(birth: date, days: int) -> None:
    on = birth + timedelta(days=days)
    step = ages.completed_years(birth, on + timedelta(days=1)) - ages.completed_years(birth, on)
    assert step in (0, 1)


def test_there_is_no_age_before_birth() -> None:
    with pytest.raises(ValueError, match="早于出生日期"):
        ages.completed_years(date(2026, 1, 2), date(2026, 1, 1))


@given(DAYS, st.integers(-600, 600))
def test_months_later_is_the_right_month_and_never_a_later_day(day: date, months: int) -> None:
    later = ages.add_months(day, months)
    assert (later.year - day.year) * 12 + later.month - day.month == months
    assert later.day == day.day or (later.day < day.day and (later + timedelta(days=1)).day == 1)


@given(DAYS)
def test_a_quarter_holds_its_day_and_joins_the_next(day: date) -> None:
    quarter = ages.quarter(day)
    assert quarter.first <= day <= quarter.last
    following = ages.quarter(quarter.last + timedelta(days=1))
    assert following > quarter
    assert following.first == quarter.last + timedelta(days=1)


def test_how_a_quarter_is_written() -> None:
    quarter = ages.quarter(date(2024, 6, 15))
    assert (str(quarter), quarter.label) == ("2024Q2", "2024年第2季度")
