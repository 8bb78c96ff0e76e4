"""A new director of 桑村, not on the list yet."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from hutong.domains.workforce import services
from hutong.domains.workforce.models import Worker
from hutong.foundation.access.acting import Acting, acting_as
from hutong.foundation.access.scope import use_scope
from hutong.foundation.accounts.models import User
from hutong.foundation.network.models import Holding, Org, Post
from hutong.kernel import clock

SANG = "990101101202"
TODAY = date(2026, 10, 12)


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with clock.frozen(TODAY):
        yield


@pytest.fixture
def fresh(cast: SimpleNamespace) -> Acting:
    org = Org.objects.create(name="桑村村委会", area_code=SANG, kind="CUN")
    post = Post.objects.create(
        org=org, role="VILLAGE_CHILD_DIRECTOR", area_code=SANG, title="桑村新任儿童主任"
    )
    user = User.objects.create(username="xinren", name="新任甲", must_change_password=False, password="!")
    return acting_as(Holding.objects.create(post=post, user=user, since=date(2024, 1, 10)))


class Keeper:
    """Acts on the list in somebody's name."""

    def __init__(self, actor: Acting) -> None:
        self.actor = actor

    def register(self, of: Acting, **facts: Any) -> Worker:
        holding = Holding.objects.select_related("post", "user").get(pk=of.holdings[0].pk)
        with use_scope(self.actor.scope):
            return services.register(holding, actor=self.actor, **({"name": "新任甲"} | facts))

    def train(self, worker: Worker, held: date, *, passed: bool | None = True) -> Any:
        with use_scope(self.actor.scope):
            return services.add_training(
                worker, actor=self.actor, held_on=held, organiser="甲县民政局", passed=passed,
                examined_on=None if passed is None else held,
            )  # fmt: skip

    def check(self, worker: Worker, done: date, result: str = "CLEAR") -> Any:
        with use_scope(self.actor.scope):
            return services.add_check(
                worker, actor=self.actor, done_on=done, result=result, done_by="甲县公安局"
            )

    def state(self, worker: Worker) -> str:
        with use_scope(self.actor.scope):
            return str(worker.appointments.get().state)


@pytest.fixture
def keeper(cast: SimpleNamespace) -> Keeper:
    return Keeper(cast.supervisor)


def bar(actor: Acting) -> str:
    with use_scope(actor.scope):
        return services.find_bar(actor)
