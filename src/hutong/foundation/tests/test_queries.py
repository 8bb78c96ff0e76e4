"""A remembered query gives what the queryset itself gives, whatever the values (ADR 0019)."""

from __future__ import annotations

import json
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef, QuerySet
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from hutong.foundation.network import selectors as network
from hutong.foundation.network.models import Holding, Org, Post
from hutong.foundation.queries import Number, Remembered, capped, numbers_together

DAY = date(2026, 11, 20)
WORDS = ["", "儿童主任", "'; DROP TABLE network_post; --", "100%s", "%(day)s", "\ue0000\ue000", "a" * 300]


def _posts(order: tuple[str, ...], most: int, *, area: str, since: date) -> QuerySet[Post]:
    held = Exists(Holding.objects.filter(network.current(since), post=OuterRef("pk")))
    return (
        Post.objects.filter(area_code__gte=area, active=True)
        .select_related("org")
        .annotate(held=held)
        .order_by(*order)[:most]
    )


posts = Remembered(_posts)


@pytest.mark.django_db
@pytest.mark.parametrize("order", [("pk",), ("-area_code", "pk")])
@pytest.mark.parametrize("area", ["", "500114000000", "999999999999"])
@pytest.mark.parametrize("since", [DAY, date(2019, 1, 1)])
def test_rows_joined_objects_and_annotations_are_the_querysets(
    cast: SimpleNamespace, order: tuple[str, ...], area: str, since: date
) -> None:
    asked = list(_posts(order, 9, area=area, since=since))
    for _ in range(2):  # put together, then remembered
        found = posts(order, 9, area=area, since=since)
        assert [(one.pk, one.title, one.org.name, one.held) for one in found] == [
            (one.pk, one.title, one.org.name, one.held) for one in asked
        ]


@pytest.mark.django_db
def test_values_never_become_text_of_the_query(cast: SimpleNamespace) -> None:
    by_title = Remembered(lambda *, title: Post.objects.filter(title=title).values_list("pk", flat=True))
    for word in WORDS:
        assert by_title(title=word) == list(Post.objects.filter(title=word).values_list("pk", flat=True))
    title = cast.director.post.title
    assert by_title(title=title) == [cast.director.post.pk]


@pytest.mark.django_db
def test_columns_left_out_come_when_asked_and_joined_rows_cost_no_query(
    cast: SimpleNamespace, django_assert_num_queries: pytest.FixtureRequest
) -> None:
    some = Remembered(
        lambda *, pk: Post.objects.filter(pk=pk).select_related("org").only("title", "org__name")
    )
    post = cast.director.post
    with django_assert_num_queries(1):  # type: ignore[operator]
        found = some(pk=post.pk)[0]
        assert (found.title, found.org.name) == (post.title, post.org.name)
    assert found.role == post.role


@pytest.mark.django_db
def test_moments_numbers_and_tuples(cast: SimpleNamespace) -> None:
    now = timezone.now()
    for n, ahead in enumerate((-5, 5, 50)):
        Session.objects.create(
            session_key=f"k{n}", session_data="x", expire_date=now + timedelta(minutes=ahead)
        )
    alive = Remembered(
        lambda *, now, key: (
            Session.objects.filter(expire_date__gt=now, session_key__gte=key)
            .order_by("pk")
            .values_list("session_key", "expire_date")
        )
    )
    assert [key for key, _ in alive(now=now, key="k")] == ["k1", "k2"]
    assert [key for key, _ in alive(now=now + timedelta(minutes=9), key="k")] == ["k2"]
    assert alive.count(now=now, key="k") == 2
    assert alive.first(now=now + timedelta(days=1), key="k") is None


@pytest.mark.django_db
def test_the_text_is_put_together_once_per_shape(cast: SimpleNamespace) -> None:
    built = []

    def build(order: tuple[str, ...], *, pk: int) -> QuerySet[Org]:
        built.append(order)
        return Org.objects.filter(pk=pk).order_by(*order)

    remembered = Remembered(build)
    for order in (("pk",), ("name",), ("pk",)):
        for pk in (1, 2, 3):
            remembered(order, pk=pk)
    assert built == [("pk",), ("name",)]


def test_what_cannot_be_remembered_says_so() -> None:
    with pytest.raises(TypeError, match="shape"):
        Remembered(lambda *, on: Post.objects.filter(active=on))(on=True)
    with pytest.raises(TypeError, match="prefetch"):
        Remembered(lambda *, pk: Post.objects.filter(pk=pk).prefetch_related("holdings"))(pk=1)


@pytest.mark.django_db
def test_numbers_of_the_frame_come_together_and_stop_at_their_cap(cast: SimpleNamespace) -> None:
    from django.db import connection

    everything = Number(capped("network_post WHERE area_code >= %s", 3), lambda actor: (actor,))
    none = Number(capped("network_post WHERE title = %s"), lambda actor: (f"不存在{actor}",))
    with CaptureQueriesContext(connection) as queries:
        assert numbers_together([everything, none, everything], "") == [3, 0, 3]
    assert len(queries) == 1
    assert json.dumps(numbers_together([], "")) == "[]"
