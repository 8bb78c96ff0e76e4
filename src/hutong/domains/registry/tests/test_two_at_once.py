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
from hutong.domains.registry.models import Child, Proposal
from hutong.domains.registry.services import errors
from hutong.foundation.access.scope import system_scope, use_scope
from hutong.foundation.workflow.models import StatusChange

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


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
