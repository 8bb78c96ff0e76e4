"""Area codes as ranges (R-01.*; issue B.5): what row security compares must hold exactly the areas below."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hutong.kernel import areas

CODES = st.one_of(
    st.integers(0, 999_999).map(lambda n: f"{n:06d}"),
    st.integers(0, 999_999_999).map(lambda n: f"{n:09d}"),
    st.integers(0, 999_999_999_999).map(lambda n: f"{n:012d}"),
    st.sampled_from(
        ["99", "9999", "999999", "999999999", "999999999999", "500114", "441900", "441900003001", "00"]
    ),
)


def test_the_levels_of_qianjiang() -> None:
    chain = areas.ancestors("500114101201")
    assert chain == (
        "000000000000",
        "500000000000",
        "500100000000",
        "500114000000",
        "500114101000",
        "500114101201",
    )
    assert [areas.level(code) for code in chain] == list(areas.LEVELS)
    assert areas.parent("500114101201") == "500114101000"
    assert areas.county("500114101201") == "500114000000"
    assert areas.prefix("500114101000") == "500114101"


@pytest.mark.parametrize(
    ("code", "lo", "hi"),
    [
        ("500114", "500114000000", "500115000000"),
        ("500114101", "500114101000", "500114102000"),
        ("500114999", "500114999000", "500115000000"),
        ("50", "500000000000", "510000000000"),
        ("000000000000", "0", ":"),
        ("99", "990000000000", ":"),
        ("999999999999", "999999999999", ":"),
    ],
)
def test_bounds(code: str, lo: str, hi: str) -> None:
    assert areas.bounds(code) == (lo, hi)


@given(CODES, CODES)
def test_the_range_holds_what_begins_with_the_prefix_and_nothing_else(outer: str, code: str) -> None:
    assert areas.contains(outer, code) == areas.pad(code).startswith(areas.prefix(outer))


@given(CODES)
def test_every_area_lies_within_all_its_ancestors(code: str) -> None:
    chain = areas.ancestors(code)
    assert chain[0] == areas.COUNTRY
    assert chain[-1] == areas.pad(code)
    assert all(areas.contains(ancestor, code) for ancestor in chain)
    assert len({areas.level(ancestor) for ancestor in chain}) == len(chain)


@given(CODES, CODES)
def test_two_ranges_are_nested_or_apart(a: str, b: str) -> None:
    (lo_a, hi_a), (lo_b, hi_b) = areas.bounds(a), areas.bounds(b)
    nested = areas.contains(a, b) or areas.contains(b, a)
    assert nested == (lo_a < hi_b and lo_b < hi_a)


def test_cities_without_counties() -> None:
    """东莞 has townships directly below the city: code 441900 003 …"""
    assert areas.parent("441900003000") == "441900000000"
    assert areas.level("441900") == "city"
    assert areas.contains("441900", "441900003001")
    assert areas.county("441900003001") == "441900000000"


def test_nothing_is_above_the_country() -> None:
    assert areas.parent(areas.COUNTRY) is None


@pytest.mark.parametrize(
    "code", ["", "5", "500", "50011", "5001140", "50011X", "５００１１４", "5001141012011", "-1"]
)
def test_what_is_not_a_code_is_refused(code: str) -> None:
    with pytest.raises(areas.AreaCodeError, match="区划代码"):
        areas.pad(code)


def test_a_province_has_no_county() -> None:
    with pytest.raises(areas.AreaCodeError, match="区县以上"):
        areas.county("50")
