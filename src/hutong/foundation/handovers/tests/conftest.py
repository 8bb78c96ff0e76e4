"""Leave in the small world: days go by, the platform does what is due on each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from hutong.foundation.access.acting import Acting, acting_as
from hutong.foundation.access.scope import use_scope
from hutong.foundation.accounts.models import User
from hutong.foundation.handovers import services
from hutong.foundation.handovers.models import HandOver
from hutong.foundation.network import selectors as network
from hutong.foundation.network.models import Post
from hutong.foundation.workflow import services as workflow
from hutong.foundation.workflow.models import WorkItem
from hutong.kernel import clock

DAY0 = date(2026, 11, 16)


def day(number: int) -> date:
    return DAY0 + timedelta(days=number)


@pytest.fixture
def go() -> Iterator[Callable[[int], None]]:
    """``go(3)``: it is the third day, and the platform has done what was due."""
    stack = ExitStack()

    def to(number: int) -> None:
        stack.enter_context(clock.frozen(day(number)))
        services.carry_out_due()

    to(0)
    yield to
    stack.close()


@pytest.fixture
def item(cast: SimpleNamespace) -> Callable[..., WorkItem]:
    numbers = iter(range(1, 10_000))

    def make(owner: Any = None, **facts: Any) -> WorkItem:
        post, number = owner or cast.director.post, next(numbers)
        with use_scope(cast.supervisor.scope):
            return workflow.open_item(
                kind="lead.verify", title=f"核实 张小{number}", owner=post, subject_type="leads.lead", subject_id=number,
                link=f"/leads/{number}/", due_on=day(5), area_code=post.area_code, actor=cast.supervisor, **facts,
            )  # fmt: skip

    return make


def propose(who: Acting, **facts: Any) -> HandOver:
    """The acting person's own post from day 2 to day 6."""
    values: dict[str, Any] = {"since": day(2), "until": day(6), "to": None, "reason": "病假"}
    with use_scope(who.scope):
        return services.propose(who.holdings[0], actor=who, **{**values, **facts})


def do(event: str, found: HandOver, who: Acting, **facts: Any) -> HandOver:
    with use_scope(who.scope):
        fresh = HandOver.objects.select_related(
            "post", "holding", "stand_in", "resumed", "from_user", "to_user"
        ).get(pk=found.pk)
        return getattr(services, event)(fresh, actor=who, **facts)  # type: ignore[no-any-return]


def posts_of(user: User) -> set[Post]:
    return {one.post for one in network.list_current_holdings(user)}


def acting_in(user: User, post: Post) -> Acting:
    held = tuple(network.list_current_holdings(user))
    return acting_as(next(one for one in held if one.post_id == post.pk), others=held)
