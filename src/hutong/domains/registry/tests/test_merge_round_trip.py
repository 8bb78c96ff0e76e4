"""Whatever hangs on two files: merged and split again, every row is as before (R-03.01; architecture §3.9)."""

from __future__ import annotations

import contextlib
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hutong.domains.registry import services
from hutong.domains.registry.models import (
    Child,
    Circumstance,
    GuardianshipRegime,
    GuardianshipStatus,
    HealthEpisode,
    Kinship,
    Pair,
    Person,
    RollEntry,
    SchoolEpisode,
)
from hutong.domains.registry.services import indexing, merging
from hutong.foundation.access.scope import use_scope
from hutong.kernel import clock, ids

from .conftest import BORN, WILLOW
from .test_doubles import everything

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
DAYS = [date(2020, 1, 1) + timedelta(200 * n) for n in range(6)]


def spans() -> Any:
    """A begin, and an end after it or none."""
    return st.tuples(st.sampled_from(range(5)), st.integers(1, 5), st.booleans()).map(
        lambda one: (DAYS[one[0]], None if one[2] else DAYS[min(one[0] + one[1], 5)])
    )


def files() -> Any:
    """One file's own values and what hangs on it."""
    return st.fixed_dictionaries(
        {
            "name": st.sampled_from(["单小禾", "单小和", "阿依古丽·买买提"]),
            "document": st.sampled_from(["NONE", "RESIDENT"]),
            "state": st.sampled_from(["REGISTERED", "ACTIVE", "CLOSED"]),
            "ethnic": st.sampled_from(["", "苗族"]),
            "phone": st.sampled_from(["", "13800001111"]),
            "single": st.sampled_from([None, True, False]),
            "guard": st.sampled_from(["", "FAIR", "POOR"]),
            "kin": st.lists(st.tuples(st.sampled_from(["father", "mother", "guardian"]), st.integers(0, 2)), max_size=3),
            "facts": st.lists(st.tuples(st.sampled_from(["custody", "deaths"]), spans()), max_size=3),
            "regimes": st.lists(spans(), max_size=2),
            "statuses": st.lists(spans(), max_size=3),
            "school": st.lists(spans(), max_size=2),
            "health": st.lists(spans(), max_size=2),
            "roll": st.lists(st.tuples(st.sampled_from(["DEFACTO", "LB"]), spans()), max_size=3),
        }
    )  # fmt: skip


def build(number: int, given: dict[str, Any], people: list[Person]) -> Child:
    child = Child(
        file_no=f"H99010190000{number}", name=given["name"], name_pinyin="x", sex=2, birth_date=BORN,
        id_kind=given["document"], ethnic=given["ethnic"], single=given["single"], guard=given["guard"],
        hukou_area=WILLOW, residence_area=WILLOW, state=given["state"],
        close_reason="RECOVERED" if given["state"] == "CLOSED" else "",
    )  # fmt: skip
    child.seal_id(ids.make("500199", BORN, 2 * number) if given["document"] == "RESIDENT" else "")
    child.phone = given["phone"]
    child.save()
    made = [
        *(Kinship(child=child, person=people[who], relation=relation) for relation, who in given["kin"]),
        *(
            Circumstance(child=child, subject="father", kind=kind, since=a, until=b)
            for kind, (a, b) in given["facts"]
        ),
        *(GuardianshipRegime(child=child, kind="FAMILY", since=a, until=b) for a, b in given["regimes"]),
        *(GuardianshipStatus(child=child, value="FAIR", since=a, until=b) for a, b in given["statuses"]),
        *(SchoolEpisode(child=child, stage="primary", since=a, until=b) for a, b in given["school"]),
        *(HealthEpisode(child=child, summary="体弱", since=a, until=b) for a, b in given["health"]),
        *(RollEntry(child=child, scheme=scheme, since=a, until=b) for scheme, (a, b) in given["roll"]),
    ]
    for row in made:
        # what the database itself refuses cannot stand in a file
        with contextlib.suppress(IntegrityError), transaction.atomic():
            row.save()
    return child


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(one=files(), other=files(), survivor=st.sampled_from(["first", "second"]),
       takes=st.lists(st.sampled_from(merging.CHOICES), max_size=6))  # fmt: skip
def test_split_undoes_a_merge(
    cast: SimpleNamespace, one: dict[str, Any], other: dict[str, Any], survivor: str, takes: list[str]
) -> None:
    kept, gone = (one, other) if survivor == "first" else (other, one)
    if gone["state"] == "ACTIVE" and kept["state"] != "ACTIVE":
        kept["state"] = "ACTIVE"
    with transaction.atomic():
        with use_scope(cast.director.scope):
            people = [Person.objects.create(name=name) for name in ("单大山", "李春梅", "赵大力")]
            first, second = build(1, one, people), build(2, other, people)
            pair = Pair.objects.create(
                first=first, second=second, area_code=WILLOW, score=80, found_by="试", found_at=clock.now()
            )
            indexing.index([first, second])
        before = everything()
        with use_scope(cast.supervisor.scope):
            services.ask_merge(
                pair, actor=cast.supervisor, survivor=survivor, takes=takes, reason="入户核实是同一人"
            )
        with use_scope(cast.county.scope):
            services.confirm_merge(pair, actor=cast.county)
            assert Child.objects.filter(merged_into__isnull=False).count() == 1
            roll = RollEntry.objects.filter(
                until__isnull=True, child__state__in=["REGISTERED", "ACTIVE", "CLOSED"]
            )
            assert roll.count() == len(set(roll.values_list("child_id", "scheme")))
        with use_scope(cast.county_second.scope):
            services.split_merge(pair, actor=cast.county_second, reason="后来见到两个孩子")
        assert everything() == before
        transaction.set_rollback(True)
