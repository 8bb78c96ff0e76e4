"""Quarters as everybody counts them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hutong.kernel.quarters import Quarter, QuarterError


@given(day=st.dates(date(2001, 1, 1), date(2098, 12, 31)))
def test_every_day_lies_in_its_quarter_and_quarters_follow_each_other(day: date) -> None:
    quarter = Quarter.of(day)
    assert quarter.first_day <= day <= quarter.last_day
    assert quarter.after.first_day == quarter.last_day + timedelta(days=1)
    assert quarter.after.before == quarter
    assert Quarter.parse(str(quarter)) == quarter
    assert str(quarter.before) < str(quarter) < str(quarter.after)


@pytest.mark.parametrize("text", ["2026", "2026Q5", "Q1", "二季度", "2026Q１"])
def test_anything_else_is_refused_in_words(text: str) -> None:
    with pytest.raises(QuarterError, match="2026Q4"):
        Quarter.parse(text)
