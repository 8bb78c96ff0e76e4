"""Days on which a rule turns: 以上 includes the day, 超过 does not (民法典第1259条). A24, R-04.01 – R-04.03, model §6."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hutong.kernel.ages import add_months, birthday
from hutong.rulebook import book

DAYS = st.dates(date(2021, 1, 1), date(2026, 12, 31))
DAY = timedelta(days=1)


def decide(on, pack="CQ-2021", **facts):
    usual = {
        "birth_date": date(2015, 5, 1),
        "hukou_area": "500199000000",
        "father_known": True,
        "mother_known": True,
    }
    return book(pack, on).evaluate_one(usual | facts)


@given(start=DAYS, shift=st.sampled_from([-1, 0, 1]))
@settings(max_examples=12, deadline=None)
def test_a_term_of_six_months_to_the_day_counts(start, shift):
    on = start + 30 * DAY
    end = add_months(start, 6) + shift * DAY
    found = decide(on, father_died_on=start, mother_prison_from=start, mother_prison_to=end)
    assert (found.scheme == "DEFACTO") is (shift >= 0)


@given(accepted=DAYS, shift=st.sampled_from([-1, 0, 1]))
@settings(max_examples=12, deadline=None)
def test_the_police_search_must_exceed_six_months(accepted, shift):
    on = add_months(accepted, 6) + shift * DAY
    lost = {
        "mother_lost_since": date(2019, 1, 1),
        "mother_lost_accepted_on": accepted,
        "mother_lost_receipt": True,
    }
    found = decide(on, father_died_on=date(2020, 1, 1), **lost)
    assert (found.scheme == "DEFACTO") is (shift > 0)


def test_process_case_of_the_police_deadline():
    """WP-12: accepted on 10 February 2021, reached on 11 August."""
    lost = {
        "mother_lost_since": date(2020, 1, 1),
        "mother_lost_accepted_on": date(2021, 2, 10),
        "mother_lost_receipt": True,
    }
    assert decide(date(2021, 8, 10), father_died_on=date(2020, 1, 1), **lost).scheme is None
    assert decide(date(2021, 8, 11), father_died_on=date(2020, 1, 1), **lost).scheme == "DEFACTO"


@given(
    birth=st.dates(date(2004, 1, 1), date(2006, 12, 31)) | st.just(date(2004, 2, 29)),
    shift=st.sampled_from([-1, 0, 1]),
)
@settings(max_examples=12, deadline=None)
def test_eighteen_is_reached_on_the_birthday(birth, shift):
    on = birthday(birth, 18) + shift * DAY
    dead = {"father_died_on": date(2020, 1, 1), "mother_died_on": date(2020, 1, 1)}
    found = decide(on, birth_date=birth, school="none", roll="ORPHAN-S", **dead)
    assert (found.scheme == "ORPHAN-S") is (shift < 0)
    assert found.values["contradicted_living"] is (shift >= 0)


@pytest.mark.parametrize(("on", "reached"), [(date(2022, 2, 27), False), (date(2022, 2, 28), True)])
def test_born_on_29_february_comes_of_age_on_the_28th(on, reached):
    found = decide(on, birth_date=date(2004, 2, 29))
    assert found.values["age"] == (18 if reached else 17)


@given(on=DAYS, shift=st.sampled_from([-1, 0, 1]))
@settings(max_examples=12, deadline=None)
def test_the_left_behind_list_ends_at_sixteen_and_starts_after_six_months(on, shift):
    away = {
        f"{p}_{k}": v
        for p in ("father", "mother")
        for k, v in {"work_since": date(2019, 1, 1), "work_area": "220399000000"}.items()
    }
    sixteen = add_months(on, -12 * 16)
    birth = sixteen - shift * DAY
    found = decide(on, birth_date=birth, lives_with="grandparents", **away)
    assert found.lb is (birthday(birth, 16) > on)
    assert found.values["contradicted_lb"] is (birthday(birth, 16) <= on)


@pytest.mark.parametrize(("on", "listed"), [(date(2024, 6, 14), False), (date(2024, 6, 15), True)])
def test_six_months_of_work_away_include_the_day(on, listed):
    away = {f"{p}_work_since": date(2023, 12, 15) for p in ("father", "mother")}
    places = {f"{p}_work_area": "310101000000" for p in ("father", "mother")}
    facts = {"hukou_area": "220399000000", "lives_with": "grandparents", **away, **places}
    assert decide(on, pack="JL-2024", **facts).lb is listed


def test_release_counts_from_the_day_itself():
    term = {"mother_prison_from": date(2020, 1, 1), "mother_prison_to": date(2022, 3, 1)}
    before = decide(date(2022, 2, 28), father_died_on=date(2020, 1, 1), **term)
    after = decide(date(2022, 3, 1), father_died_on=date(2020, 1, 1), **term)
    assert (before.scheme, before.values["contradicted_living"]) == ("DEFACTO", False)
    assert (after.scheme, after.values["contradicted_living"]) == (None, True)


def test_a_certificate_holds_through_its_last_day():
    facts = {
        "father_ill_on": date(2020, 1, 1),
        "mother_dis_limb": 2,
        "mother_dis_expired_on": date(2022, 3, 1),
    }
    assert decide(date(2022, 3, 1), **facts).scheme == "DEFACTO"
    after = decide(date(2022, 3, 2), **facts)
    assert (after.scheme, after.values["contradicted_living"]) == (None, True)
