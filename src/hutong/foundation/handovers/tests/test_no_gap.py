"""Whatever is proposed, accepted, refused, ended and locked, in whatever order: at every moment somebody can open every open item."""

from __future__ import annotations

import contextlib
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hutong.foundation.access.acting import acting_as, find_stand_in
from hutong.foundation.access.scope import system_scope, use_scope
from hutong.foundation.accounts.models import User
from hutong.foundation.handovers import services
from hutong.foundation.handovers.models import HandOver
from hutong.foundation.network import duty
from hutong.foundation.network import selectors as network
from hutong.foundation.network import services as holdings
from hutong.foundation.network.errors import NetworkRefused
from hutong.foundation.network.models import Holding
from hutong.foundation.workflow.models import OPEN, WorkItem
from hutong.kernel import clock

from .conftest import day

FIELD = ("director", "next_director", "supervisor", "county", "county_second")
WHO = st.sampled_from(FIELD)
STEPS = st.one_of(
    st.tuples(st.just("propose"), WHO, st.integers(0, 3), st.one_of(st.none(), st.integers(1, 6)), st.one_of(st.none(), WHO)),
    st.tuples(st.just("accept"), WHO, st.integers(0, 9)),
    st.tuples(st.just("decline"), WHO, st.integers(0, 9)),
    st.tuples(st.just("assign"), WHO, st.integers(0, 9), WHO, st.booleans()),
    st.tuples(st.just("withdraw"), WHO, st.integers(0, 9)),
    st.tuples(st.just("back"), WHO, st.integers(0, 9)),
    st.tuples(st.just("end"), st.integers(0, 9), st.integers(0, 3)),
    st.tuples(st.just("lock"), st.sampled_from(("director", "next_director", "supervisor")), st.booleans()),
    st.tuples(st.just("days"), st.integers(1, 4), st.booleans()),
)  # fmt: skip
REFUSED = (NetworkRefused, PermissionDenied)


class Undo(Exception):
    pass


def actor_of(cast: SimpleNamespace, key: str) -> Any:
    """The person in the first post held today; in her old one where she holds none (and then may do little)."""
    held = list(network.list_current_holdings(getattr(cast, key).user))
    return acting_as(held[0], others=tuple(held)) if held else getattr(cast, key)


def hand_over(number: int) -> HandOver | None:
    with use_scope(system_scope("property")):
        found = list(
            HandOver.objects.select_related(
                "post", "holding", "stand_in", "resumed", "from_user", "to_user"
            ).order_by("pk")
        )
    return found[number % len(found)] if found else None


def take(step: tuple[Any, ...], cast: SimpleNamespace, now: list[int]) -> None:
    today = clock.today()
    match step:
        case ("propose", key, ahead, length, to):
            who = actor_of(cast, key)
            since = today + timedelta(days=ahead)
            until = since + timedelta(days=length) if length else None
            user = getattr(cast, to).user if to else None
            with use_scope(who.scope):
                holding = Holding.objects.select_related("post", "user").get(pk=who.holdings[0].pk)
                services.propose(holding, actor=who, since=since, until=until, to=user, reason="病假")
        case ("assign", key, number, to, successor):
            found, who = hand_over(number), actor_of(cast, key)
            if found:
                with use_scope(who.scope):
                    services.assign(
                        found, actor=who, to=getattr(cast, to).user, reason="安排", successor=successor
                    )
        case (("accept" | "decline" | "withdraw" | "back") as event, key, number):
            found, who = hand_over(number), actor_of(cast, key)
            if found:
                with use_scope(who.scope):
                    getattr(services, event)(found, actor=who, reason="说明")
        case ("end", number, ahead):
            rows = list(duty.in_force(today).filter(post__area_code__startswith="990101").order_by("pk"))
            one = rows[number % len(rows)]
            if any(one.post_id == getattr(cast, key).post.pk for key in FIELD):
                with use_scope(cast.county.scope):
                    holdings.end_holding(
                        actor=cast.county, holding=one, until=today + timedelta(days=ahead), reason="调整"
                    )
        case ("lock", key, active):
            User.objects.filter(pk=getattr(cast, key).user.pk).update(is_active=active)
        case ("days", number, swept):
            now[0] += number
            if not swept:
                return
    if step[0] == "days":
        with clock.frozen(day(now[0])):
            services.carry_out_due()


def unowned(cast: SimpleNamespace) -> list[str]:
    """Open items nobody can open: no active person holds the post or is let into it as answering for it."""
    people = list(User.objects.filter(is_active=True))
    with use_scope(system_scope("property")):
        posts = {item.owner_post for item in WorkItem.objects.filter(OPEN).select_related("owner_post")}
    lost = []
    for post in posts:
        for user in people:
            held = tuple(network.list_current_holdings(user))
            if any(one.post_id == post.pk for one in held) or find_stand_in(user, held, post.pk):
                break
        else:
            lost.append(post.title)
    return lost


@pytest.mark.slow
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEPS, min_size=3, max_size=14))
def test_every_open_item_always_has_somebody(
    cast: SimpleNamespace, item: Any, steps: list[tuple[Any, ...]]
) -> None:
    lost: list[str] = ["did not run"]
    with contextlib.suppress(Undo), transaction.atomic():
        lost = play(steps, cast, item)
        raise Undo
    assert lost == []


def play(steps: list[tuple[Any, ...]], cast: SimpleNamespace, item: Any) -> list[str]:
    """What was lost, after which step on which day; nothing at the end of a good run."""
    with clock.frozen(day(0)):
        for key in FIELD:
            item(getattr(cast, key).post)
    now = [0]
    for step in steps:
        with clock.frozen(day(now[0])), contextlib.suppress(*REFUSED), transaction.atomic():
            take(step, cast, now)
        with clock.frozen(day(now[0])):
            lost = unowned(cast)
        if lost:
            return [f"after {step} on day {now[0]}: {'、'.join(lost)}"]
    return []
