"""Who sees a child: by residence, by hukou, by assignment; nobody else, however many ask at once (TM-03, TM-13; R-01.04)."""

from __future__ import annotations

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client
from django.urls import reverse

from hutong.domains.registry.models import Child
from hutong.foundation.access.acting import Acting, with_assigned
from hutong.foundation.access.models import Assignment
from hutong.foundation.access.scope import system_scope, use_scope
from hutong.foundation.accounts.models import User
from hutong.foundation.network.models import Holding
from hutong.kernel import clock

WILLOW, MULBERRY, BAMBOO = "990101101201", "990101101202", "990102101201"


def make(number: int, residence: str, hukou: str | None = None) -> Child:
    with use_scope(system_scope("测试")):
        return Child.objects.create(
            file_no=f"H{number:09d}", name=f"柳试{number}", sex=1, birth_date=date(2015, 5, 1), id_kind="UNSEEN",
            hukou_area=hukou or residence, residence_area=residence, state="ACTIVE",
        )  # fmt: skip


def seen(actor: Acting) -> set[int]:
    with use_scope(actor.scope):
        acting = with_assigned(actor)
        with use_scope(acting.scope):
            return set(Child.objects.values_list("pk", flat=True))


def test_a_child_is_seen_from_where_it_lives_and_from_where_it_is_registered(cast: SimpleNamespace) -> None:
    child = make(1, residence=WILLOW, hukou=BAMBOO)
    seers = {name for name, actor in vars(cast).items() if child.pk in seen(actor)}
    in_place = {
        name
        for name, actor in vars(cast).items()
        if any(actor.scope.covers(code) for code in (WILLOW, BAMBOO))
    }
    assert seers == in_place
    assert {"director", "supervisor", "county", "stranger"} <= seers
    assert "next_director" not in seers


def test_an_assigned_child_is_seen_from_the_first_day_to_the_last(cast: SimpleNamespace) -> None:
    child, start = make(1, residence=WILLOW), date(2026, 11, 1)
    with use_scope(cast.county.scope):
        Assignment.objects.create(
            post=cast.stranger.post,
            child_id=child.pk,
            area_code=WILLOW,
            since=start,
            until=start + timedelta(10),
            reason="个案",
        )
    by_day = {}
    for day in (-1, 0, 9, 10):
        with clock.frozen(start + timedelta(day)):
            by_day[day] = child.pk in seen(cast.stranger)
    assert by_day == {-1: False, 0: True, 9: True, 10: False}


def test_nobody_assigns_a_child_of_another_place_to_oneself(cast: SimpleNamespace, client_as: Any) -> None:
    from django.db import ProgrammingError, transaction

    child = make(1, residence=WILLOW)
    with use_scope(cast.stranger.scope), pytest.raises(ProgrammingError), transaction.atomic():
        Assignment.objects.create(
            post=cast.stranger.post,
            child_id=child.pk,
            area_code=WILLOW,
            since=date(2026, 1, 1),
            reason="好奇",
        )


def test_raw_sql_and_joins_see_no_more(cast: SimpleNamespace) -> None:
    make(1, residence=WILLOW)
    with use_scope(cast.stranger.scope), connection.cursor() as cursor:
        for statement in (
            "SELECT count(*) FROM registry_child",
            "SELECT count(*) FROM registry_child WHERE residence_area = '990101101201' OR true",
            "SELECT count(*) FROM network_area a JOIN registry_child c ON c.residence_area = a.code",
        ):
            cursor.execute(statement)
            assert cursor.fetchone()[0] == 0


def test_a_person_of_two_posts_acts_in_one_at_a_time(cast: SimpleNamespace, client_as: Any) -> None:
    """Posts never add up to a range nobody granted (ADR 0002)."""
    here, there = make(1, residence=WILLOW), make(2, residence=BAMBOO)
    Holding.objects.create(
        post=cast.stranger.post, user=cast.director.user, since=date(2026, 1, 1), deputy=True
    )
    client = client_as("director")

    def statuses() -> tuple[int, int]:
        return tuple(
            client.get(reverse("registry:child", args=[one.public_id])).status_code for one in (here, there)
        )  # type: ignore[return-value]

    assert statuses() == (200, 404)
    assert client.post(reverse("access:post"), {"post": cast.stranger.post.pk}).status_code == 302
    assert statuses() == (404, 200)
    assert client.post(reverse("access:post"), {"post": cast.county.post.pk}).status_code == 404  # not held
    Holding.objects.filter(user=cast.director.user, deputy=True).update(until=clock.today())
    assert statuses() == (200, 404)  # the deputy's time is over: back to the own post


def test_a_failing_page_leaves_nothing_behind(
    cast: SimpleNamespace, client_as: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from hutong.foundation.access import reading
    from hutong.foundation.access.explaining import Explanation
    from hutong.foundation.access.views import acting_post
    from hutong.foundation.audit.models import Read

    def write_and_fail(*_: Any) -> Any:
        reading.record(cast.director, [(7, WILLOW)], "档案", Explanation("act"))
        raise RuntimeError("half way")

    monkeypatch.setattr(acting_post, "HttpResponseRedirect", write_and_fail)
    client: Client = client_as("director")
    client.raise_request_exception = False
    assert client.post(reverse("access:post"), {"post": cast.director.post.pk}).status_code == 500
    with use_scope(cast.director.scope):
        assert not Read.objects.exists()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_450_requests_at_once_never_see_another_village(cast: SimpleNamespace) -> None:
    """Fifteen threads on live connections, three villages, own and foreign files mixed: no leak, no false 404."""
    homes = {"director": WILLOW, "next_director": MULBERRY, "stranger": BAMBOO}
    children = {name: make(number, residence=code) for number, (name, code) in enumerate(homes.items(), 1)}
    users: dict[str, User] = {name: getattr(cast, name).user for name in homes}

    def worker(seed: int) -> list[str]:
        rng, wrong = random.Random(seed), []
        try:
            clients = {name: Client() for name in homes}
            for name, client in clients.items():
                client.force_login(users[name], backend="hutong.foundation.accounts.backend.SignInBackend")
            for _ in range(30):
                who, whose = rng.choice(list(homes)), rng.choice(list(homes))
                answer = clients[who].get(reverse("registry:child", args=[children[whose].public_id]))
                named = children[whose].name in answer.content.decode()
                if (answer.status_code == 200, named) != (who == whose, who == whose):
                    wrong.append(f"{who} asked for {whose}: {answer.status_code}, named: {named}")
        finally:
            connections.close_all()
        return wrong

    run: Callable[[int], list[str]] = worker
    with ThreadPoolExecutor(15) as pool:
        leaks = [line for lines in pool.map(run, range(15)) for line in lines]
    assert leaks == []


def test_a_forged_scope_setting_does_not_survive_the_transaction(cast: SimpleNamespace) -> None:
    child = make(1, residence=WILLOW)
    wide = replace(cast.stranger.scope, lo="0", hi=":")
    with use_scope(wide):
        assert Child.objects.filter(pk=child.pk).exists()
    assert child.pk not in seen(cast.stranger)
