"""Who may open a file is a number on the file (TM-03; R-46.01): it counts exactly those whom the wall lets through."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse

from hutong.domains.registry import selectors
from hutong.domains.registry.models import Child
from hutong.foundation.access.acting import Acting, with_assigned
from hutong.foundation.access.models import Assignment, Grant
from hutong.foundation.access.scope import use_scope
from hutong.foundation.network.models import Holding
from hutong.kernel import clock

pytestmark = pytest.mark.django_db


def opens(actor: Acting, child: Child) -> bool:
    """Whether the wall and the right together let this person open the file."""
    with use_scope(actor.scope):
        now = with_assigned(actor)
    with use_scope(now.scope):
        return actor.may("child.view") and Child.objects.filter(pk=child.pk).exists()


def counted(asker: Acting, child: Child) -> dict[int, str]:
    with use_scope(asker.scope):
        return {one.user_id: one.way for one in selectors.list_openers(child)}


def agree(cast: SimpleNamespace, child: Child) -> dict[int, str]:
    found = counted(cast.director, child)
    assert set(found) == {one.user.pk for one in vars(cast).values() if opens(one, child)}
    return found


def test_it_counts_whom_the_wall_lets_through(cast: SimpleNamespace, child: Child) -> None:
    before = agree(cast, child)
    assert cast.stranger.user.pk not in before
    assert counted(cast.county, child) == before
    today, now = clock.today(), clock.now()
    with use_scope(cast.county.scope):
        Assignment.objects.create(
            child_id=child.pk,
            post=cast.stranger.post,
            area_code=child.residence_area,
            since=today - timedelta(days=3),
            reason="走访",
        )
    assert agree(cast, child)[cast.stranger.user.pk] == "assigned"
    with use_scope(cast.county.scope):
        Assignment.objects.update(until=today)
        Grant.objects.create(
            child_id=child.pk, area_code=child.residence_area, user=cast.stranger.user, since=now - timedelta(hours=1),
            until=now + timedelta(hours=1), kind="test", ref="1",
        )  # fmt: skip
    assert agree(cast, child)[cast.stranger.user.pk] == "granted"
    with use_scope(cast.county.scope):
        Grant.objects.update(until=clock.now() - timedelta(seconds=1))
    assert agree(cast, child) == before


def test_who_left_the_post_or_is_locked_does_not_count(cast: SimpleNamespace, child: Child) -> None:
    before = counted(cast.county, child)
    Holding.objects.filter(user=cast.director.user).update(until=clock.today())
    cast.supervisor.user.is_active = False
    cast.supervisor.user.save()
    assert set(before) - set(counted(cast.county, child)) == {cast.director.user.pk, cast.supervisor.user.pk}


def test_a_child_of_two_places_is_seen_from_both(cast: SimpleNamespace, child: Child) -> None:
    with use_scope(cast.county.scope):
        Child.objects.filter(pk=child.pk).update(hukou_area=cast.stranger.post.area_code)
        child.refresh_from_db()
    assert cast.stranger.user.pk in agree(cast, child)


def test_to_who_does_not_see_the_file_nobody_opens_it(cast: SimpleNamespace, child: Child) -> None:
    assert counted(cast.stranger, child) == {}


def test_the_number_stands_on_the_file(client_as: Any, cast: SimpleNamespace, child: Child) -> None:
    page = client_as("director").get(reverse("registry:child", args=[child.public_id])).content.decode()
    assert f"现在可以打开这份档案的有 <b>{len(counted(cast.director, child))}</b> 人：" in page
    assert "儿童主任 1 人" in page
    assert "每次打开都有记录" in page
