"""Resident ID numbers (R-03.*; issue B.5): what people type is accepted, every single slip is caught."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from hutong.kernel import clock, ids

# Only counties that do not exist: no number here can be anybody's.
COUNTIES = st.sampled_from(["500199", "220399", "990101", "999999"])
BIRTHS = st.dates(date(1900, 1, 1), date(2026, 1, 1))
NUMBERS = st.builds(ids.make, COUNTIES, BIRTHS, st.integers(0, 999))
FULL_WIDTH = str.maketrans("0123456789Xx", "０１２３４５６７８９Ｘｘ")


@given(COUNTIES, BIRTHS, st.integers(0, 999))
def test_made_numbers_are_valid_and_say_what_they_were_made_of(county: str, birth: date, order: int) -> None:
    person = ids.parse(ids.make(county, birth, order))
    assert (person.county, person.birth_date) == (county, birth)
    assert person.sex == ("男" if order % 2 else "女")


@given(NUMBERS, st.integers(0, 17), st.sampled_from("0123456789X"))
def test_any_one_wrong_character_is_detected(number: str, place: int, wrong: str) -> None:
    assume(number[place] != wrong)
    assert ids.find(number[:place] + wrong + number[place + 1 :]) is None


@given(NUMBERS, st.integers(0, 16))
def test_neighbouring_characters_swapped_are_detected(number: str, place: int) -> None:
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    assume(swapped != number)
    assert ids.find(swapped) is None


@given(NUMBERS, st.sampled_from(["", " ", "\u3000", "\t", "-", "\u200b"]), st.booleans(), st.booleans())
def test_the_many_ways_of_typing_mean_one_number(number: str, gap: str, full: bool, small: bool) -> None:
    typed = number.lower() if small else number
    typed = f"{typed[:6]}{gap}{typed[6:14]}{gap}{typed[14:]}{gap}"
    typed = f"'{typed.translate(FULL_WIDTH)}" if full else typed
    assert ids.parse(typed).number == number
    assert ids.normalise(ids.normalise(typed)) == number


@given(COUNTIES, st.dates(date(1900, 1, 1), date(1999, 12, 31)), st.integers(0, 999))
def test_fifteen_digits_become_eighteen(county: str, birth: date, order: int) -> None:
    number = ids.make(county, birth, order)
    old = number[:6] + number[8:17]
    assert ids.normalise(old) == ids.parse(old).number == number


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "为空"),
        ("   ", "为空"),
        ("50019920150228", "现为 14 位"),
        ("500199990230123", "15 位"),
        ("5001992015022812A3", "其他字符"),
        ("X00199201502281233", "其他字符"),
        ("500199201502301233", "不是有效的出生日期"),
        ("500199201502281234", "校验码不符"),
        ("٥00199201502281233", "其他字符"),
    ],
)
def test_refusals_give_the_reason(typed: str, reason: str) -> None:
    with pytest.raises(ids.IdNumberError, match=reason):
        ids.parse(typed)
    assert ids.find(typed) is None


def test_nobody_is_born_tomorrow() -> None:
    number = ids.make("500199", date(2026, 5, 2), 18)
    with clock.frozen(date(2026, 5, 1)), pytest.raises(ids.IdNumberError, match="晚于今天"):
        ids.parse(number)
    with clock.frozen(date(2026, 5, 2)):
        assert ids.parse(number).birth_date == date(2026, 5, 2)


@given(st.text(max_size=24))
@settings(max_examples=200)
def test_any_text_is_either_a_number_or_refused_in_words(text: str) -> None:
    found = ids.find(text)
    if found is None:
        with pytest.raises(ids.IdNumberError, match="身份证号码"):
            ids.parse(text)
    else:
        assert ids.make(found.county, found.birth_date, int(found.number[14:17])) == found.number


@given(NUMBERS)
def test_masked_numbers_and_tracebacks_keep_the_middle_hidden(number: str) -> None:
    assert ids.mask(number) == f"{number[:4]}**********{number[-4:]}"
    assert number[4:14] not in repr(ids.parse(number))


def test_short_texts_are_masked_whole() -> None:
    assert ids.mask("1234") == "****"


def test_known_check_digits() -> None:
    """The worked examples of GB 11643-1999 (a place and a person of the standard's own)."""
    assert ids.check_digit("11010519491231002") == "X"
    assert ids.check_digit("44052418800101001") == "4"
