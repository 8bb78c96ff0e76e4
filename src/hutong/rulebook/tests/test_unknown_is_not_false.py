"""Silence decides nothing: what is not told is asked for, and never makes a lead to stop money. ADR 0006, 0009."""

from datetime import date

import pytest

from hutong.rulebook import book

ON = date(2022, 3, 1)
CHILD = {"birth_date": date(2013, 5, 1), "hukou_area": "500199000000"}


def decide(**facts):
    return book("CQ-2021", ON).evaluate_one(CHILD | facts)


def test_a_parent_nobody_has_told_of_is_neither_dead_nor_alive():
    found = decide(father_died_on=date(2020, 1, 1))
    assert found.values["orphan"] is None
    assert found.undecided
    assert found.needs["orphan"] == ("mother_known",)
    assert found.scheme is None


def test_a_parent_on_file_without_a_record_is_taken_to_be_there():
    found = decide(father_died_on=date(2020, 1, 1), mother_known=True)
    assert found.values["orphan"] is False
    assert not found.undecided


def test_one_able_parent_settles_it_whatever_the_other():
    found = decide(father_known=True)
    assert (found.values["orphan"], found.values["defacto"]) == (False, False)


def test_an_open_term_waits_for_its_end():
    inside = {"father_died_on": date(2020, 1, 1), "mother_prison_from": date(2021, 12, 1)}
    assert decide(**inside).needs["defacto"] == ("mother_prison_to",)
    assert decide(**inside | {"mother_prison_from": date(2021, 9, 1)}).scheme == "DEFACTO"


def test_a_foundling_waits_for_the_certificate():
    found = decide(foundling=True, father_unknown=True, mother_unknown=True)
    assert "police_cert" in found.needs["orphan"]
    assert (
        decide(foundling=True, police_cert=True, father_unknown=True, mother_unknown=True).scheme
        == "ORPHAN-S"
    )


def test_no_birth_date_no_decision():
    found = book("CQ-2021", ON).evaluate_one({"father_died_on": ON, "mother_died_on": ON})
    assert found.needs["orphan"] == ("birth_date",)
    assert not found.values["contradicted_living"]


def test_a_vanished_row_contradicts_nothing():
    """On the roll, the mother's illness no longer in any list: not entitled by evidence, yet nothing contradicts."""
    found = decide(father_died_on=date(2020, 1, 1), mother_known=True, roll="DEFACTO")
    assert (found.scheme, found.values["contradicted_living"]) == (None, False)


@pytest.mark.parametrize(
    "ended",
    [
        {"mother_prison_from": date(2019, 1, 1), "mother_prison_to": date(2022, 1, 1)},
        {"mother_rehab_from": date(2019, 1, 1), "mother_rehab_to": date(2022, 1, 1)},
        {"mother_detention_to": date(2022, 1, 1)},
        {"mother_revoked_on": date(2019, 1, 1), "mother_restored_on": date(2022, 1, 1)},
        {"mother_deported_on": date(2019, 1, 1), "mother_reentry_on": date(2022, 1, 1)},
        {"mother_missing_on": date(2019, 1, 1), "mother_missing_revoked_on": date(2022, 1, 1)},
        {"mother_dis_limb": 1, "mother_dis_expired_on": date(2022, 1, 1)},
        {"adopted_on": date(2022, 1, 1)},
        {"died_on": date(2022, 1, 1)},
    ],
)
def test_what_has_ended_contradicts(ended):
    found = decide(father_died_on=date(2020, 1, 1), mother_known=True, roll="DEFACTO", **ended)
    assert (found.scheme, found.values["contradicted_living"]) == (None, True)


def test_a_short_term_that_never_counted_contradicts_nothing():
    short = {"mother_prison_from": date(2021, 10, 1), "mother_prison_to": date(2022, 1, 1)}
    assert decide(father_died_on=date(2020, 1, 1), **short).values["contradicted_living"] is False


def test_a_dead_child_is_entitled_to_nothing():
    both = {"father_died_on": date(2020, 1, 1), "mother_died_on": date(2020, 1, 1)}
    found = decide(**both, died_on=date(2022, 2, 1), roll="ORPHAN-S")
    assert (found.scheme, found.monthly_due, found.undecided) == (None, None, False)


def test_at_eighteen_unknown_schooling_does_not_stop_an_extended_benefit():
    both = {"father_died_on": date(2020, 1, 1), "mother_died_on": date(2020, 1, 1)}
    grown = decide(birth_date=date(2003, 5, 1), roll="ORPHAN-S", **both)
    assert (grown.values["orphan"], grown.values["contradicted_living"]) == (None, False)
    assert grown.needs["orphan"] == ("school",)
