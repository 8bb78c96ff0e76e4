"""A place that was split: nobody guesses which child goes where (N12)."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse

from hutong.domains.registry.models import Child
from hutong.foundation.access.scope import system_scope, use_scope
from hutong.foundation.adjustments import selectors
from hutong.foundation.network import history
from hutong.foundation.network import selectors as network
from hutong.foundation.network.models import AreaRelation
from hutong.foundation.workflow import worker
from hutong.foundation.workflow.models import OPEN, WorkItem

from .conftest import EAST, NEW_VILLAGE, OTHER_VILLAGE, STONE, WILLOW, Compared

SPLIT: dict[str, str | None] = {WILLOW: None, NEW_VILLAGE: "上柳村", OTHER_VILLAGE: "下柳村"}
HOW: dict[str, Any] = {WILLOW: ("split", [NEW_VILLAGE, OTHER_VILLAGE])}


def items() -> list[WorkItem]:
    with use_scope(system_scope("test")):
        return list(WorkItem.objects.filter(OPEN, kind="registry.assign_place").select_related("owner_post"))


def test_the_child_stays_where_it_was_and_is_asked_for(
    cast: SimpleNamespace, changed: Compared, child: Child
) -> None:
    made = changed(SPLIT, HOW)
    with use_scope(system_scope("test")):
        assert Child.objects.get(pk=child.pk).residence_area == WILLOW
        assert [post.pk for post in selectors.list_posts_left(made)] == [cast.director.post.pk]
    (item,) = items()
    assert (item.owner_post, item.child_id) == (cast.supervisor.post, child.pk)
    assert network.area_path(WILLOW).endswith("柳村（现为上柳村、下柳村）")
    assert history.successors([WILLOW]) == {WILLOW: [NEW_VILLAGE, OTHER_VILLAGE]}
    assert AreaRelation.objects.filter(old_code=WILLOW, kind="split").count() == 2


def test_the_supervisor_places_it_and_the_work_follows(
    client_as: Any, cast: SimpleNamespace, changed: Compared, child: Child
) -> None:
    changed(SPLIT, HOW)
    address = reverse("registry:assign_place", args=[child.public_id])
    supervisor = client_as("supervisor")
    assert "上柳村" in supervisor.get(address).content.decode()
    wrong = supervisor.post(address, {"residence_area": STONE, "hukou_area": NEW_VILLAGE})
    assert wrong.status_code == 422
    assert (
        supervisor.post(address, {"residence_area": NEW_VILLAGE, "hukou_area": OTHER_VILLAGE}).status_code
        == 302
    )
    worker.settle()
    with use_scope(system_scope("test")):
        child.refresh_from_db()
        assert (child.residence_area, child.hukou_area) == (NEW_VILLAGE, OTHER_VILLAGE)
    assert items() == []
    again = supervisor.post(
        address, {"residence_area": OTHER_VILLAGE, "hukou_area": OTHER_VILLAGE}, follow=True
    )
    assert "已经落实" in again.content.decode()


@pytest.mark.parametrize("who", ["stranger", "stranger_county", "next_director"])
def test_strangers_find_no_child_to_place(client_as: Any, changed: Compared, child: Child, who: str) -> None:
    changed(SPLIT, HOW)
    assert client_as(who).get(reverse("registry:assign_place", args=[child.public_id])).status_code in (
        403,
        404,
    )


def test_a_township_that_splits_takes_its_villages_along(changed: Compared, child: Child) -> None:
    """The village keeps its children through the new code; only what stood at the township itself is asked for."""
    new, other = "990101103000", "990101104000"
    changes: dict[str, str | None] = {
        EAST: None, WILLOW: None, "990101101202": None, new: "东镇一", other: "东镇二",
        "990101103201": "柳村", "990101104201": "桑村",
    }  # fmt: skip
    changed(changes, {EAST: ("split", [new, other])})
    assert items() == []
    with use_scope(system_scope("test")):
        assert Child.objects.get(pk=child.pk).residence_area == "990101103201"
    assert network.area_path("990101103201") == "示例省示例市甲县东镇一柳村"
