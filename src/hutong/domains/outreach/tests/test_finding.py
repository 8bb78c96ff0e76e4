"""Due and not had: found once, remembered, ended by itself (R-43.02, R-15.12; ADR 0037)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from hutong.domains.leads import services as leads
from hutong.domains.leads.models import Lead
from hutong.domains.leads.tests.factories import row
from hutong.domains.outreach import services
from hutong.domains.outreach.models import Offer, Question
from hutong.domains.policy import selectors as policy
from hutong.domains.policy.selectors import packs
from hutong.domains.registry import services as registry
from hutong.domains.registry.models import Child, RollEntry
from hutong.foundation.access.scope import system_scope, use_scope
from hutong.foundation.workflow import worker
from hutong.foundation.workflow.models import OPEN, WorkItem
from hutong.kernel import clock

from .factories import child, find, offers, say

TODAY = date(2026, 10, 12)


@pytest.fixture(autouse=True)
def _chongqing(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The villages of the cast lie nowhere; the policy of Chongqing gives the most benefits."""
    monkeypatch.setattr(packs, "pack_for", lambda area, on: "CQ-2025")
    with clock.frozen(TODAY):
        yield


@pytest.fixture
def poor(cast: SimpleNamespace) -> Child:
    made = child(cast)
    say(cast, made, "child", "low_income", date(2026, 1, 1), detail="dibao")
    return made


def test_what_is_due_is_found_with_reason_owner_and_day(cast: SimpleNamespace, poor: Child) -> None:
    counts = find(poor)
    found = offers(cast, poor)
    assert set(found) == {"ben_dibao", "ben_insurance", "ben_school_waiver"}
    assert counts["new"] == len(found)
    assert {one.state for one in found.values()} == {"FOUND"}
    one = found["ben_school_waiver"]
    assert (one.facts["low_income"], one.facts["school"], one.pack) == ("dibao", "primary", "CQ-2025")
    assert "child_id" not in one.facts, "no more of the file than the benefit rests on"
    assert (
        policy.benefit_trees(policy.book(one.pack, one.as_of, ""), one.benefit, one.facts)[0]["value"] is True
    )
    with use_scope(cast.county.scope):
        item = WorkItem.objects.get(OPEN, child_id=poor.pk)
    assert (item.owner_post_id, item.due_on, item.kind) == (
        cast.director.post.pk,
        one.due_on,
        "outreach.tell",
    )
    assert "3 项待遇" in item.title


def test_found_again_is_the_same_and_ends_by_itself(cast: SimpleNamespace, poor: Child) -> None:
    find(poor)
    before = {name: one.pk for name, one in offers(cast, poor).items()}
    assert find(poor)["new"] == 0
    assert {name: one.pk for name, one in offers(cast, poor).items()} == before
    with use_scope(cast.county.scope):
        fact = poor.circumstances.get()
        fact.until = TODAY - timedelta(days=1)
        fact.save()
    assert find(poor)["ended"] == len(before)
    assert {one.state for one in offers(cast, poor).values()} == {"LAPSED"}
    with use_scope(cast.county.scope):
        assert not WorkItem.objects.filter(OPEN, child_id=poor.pk).exists()


def test_the_roll_ends_what_it_shows(cast: SimpleNamespace) -> None:
    orphan = child(cast)
    for parent in ("father", "mother"):
        say(cast, orphan, parent, "deaths", date(2026, 3, 1))
    find(orphan)
    assert offers(cast, orphan)["ben_orphan"].state == "FOUND"
    with use_scope(cast.county.scope):
        RollEntry.objects.create(child=orphan, scheme="ORPHAN-S", since=TODAY, monthly=165100)
    find(orphan)
    assert offers(cast, orphan)["ben_orphan"].state == "GRANTED"
    assert offers(cast, orphan)["ben_insurance"].state == "FOUND", "the roll says nothing of it"
    with use_scope(cast.county.scope):
        RollEntry.objects.update(until=TODAY)
    find(orphan)
    assert offers(cast, orphan)["ben_orphan"].state == "FOUND", "off the roll and still an orphan: found anew"


@pytest.mark.parametrize(("event", "months"), [("decline", 6), ("refuse", 12), ("grant", 12)])
def test_an_answer_is_remembered_for_its_term(
    cast: SimpleNamespace, poor: Child, event: str, months: int
) -> None:
    find(poor)
    with use_scope(cast.director.scope):
        one = Offer.objects.get(child=poor, benefit="ben_dibao")
        services.act(offer=one, event=event, words="祖母说明了情况", on=TODAY, actor=cast.director)
    assert find(poor)["remembered"] == 1
    with clock.frozen(TODAY + timedelta(days=30 * months - 10)):
        assert find(poor)["remembered"] == 1
    with clock.frozen(TODAY + timedelta(days=31 * months)):
        find(poor)
        again = offers(cast, poor)["ben_dibao"]
    assert (again.state, again.repeat_of_id) == ("FOUND", one.pk)


