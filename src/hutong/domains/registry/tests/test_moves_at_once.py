"""Real transactions: the same move accepted twice, and taken back while it is accepted; one wins, the child is in one place."""

from __future__ import annotations

import threading
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connections

from hutong.domains.registry import services
from hutong.domains.registry.models import Child, Move
from hutong.domains.registry.services import errors
from hutong.foundation.access.models import Assignment
from hutong.foundation.access.scope import system_scope, use_scope
from hutong.foundation.workflow import worker
from hutong.foundation.workflow.models import StatusChange, WorkItem

from .test_moves import BAMBOO, WILLOW, Start, acting, active, approved, fresh, start

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
_ = (active, start)


def at_once(acts: list[tuple[Any, Callable[[Any, Move], Any]]], move: Move) -> list[str]:
    """Each acts at the same moment on the move as it saw it; 'won' or the sentence it was told."""
    ready, told = threading.Barrier(len(acts), timeout=20), []

    def run(actor: Any, act: Callable[[Any, Move], Any]) -> None:
        try:
            with acting(actor) as seeing:
                seen = Move.objects.select_related("to_post", "from_post", "sender_post").get(pk=move.pk)
                ready.wait()
                act(seeing, seen)
            told.append("won")
        except (PermissionDenied, errors.Refused) as error:
            told.append(str(error))
        except Child.DoesNotExist:
            told.append("gone")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=one) for one in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return told


def receive(actor: Any, move: Move) -> None:
    services.moving.receive(move, actor=actor)


def test_accepted_twice_is_accepted_once(cast: SimpleNamespace, start: Start, active: Child) -> None:
    move = approved(cast, start)
    told = at_once([(cast.stranger, receive), (cast.stranger, receive)], move)
    assert sorted(told)[-1] == "won" or "won" in told
    assert told.count("won") == 1
    worker.settle()
    with use_scope(system_scope("test")):
        assert StatusChange.objects.filter(machine="move", event="receive").count() == 1
        assert Child.objects.get(pk=active.pk).residence_area == BAMBOO
        assert not WorkItem.objects.filter(subject_type="registry.move", closed_at__isnull=True).exists()


def test_taken_back_while_accepted_ends_one_way(cast: SimpleNamespace, start: Start, active: Child) -> None:
    move = approved(cast, start)

    def withdraw(actor: Any, seen: Move) -> None:
        services.moves.withdraw(seen, actor=actor, reason="计划有变")

    told = at_once([(cast.stranger, receive), (cast.director, withdraw)], move)
    assert told.count("won") == 1, told
    worker.settle()
    after = fresh(move)
    with use_scope(system_scope("test")):
        place = Child.objects.get(pk=active.pk).residence_area
        assert (after.state, place) in {("RECEIVED", BAMBOO), ("WITHDRAWN", WILLOW)}
        assert not Assignment.objects.filter(child_id=active.pk).exists()
