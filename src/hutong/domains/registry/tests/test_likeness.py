"""What speaks for and against two entries being one person: pure, by example and by property (R-03.01)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hutong.domains.registry.search import likeness
from hutong.domains.registry.search.likeness import Look
from hutong.kernel import ids

BORN = date(2015, 3, 12)
NUMBER = ids.make("500199", BORN, 12)
SWAPPED = NUMBER[:15] + NUMBER[16] + NUMBER[15] + "0"
DIGIT = NUMBER[:5] + "8" + NUMBER[6:17] + "0"
OTHER = ids.make("500199", BORN, 988)


def look(key: int, name: str = "单小禾", born: date | None = BORN, **facts: object) -> Look:
    return Look(key, name, born, **facts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("one", "other", "reasons"),
    [
        (look(1), look(2), ("NAME_BIRTH",)),
        (look(1), look(2, "单小和"), ("SOUND_BIRTH",)),
        (look(1), look(2, "单小合", BORN + timedelta(1)), ("NEAR_BIRTH",)),
        (look(1, born=BORN), look(2, born=BORN + timedelta(200)), ("NAME_YEAR",)),
        (look(1, kin=frozenset("m")), look(2, born=date(2013, 1, 1), kin=frozenset("m")), ("NAME_PARENT",)),
        (look(1, "单小满", kin=frozenset("m")), look(2, "单大满", kin=frozenset("m")), ("PARENTS_BIRTH",)),
        (look(1, number=NUMBER), look(2, "单小和", date(2010, 1, 1), number=SWAPPED), ("ID_SWAPPED",)),
        (look(1, number=NUMBER), look(2, born=date(2010, 1, 1), number=DIGIT), ("ID_DIGIT",)),
        (look(1, number=NUMBER), look(2, number=SWAPPED), ("ID_SWAPPED", "NAME_BIRTH")),
    ],
)
def test_reasons(one: Look, other: Look, reasons: tuple[str, ...]) -> None:
    found = list(likeness.matches([one, other]))
    assert [match.reasons for match in found] == [reasons]
    assert likeness.compare(other, one) == found[0]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        # two valid numbers, clearly different: two children of one name and day
        (look(1, number=NUMBER), look(2, number=OTHER)),
        # twins with their own numbers
        (
            look(1, "单小满", number=NUMBER, kin=frozenset("m")),
            look(2, "单大满", number=OTHER, kin=frozenset("m")),
        ),
        (look(1, "单小禾"), look(2, "单小禾", BORN + timedelta(3000))),
        # in one county numbers are close by the dozen
        (look(1, "王小禾", number=NUMBER), look(2, "马大满", date(2010, 1, 1), number=SWAPPED)),
        # twins: order codes side by side
        (
            look(1, "单小满", number=NUMBER, kin=frozenset("m")),
            look(2, "单大满", number=DIGIT, kin=frozenset("m")),
        ),
        (look(1, "王小禾"), look(2, "单小禾")),
        (look(1, "单小禾", sex=1), look(2, "单小和", sex=2, born=BORN + timedelta(1))),
    ],
)
def test_what_is_no_double(one: Look, other: Look) -> None:
    assert list(likeness.matches([one, other])) == []


def test_one_name_day_and_mother_with_two_numbers_is_asked_about() -> None:
    one, other = (look(key, number=number, kin=frozenset("m")) for key, number in ((1, NUMBER), (2, OTHER)))
    assert [match.reasons for match in likeness.matches([one, other])] == [("NAME_BIRTH", "NAME_PARENT")]


def test_relatives_meet_by_name_and_a_second_fact() -> None:
    rows = [
        Look(1, "单大山", date(1985, 5, 6), kin=frozenset({7})),
        Look(2, "单大山", date(1985, 5, 6), kin=frozenset({8})),
        Look(3, "单大山", None, kin=frozenset({8})),
        Look(4, "单二山", date(1985, 5, 6), kin=frozenset({7, 8})),
    ]
    assert {(one.first, one.second): one.reasons for one in likeness.relatives(rows)} == {
        (1, 2): ("NAME_BIRTH",),
        (2, 3): ("NAME_CHILD",),
    }


@given(
    st.lists(
        st.builds(
            Look, st.integers(1, 30), st.sampled_from(["单小禾", "单小和", "马小满", "马大满"]),
            st.sampled_from([BORN, BORN + timedelta(1), BORN + timedelta(100)]), st.sampled_from([1, 2, None]),
            st.sampled_from(["", NUMBER, SWAPPED, OTHER]), st.frozensets(st.sampled_from("mf")),
        ),
        max_size=12, unique_by=lambda one: one.key,
    )
)  # fmt: skip
def test_meeting_in_groups_loses_nothing(rows: list[Look]) -> None:
    """The groups find exactly what comparing each with each finds."""
    slow = {
        match
        for i, a in enumerate(rows)
        for b in rows[i + 1 :]
        if (match := likeness.compare(a, b)) is not None
    }
    assert set(likeness.matches(rows)) == slow
