"""One event pushed as it happens: checked, compared for the one child, never telling the sender (R-24.03, R-24.04; TM-09)."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from hutong.domains.exchange import selectors, services
from hutong.domains.exchange.models import Push
from hutong.domains.exchange.services import errors
from hutong.domains.exchange.services.rehearsing import as_csv
from hutong.domains.exchange.storage import patterns
from hutong.domains.exchange.tests import files
from hutong.domains.exchange.tests.conftest import deaths, deliver
from hutong.domains.exchange.tests.test_comparing import (
    LIU,
    compare,
    confirmed,
    dead,
    father,
    mother,
    parent,
    village,
)
from hutong.domains.leads.models import Lead
from hutong.domains.registry.models import Child
from hutong.foundation.access import systems
from hutong.foundation.access.scope import use_scope
from hutong.foundation.workflow import selectors as workflow
from hutong.foundation.workflow import worker

pytestmark = pytest.mark.django_db
assert village


@pytest.fixture
def programs(senders: SimpleNamespace) -> SimpleNamespace:
    """``police_system``: the police's own system behind its key; and the platform's comparison of the county."""
    area = "990101000000"
    senders.police_system = systems.set_up(
        kind="door",
        number="ga1",
        name="甲县公安局人口系统",
        org=senders.police.post.org,
        role="DEPT_SYSTEM",
        area_code=area,
    )
    senders.comparer = services.set_up_comparer(org=senders.county.post.org, county=area)
    return senders


def death(serial: int, **change: str) -> dict[str, str]:
    return {
        "name": parent(serial), "id_number": files.number(serial), "sex": "男" if serial % 2 else "女",
        "birth_date": "1980-02-03", "area_code": LIU, "death_date": "2026-09-18", "kind": "死亡",
    } | change  # fmt: skip


def push(actor: Any, row: dict[str, Any], list_code: str = "deaths") -> Push:
    with use_scope(actor.scope):
        return services.push(actor=actor, list_code=list_code, row=row)


def leads(senders: SimpleNamespace) -> list[Lead]:
    with use_scope(senders.county.scope):
        return list(Lead.objects.select_related("child").order_by("pk"))


def test_the_second_parent_dies_and_the_director_has_a_lead(programs: SimpleNamespace, village: Any) -> None:
    """The father stands in a confirmed list, the mother comes alone: together they make the child an orphan."""
    confirmed(programs, programs.police, dead(father(1)))
    one = push(programs.police_system, death(mother(1)))
    assert leads(programs) == []
    worker.settle()
    lead = leads(programs)[0]
    assert (lead.child.file_no, lead.kind, lead.scheme) == ("C01", "SUSPECTED", "ORPHAN-S")
    cited = {row["subject"]: row for row in lead.evidence if row["list"] == "deaths"}
    assert cited["mother"]["batch"] == one.public_id
    assert cited["father"]["batch"] != one.public_id
    assert lead.run_label == "公安单条推送"
    with use_scope(programs.next_director.scope):
        assert workflow.list_mine(programs.next_director).get().child_id == lead.child_id


def test_nothing_of_the_file_is_changed_by_a_push(programs: SimpleNamespace, village: Any) -> None:
    with use_scope(programs.county.scope):
        before = list(Child.objects.order_by("pk").values())
    push(programs.police_system, death(father(2)))
    push(programs.police_system, death(mother(2)))
    worker.settle()
    with use_scope(programs.county.scope):
        assert list(Child.objects.order_by("pk").values()) == before
    assert [one.child.file_no for one in leads(programs)] == ["C02"]


def test_the_sender_cannot_tell_a_child_from_a_stranger(programs: SimpleNamespace, village: Any) -> None:
    """TM-09: the same answers, the same state, no row of a child, whether or not somebody was concerned."""
    known, unknown = push(programs.police_system, death(mother(1))), push(programs.police_system, death(901))
    worker.settle()
    told = []
    for one in (known, unknown):
        with use_scope(programs.police_system.scope):
            seen = selectors.get_push(one.public_id)
            told.append((seen.state, seen.list_code, seen.note, bool(seen.job)))
    assert told[0] == told[1] == ("COMPARED", "deaths", "", True)


def test_a_number_under_another_name_makes_no_lead(programs: SimpleNamespace, village: Any) -> None:
    push(programs.police_system, death(father(1)))
    push(programs.police_system, death(mother(1), name="欧阳不同"))
    worker.settle()
    assert leads(programs) == []


def test_without_a_number_it_waits_for_the_quarter(programs: SimpleNamespace, village: Any) -> None:
    confirmed(programs, programs.police, dead(father(1)))
    push(programs.police_system, death(mother(1), id_number=""))
    worker.settle()
    assert leads(programs) == []
    run = compare(programs)
    assert run.counts["review"] == 1, "the quarter reads pushed rows beside its lists: the match desk has it"


def test_the_quarter_finds_the_same_lead_and_makes_no_second(programs: SimpleNamespace, village: Any) -> None:
    confirmed(programs, programs.police, dead(father(1)))
    push(programs.police_system, death(mother(1)))
    worker.settle()
    run = compare(programs)
    assert run.counts["received"].get("new", 0) == 0
    assert len(leads(programs)) == 1
    assert "custody" in run.missing


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (death(901, death_date="昨天"), "死亡日期"),
        (death(901, death_date=""), "死亡日期"),
        (death(901, name=""), "姓名"),
        ({"姓名": "石某", "出生日期": "1980-02-03", "不认识": "x"}, "没有的列"),
        (death(901) | {"姓名": "石某"}, "给了两次"),
    ],
)
def test_a_row_that_does_not_fit_is_refused_with_the_reason(
    programs: SimpleNamespace, row: dict[str, str], told: str
) -> None:
    with pytest.raises(ValueError, match=told):
        push(programs.police_system, row)
    with use_scope(programs.county.scope):
        assert not Push.objects.exists()


def test_the_same_row_twice_is_one(programs: SimpleNamespace) -> None:
    push(programs.police_system, death(901))
    with pytest.raises(errors.AlreadyDelivered, match="已经推送过"):
        push(programs.police_system, death(901))
    push(programs.police_system, death(901, death_date="2026-09-17"))
    with use_scope(programs.police_system.scope):
        assert selectors.list_pushes().count() == 2


def test_people_and_other_departments_do_not_push(programs: SimpleNamespace) -> None:
    for actor, code in (
        (programs.police, "deaths"),
        (programs.county, "deaths"),
        (programs.police_system, "disability"),
    ):
        with pytest.raises(PermissionDenied):
            push(actor, death(901), code)


def test_another_sender_and_the_next_county_find_no_push(programs: SimpleNamespace) -> None:
    one = push(programs.police_system, death(901))
    for actor in (programs.court, programs.police, programs.stranger_county, programs.director):
        with use_scope(actor.scope), pytest.raises(Push.DoesNotExist):
            selectors.get_push(one.public_id)


def test_counting_up_is_stopped_one_by_one(programs: SimpleNamespace) -> None:
    """TM-09: after a handful of numbers of one place and birthday the next is refused, whoever they are."""
    for serial in range(1, 26):
        push(programs.police_system, death(serial))
    with pytest.raises(errors.NotPossible, match="按顺序编"):
        push(programs.police_system, death(26))


def test_a_counted_up_list_is_refused_as_a_whole(programs: SimpleNamespace) -> None:
    batch = deliver(programs.police_system, deaths(60))
    assert batch.state == "FAILED"
    assert "按顺序编" in batch.problem
    batch = deliver(programs.police, deaths(60))
    assert batch.state == "CHECKED", "a clerk's spreadsheet has two persons looking at it"


def test_what_counting_up_looks_like() -> None:
    def spread(n: int) -> str:
        return files.number(n * 37 % 900 + 1, f"19{60 + n % 40:02d}{n % 12 + 1:02d}{n % 28 + 1:02d}")

    people = [spread(n) for n in range(2_000)]
    assert patterns.counted_up(people) is None
    assert patterns.counted_up([None, "", "不是号码"]) is None
    assert patterns.counted_up([files.number(n) for n in range(1, 100_000 % 999)])
    by_day = [files.number(7, f"19{60 + n % 40:02d}{n % 12 + 1:02d}{n % 28 + 1:02d}") for n in range(1, 400)]
    assert patterns.counted_up(by_day), "one ending for everybody"
    assert patterns.not_fictitious(["110101199003070011", files.number(1), None]) == 1


def test_rows_as_a_file_take_either_name_of_a_column() -> None:
    lines = (
        as_csv("deaths", [{"姓名": "石一", "death_date": "2026-09-01"}, {"name": "石二"}])
        .decode()
        .splitlines()
    )
    assert lines[0].startswith("name,id_number")
    assert lines[1].startswith("石一,")
    assert len(lines) == 3
