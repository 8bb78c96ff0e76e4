"""Real transactions: two who decide at once, one wins and the other is told; nothing is done twice (TM-15)."""

from __future__ import annotations

import threading
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connections

from hutong.domains.registry import services
from hutong.domains.registry.models import Child, Pair, Proposal
from hutong.domains.registry.services import errors, pairs
from hutong.foundation.access.scope import system_scope, use_scope
from hutong.foundation.workflow.models import StatusChange, WorkItem

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
MULBERRY = "990101101202"


def in_threads(work: Callable[[int], None], count: int = 2) -> None:
    def run(number: int) -> None:
        try:
            work(number)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)


@pytest.fixture
def active(transactional_db: None, cast: SimpleNamespace, child: Child) -> Child:
    with use_scope(cast.director.scope):
        services.register(child, actor=cast.director)
    with use_scope(cast.supervisor.scope):
        return services.approve(child, actor=cast.supervisor)


def both(cast: SimpleNamespace, members: tuple[str, str], act: Callable[[Any], Any]) -> list[str]:
    """Each member acts at the same moment; what became of it, in words."""
    ready, told = threading.Barrier(2, timeout=20), []

    def click(number: int) -> None:
        actor = getattr(cast, members[number])
        try:
            with use_scope(actor.scope):
                ready.wait()
                act(actor)
            told.append("won")
        except (PermissionDenied, errors.Refused) as error:
            told.append(str(error))

    in_threads(click)
    return sorted(told, key=lambda words: (words != "won", words))


def test_two_who_approve_at_once(cast: SimpleNamespace, active: Child) -> None:
    with use_scope(cast.director.scope):
        proposal = services.propose(
            active, actor=cast.director, changes={"address": "柳村三组"}, reason="搬到三组新房"
        )
        services.submit_proposal(proposal, actor=cast.director)
    with use_scope(cast.county.scope):
        seen = {
            name: Proposal.objects.select_related("child").get(pk=proposal.pk)
            for name in ("county", "supervisor")
        }
    told = both(
        cast,
        ("county", "supervisor"),
        lambda actor: services.approve_proposal(
            seen["county" if actor is cast.county else "supervisor"], actor=actor
        ),
    )
    assert told[0] == "won"
    assert "可能已有人先行办理" in told[1]
    with use_scope(system_scope("test")):
        assert Child.objects.get(pk=active.pk).version == active.version + 1
        assert StatusChange.objects.filter(machine="file_correction", event="approve").count() == 1


def test_two_who_propose_the_same_field_at_once(cast: SimpleNamespace, active: Child) -> None:
    told = both(
        cast,
        ("director", "supervisor"),
        lambda actor: services.propose(
            active, actor=actor, changes={"address": actor.role}, reason="两人同时发现"
        ),
    )
    assert told[0] == "won"
    assert "已有未办结的更正申请" in told[1]


def test_the_same_form_sent_twice_at_once(cast: SimpleNamespace, active: Child) -> None:
    told = both(
        cast,
        ("director", "director"),
        lambda actor: services.propose(
            active, actor=actor, changes={"address": "柳村三组"}, reason="点了两下", form_key="d" * 32
        ),
    )
    assert told == ["won", "won"]
    with use_scope(system_scope("test")):
        assert Proposal.objects.count() == 1


@pytest.fixture
def pair(cast: SimpleNamespace, active: Child, make: Callable[..., Child]) -> Pair:
    other = make(
        actor=cast.next_director, name="单小和", id_number="", id_kind="NONE", residence_area=MULBERRY, hukou_area=MULBERRY
    )  # fmt: skip
    with use_scope(cast.county.scope):
        pairs.scan(cast.county.post.area_code, actor=cast.county)
        return Pair.objects.get(first=active, second=other)


def test_two_who_confirm_a_merge_at_once(cast: SimpleNamespace, pair: Pair) -> None:
    with use_scope(cast.supervisor.scope):
        services.ask_merge(pair, actor=cast.supervisor, survivor="first", takes=(), reason="入户核实是同一人")
    with use_scope(cast.county.scope):
        seen = {name: Pair.objects.get(pk=pair.pk) for name in ("county", "county_second")}
    told = both(
        cast,
        ("county", "county_second"),
        lambda actor: services.confirm_merge(
            seen["county" if actor is cast.county else "county_second"], actor=actor
        ),
    )
    assert told[0] == "won"
    assert "可能已有人先行办理" in told[1]
    with use_scope(system_scope("test")):
        assert sorted(Child.objects.values_list("state", flat=True)) == ["ACTIVE", "MERGED"]
        assert StatusChange.objects.filter(machine="child_file", event="merge").count() == 1


def test_two_who_judge_at_once_give_one_answer(cast: SimpleNamespace, pair: Pair) -> None:
    with use_scope(cast.county.scope):
        seen = {name: Pair.objects.get(pk=pair.pk) for name in ("county", "supervisor")}
    told = both(
        cast,
        ("county", "supervisor"),
        lambda actor: services.judge_different(
            seen["county" if actor is cast.county else "supervisor"], actor=actor, reason="见过两个孩子"
        ),
    )
    assert told[0] == "won"
    assert "可能已有人先行办理" in told[1]


def test_two_searches_at_once_write_each_pair_once(
    cast: SimpleNamespace, active: Child, make: Callable[..., Child]
) -> None:
    make(
        actor=cast.next_director,
        name="单小和",
        id_number="",
        id_kind="NONE",
        residence_area=MULBERRY,
        hukou_area=MULBERRY,
    )
    told = both(cast, ("county", "supervisor"), lambda actor: pairs.scan(actor.post.area_code, actor=actor))
    assert told == ["won", "won"]
    with use_scope(system_scope("test")):
        assert Pair.objects.count() == 1
        assert WorkItem.objects.filter(kind="registry.pair_judge").count() == 1
