"""Money in fen (issue B.5)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hutong.kernel import money


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("1,256.00", 125600),
        ("1256", 125600),
        ("1256.5", 125650),
        ("¥1,651", 165100),
        ("￥１６５１．０５ 元", 165105),
        ("人民币20元", 2000),
        ("-3.20", -320),
        ("0", 0),
    ],
)
def test_what_people_type(text: str, fen: int) -> None:
    assert money.parse_yuan(text) == fen


@given(st.integers(-money.LIMIT + 1, money.LIMIT - 1), st.booleans())
def test_what_is_written_reads_back(fen: int, grouped: bool) -> None:
    assert money.parse_yuan(money.format_yuan(fen, grouped=grouped)) == fen


def test_how_amounts_are_written() -> None:
    assert money.format_yuan(125600) == "1256.00"
    assert money.format_yuan(125600, grouped=True) == "1,256.00"
    assert money.format_yuan(-5) == "-0.05"


@pytest.mark.parametrize(
    "text", ["12,56", "1.234", "1,2345", "一百", "1e3", "--1", "1.", ".5", "1 256 000,00", "NaN"]
)
def test_what_is_no_amount(text: str) -> None:
    with pytest.raises(money.MoneyError, match="不是有效金额"):
        money.parse_yuan(text)


def test_empty_and_absurd_amounts() -> None:
    with pytest.raises(money.MoneyError, match="为空"):
        money.parse_yuan(" 元")
    with pytest.raises(money.MoneyError, match="过大"):
        money.parse_yuan("9" * 20)