def test_other_facts_bring_a_refused_benefit_back(cast: SimpleNamespace, poor: Child) -> None:
    find(poor)
    with use_scope(cast.director.scope):
        one = Offer.objects.get(child=poor, benefit="ben_school_waiver")
        services.act(offer=one, event="decline", words="家里不愿申请", on=TODAY, actor=cast.director)
    with use_scope(cast.county.scope):
        Child.objects.filter(pk=poor.pk).update(school="junior")
    find(poor)
    assert offers(cast, poor)["ben_school_waiver"].state == "FOUND"


def test_unknown_is_asked_and_is_no_finding(cast: SimpleNamespace) -> None:
    """Nobody has told us of the parents: neither an orphan nor not (issue 4, line 2)."""
    silent = child(cast, parents=False)
    counts = find(silent)
    assert (counts["new"], counts["asked"]) == (0, 1)
    with use_scope(cast.county.scope):
        asked = Question.objects.get(child=silent)
        assert {"father_known", "mother_known"} <= set(asked.needs)
        assert "ben_orphan" in asked.benefits
        assert not WorkItem.objects.filter(child_id=silent.pk).exists()
    with use_scope(cast.director.scope):
        for relation in ("father", "mother"):
            registry.add_kin(silent, actor=cast.director, relation=relation, facts={"name": "柳某"})
    worker.settle()
    with use_scope(cast.county.scope):
        assert not Question.objects.get(child=silent).open


def test_only_the_child_whose_facts_changed_is_looked_at(
    cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = child(cast, 1), child(cast, 2)
    seen: list[int] = []
    real = policy.due_to
    monkeypatch.setattr(
        policy, "due_to", lambda children, on: (seen.extend(c.pk for c in children), real(children, on))[1]
    )
    with use_scope(cast.director.scope):
        registry.add_circumstance(
            one, actor=cast.director, subject="child", kind="low_income", since=date(2026, 1, 1), detail="dibao",
            evidence="低保证",
        )  # fmt: skip
    worker.settle()
    assert set(seen) == {one.pk}
    assert "ben_dibao" in offers(cast, one)
    assert offers(cast, other) == {}


def test_what_a_lead_carries_is_not_found_twice(cast: SimpleNamespace) -> None:
    about = child(cast)
    for parent in ("father", "mother"):
        say(cast, about, parent, "deaths", date(2026, 3, 1))
    with use_scope(cast.county.scope):
        leads.receive(
            rows=[row(about, kind="SUSPECTED", scheme="ORPHAN-S")], run_id=1, as_of=TODAY, pack="base",
            actor=cast.county,
        )  # fmt: skip
        assert Lead.objects.get(child=about).scheme == "ORPHAN-S"
    assert find(about)["carried"] == 1
    assert "ben_orphan" not in offers(cast, about)


def test_a_file_that_left_has_nothing_open(cast: SimpleNamespace, poor: Child) -> None:
    find(poor)
    with use_scope(cast.county.scope):
        Child.objects.filter(pk=poor.pk).update(state="CLOSED", close_reason="RECOVERED")
    with use_scope(system_scope("test")):
        counts = services.find_everywhere(poor.residence_area[:6])
    assert counts["ended"] == 3
    assert {one.state for one in offers(cast, poor).values()} == {"LAPSED"}


def test_a_table_of_many_says_what_one_by_one_says(cast: SimpleNamespace) -> None:
    """The night and the change decide alike, on every kind of silence."""
    made = [
        child(cast, n, parents=n % 3 != 0, school=("primary", "senior", "")[n % 3], single=None)
        for n in range(1, 31)
    ]
    for n, one in enumerate(made):
        if n % 2:
            say(cast, one, "child", "low_income", date(2026, 1, 1), detail=("dibao", "tekun")[n % 4 // 2])
        if n % 5 == 0:
            say(cast, one, "father", "deaths", date(2025, 5, n + 1))
        if n % 7 == 0:
            say(cast, one, "child", "disability", date(2025, 5, 1), detail="肢体 1级")
    with use_scope(cast.county.scope):
        together = {due.child.pk: due.holds for due in policy.due_to(made, TODAY)}
        apart: dict[int, Any] = {one.pk: policy.due_to([one], TODAY)[0].holds for one in made}
    assert together == apart
    assert {value for holds in together.values() for value in holds.values()} == {True, False, None}
