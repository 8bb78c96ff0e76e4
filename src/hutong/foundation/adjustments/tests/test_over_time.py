"""Whatever happens to places in whatever order: a code means one thing a day, and every code leads somewhere (N12)."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from hutong.domains.registry.models import Child
from hutong.foundation.access.scope import system_scope, use_scope
from hutong.foundation.adjustments import counting
from hutong.foundation.adjustments.selectors import filed_then
from hutong.foundation.adjustments.services.diffing import differences
from hutong.foundation.network import history
from hutong.foundation.network.models import Area, AreaPeriod, AreaRelation
from hutong.kernel import clock

from .conftest import EAST, MULBERRY, WILLOW, Compared

TOWN = "990101101"
START = date(2027, 1, 1)
ACTS = ("rename", "new", "recode", "merge", "split", "township")
Step = tuple[str, int, int, int]
"""What is done, to which village, with which other, days after the step before."""
STEPS = st.lists(
    st.tuples(st.sampled_from(ACTS), st.integers(0, 9), st.integers(0, 9), st.integers(1, 80)), min_size=1, max_size=7
)  # fmt: skip


def in_force() -> dict[str, str]:
    """Code → full name of the township and its villages, now."""
    rows = Area.objects.filter(code__startswith=TOWN, valid_to__isnull=True)
    return dict(rows.values_list("code", "path"))


def change(step: Step, number: int) -> tuple[dict[str, str | None], dict[str, Any]]:
    """A list that differs from today by one thing, and how it is decided."""
    act, which, other, _ = step
    there = sorted(in_force().keys() - {EAST})
    unused = [code for serial in range(201, 212) if (code := f"{TOWN}{serial}") not in there]
    with use_scope(system_scope("test")):  # who waits to be placed keeps the code from being used again
        unused = [code for code, held in counting.filed(unused).items() if not held]
    one = there[which % len(there)]
    rest = [code for code in there if code != one]
    if act == "township":
        return {EAST: f"东{number}镇"}, {}
    if act == "rename":
        return {one: f"改名{number}村"}, {}
    if act == "recode":
        to = unused[other % len(unused)]
        return {one: None, to: f"改码{number}村"}, {one: ("recode", [to])}
    if act == "merge" and rest:
        return {one: None}, {one: ("merge", [rest[other % len(rest)]])}
    if act == "split" and len(there) < 6:
        first, second = unused[0], unused[1 + other % (len(unused) - 1)]
        return {one: None, first: f"甲{number}村", second: f"乙{number}村"}, {one: ("split", [first, second])}
    return {unused[other % len(unused)]: f"新设{number}村"}, {}


# not shrunk: each try is a whole review, and there would be thousands
@given(steps=STEPS)
@settings(
    max_examples=12,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_every_day_keeps_its_places_whatever_is_done_later(
    changed: Compared, child: Child, steps: list[Step]
) -> None:
    """Against a plain record of what was in force on each day."""
    first = in_force()
    remembered: list[tuple[date, dict[str, str]]] = [(START - timedelta(days=900), first)]
    day = START
    with transaction.atomic():
        for number, step in enumerate(steps):
            day += timedelta(days=step[3])
            remembered.append((day - timedelta(days=1), in_force()))
            with clock.frozen(day):
                changed(*change(step, number))
            remembered.append((day, in_force()))
        assert told_otherwise(remembered) == []
        check_codes(child)
        transaction.set_rollback(True)


def told_otherwise(remembered: list[tuple[date, dict[str, str]]]) -> list[tuple[date, str, str]]:
    """Days on which a code is told to have been called otherwise than it was."""
    ever = sorted(Area.objects.filter(code__startswith=TOWN).values_list("code", flat=True))
    return [
        (day, code, told)
        for day, places in remembered
        for code in ever
        if (told := history.path_on(code, day)).partition("（")[0] != places.get(code, "")
    ]


def check_codes(child: Child) -> None:
    for code in Area.objects.filter(code__startswith=TOWN).values_list("code", flat=True):
        check_periods(code)
        ends = history.successors([code])[code]
        assert ends, "a code that leads nowhere"
        assert all(Area.objects.get(code=end).valid_to is None for end in ends)
    with use_scope(system_scope("test")):
        now = Child.objects.get(pk=child.pk)
        home = now.residence_area
        assert (filed_then(now, "residence_area") or home) == WILLOW
    split = AreaRelation.objects.filter(old_code=home, kind="split").exists()
    assert split or Area.objects.get(code=home).valid_to is None
    assert split or home in history.successors([WILLOW], START)[WILLOW]


def check_periods(code: str) -> None:
    known = history.periods(code)
    relations = AreaRelation.objects.filter(old_code=code)
    ended = set(relations.exclude(kind="renamed").values_list("on", flat=True))
    for before, after in pairwise(known):
        assert before.valid_to is not None
        assert after.valid_from is not None
        assert before.valid_to <= after.valid_from
        # between two periods the code is out of force only where it was ended
        assert before.valid_to == after.valid_from or before.valid_to in ended
    for one in known:
        assert one.valid_from is None or one.valid_to is None or one.valid_from < one.valid_to


def test_the_database_itself_holds_periods_apart(places: Any) -> None:
    def made(since: date | None, until: date) -> AreaPeriod:
        with transaction.atomic():
            return AreaPeriod.objects.create(
                code=WILLOW, name="柳村", path="柳村", valid_from=since, valid_to=until
            )

    made(None, START)
    made(START, START + timedelta(days=9))
    for since, until in (
        (None, START + timedelta(days=1)),
        (START, START + timedelta(days=2)),
        (START, START),
    ):
        with pytest.raises(IntegrityError):
            made(since, until)
    with transaction.atomic():
        AreaPeriod.objects.create(code=MULBERRY, name="桑村", path="桑村", valid_to=START)


VILLAGES = st.dictionaries(
    st.sampled_from([f"99010110{town}{serial}" for town in (1, 2) for serial in range(201, 206)]),
    st.sampled_from(["甲村", "乙村", "丙村", "上甲村", "甲社区"]),
    min_size=1,
)


@given(present=VILLAGES, listed=VILLAGES)
def test_a_difference_says_what_is_there_and_no_more(present: dict[str, str], listed: dict[str, str]) -> None:
    found = differences(listed, present)
    after = dict(present)
    for one in found:
        assert set(one.guess) <= listed.keys() - present.keys()
        if one.kind == "gone":
            del after[one.code]
        else:
            after[one.code] = one.new_name
    assert after == listed
    assert len({one.code for one in found}) == len(found)
    assert (found == []) == (listed == present)
