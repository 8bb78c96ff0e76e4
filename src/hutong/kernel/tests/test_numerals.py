"""Numbers as documents write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hutong.kernel.numerals import chinese_number


def _written(number: int) -> str:
    digits, out, zero = "零一二三四五六七八九", "", False
    for unit, size in (("千", 1000), ("百", 100), ("十", 10), ("", 1)):
        digit, number = divmod(number, size)
        if digit:
            out += ("零" if zero and out else "") + digits[digit] + unit
            zero = False
        elif out:
            zero = True
    return out


@given(st.integers(1, 9999))
def test_chinese_numbers(number: int) -> None:
    assert chinese_number(_written(number)) == number


@pytest.mark.parametrize(("text", "number"), [("十", 10), ("十二", 12), ("二十", 20), ("一千零九十三", 1093), ("甲", None), ("", None)])  # fmt: skip
def test_chinese_numbers_at_the_edge(text: str, number: int | None) -> None:
    assert chinese_number(text) == number
