"""The one clock, and dates in words (issue B.5, B.10)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hutong.kernel import clock, formats


def test_the_clock_runs_in_shanghai(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "_anchor", None)  # another test may have spoken with the database
    before = datetime.now(UTC)
    now = clock.now()
    assert before <= now <= datetime.now(UTC)
    assert now.utcoffset() == timedelta(hours=8)


def test_an_anchored_clock_runs_from_its_anchor_whatever_the_host_says(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(clock, "_anchor", None)
    clock.anchor(datetime(2030, 1, 1, tzinfo=UTC))
    first = clock.now()
    assert first.isoformat().startswith("2030-01-01T08:00:0")
    assert clock.now() >= first
    with clock.frozen(date(2026, 1, 1)):
        assert clock.today() == date(2026, 1, 1)
    clock.anchor(None)
    assert abs(clock.now() - clock.host_now()) < timedelta(seconds=5)


def test_the_day_changes_at_midnight_in_shanghai() -> None:
    with clock.frozen(datetime(2026, 11, 21, 16, 0, tzinfo=UTC)):
        assert clock.today() == date(2026, 11, 22)
    with clock.frozen(datetime(2026, 11, 21, 15, 59, tzinfo=UTC)):
        assert clock.today() == date(2026, 11, 21)


def test_a_held_clock_stands_nests_and_is_let_go() -> None:
    with clock.frozen(date(2026, 1, 1)) as outer:
        with clock.frozen(datetime(2025, 1, 1, 8)):
            assert clock.now().isoformat() == "2025-01-01T08:00:00+08:00"
        assert clock.now() == outer
    assert clock.today() != date(2026, 1, 1)


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("2026-11-22", "今天"),
        ("2026-11-23", "明天"),
        ("2026-11-24", "2026-11-24（周二）"),
        ("2026-11-21", "逾期 1 天"),
        ("2026-11-19", "逾期 3 天"),
    ],
)
def test_due_dates_in_words(day: str, words: str) -> None:
    assert formats.date_words(date.fromisoformat(day), date(2026, 11, 22)) == words


@given(st.dates(date(1950, 1, 1), date(2100, 1, 1)))
def test_weekdays(day: date) -> None:
    assert formats.weekday_zh(day) == "周" + "一二三四五六日"[day.isoweekday() - 1]
    assert formats.date_zh(day) == f"{day.isoformat()}（{formats.weekday_zh(day)}）"
