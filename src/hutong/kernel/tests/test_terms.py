"""Dated terms: the line of the day, and no line without its source."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hutong.kernel.terms import Terms, TermsError

FILE = """
days:
  label: 期限
  values:
    - {from: 2024-01-01, value: 10, source: 后来的规定}
    - {from: 2020-06-01, value: 20, source: 先前的规定}
"""


@pytest.fixture(scope="module")
def terms(tmp_path_factory: pytest.TempPathFactory) -> Terms:
    path = tmp_path_factory.mktemp("terms") / "terms.yaml"
    path.write_text(FILE)
    return Terms(path)


@given(st.dates(date(2019, 1, 1), date(2026, 1, 1)))
def test_each_day_has_the_newest_line_begun(terms: Terms, day: date) -> None:
    wanted = 10 if day >= date(2024, 1, 1) else 20 if day >= date(2020, 6, 1) else None
    assert terms.find("days", day) == wanted


def test_a_term_that_is_not_there_is_an_error(terms: Terms) -> None:
    with pytest.raises(KeyError):
        terms.number("months")
    with pytest.raises(KeyError):
        terms.number("days", date(2019, 1, 1))


@pytest.mark.parametrize(
    "line",
    ["{from: 2020-01-01, value: 1}", "{from: soon, value: 1, source: x}", "{from: 2020-01-01, source: x}"],
)
def test_a_line_that_is_not_whole_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "terms.yaml"
    path.write_text(f"days: {{label: 期限, values: [{line}]}}")
    with pytest.raises(TermsError, match="days"):
        Terms(path).find("days")
