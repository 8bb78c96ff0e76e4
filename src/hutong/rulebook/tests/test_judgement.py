"""综合判断 is an outcome of its own: not yes, not no, and nothing is missing on record. R-04.04, A08."""

from datetime import date

import pytest

from hutong.rulebook import book, to_chinese

ON = date(2024, 6, 15)
CHILD = {
    "birth_date": date(2014, 6, 10),
    "hukou_area": "220303000000",
    "lives_with": "grandparents",
    "father_known": True,
    "mother_known": True,
    "father_work_since": date(2023, 1, 15),
    "father_work_area": "210200000000",
}
JAILED = {"mother_prison_from": date(2023, 1, 1), "mother_prison_to": date(2026, 1, 1)}


def decide(**more):
    return book("JL-2024", ON).evaluate_one(CHILD | more)


def test_it_waits_for_a_person_and_is_not_counted_as_missing_facts():
    found = decide(**JAILED)
    assert (found.values["lb"], found.values["lb_to_judge"], found.undecided) == (None, True, False)
    assert found.to_judge["lb"] == ("mother_judged_unable",)
    assert found.values["lb_evident"] is True, (
        "a comparison still raises the lead by which the person is asked"
    )


@pytest.mark.parametrize(("judged", "holds"), [(True, True), (False, False)])
def test_the_recorded_judgement_decides(judged, holds):
    found = decide(**JAILED, mother_judged_unable=judged)
    assert (found.values["lb"], found.values["lb_evident"]) == (holds, holds)
    assert found.to_judge == {}


def test_to_stand_on_the_list_is_a_judgement_made():
    assert decide(**JAILED, roll="LB").lb
    assert not decide(**JAILED, roll="LB", mother_judged_unable=False).lb


def test_death_and_revocation_need_no_judgement():
    assert decide(mother_died_on=ON).lb
    assert decide(mother_revoked_on=ON).lb


def test_a_divorced_parent_elsewhere_is_never_automatic():
    """A08: alive and able but not living with the child; the record alone does not raise a lead either."""
    found = decide(single=True)
    assert (found.values["lb"], found.values["lb_evident"]) == (None, False)
    assert found.to_judge["lb"] == ("mother_judged_unable",)
    assert decide(single=True, lives_with="mother").values["lb"] is False
    assert decide(single=True, mother_judged_unable=True).lb


def test_a_missing_fact_is_told_as_missing_not_as_a_judgement():
    found = decide(**JAILED, birth_date=None)
    assert (found.undecided, found.to_judge) == (True, {})
    assert "birth_date" in found.needs["lb"]


def test_the_reasons_say_who_must_decide():
    lines = to_chinese(book("JL-2024", ON).explain(CHILD | JAILED, "lb"))
    assert lines[0].startswith("留守儿童：待综合判断")
    assert any("须由人判断：母亲是否确实难以履行监护职责" in line and "综合判断" in line for line in lines)
