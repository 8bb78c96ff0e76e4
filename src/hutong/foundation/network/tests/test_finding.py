"""Places by name, pinyin, initials and code; posts upwards from a village (R-01.01, R-01.03)."""

from types import SimpleNamespace
from typing import Any

import pytest

from hutong.foundation.network import selectors
from hutong.foundation.network.finding import find_areas
from hutong.foundation.network.models import Area
from hutong.kernel import names


@pytest.fixture
def spelled(places: dict[str, Any]) -> None:
    for area in places.values():
        area.pinyin, area.initials = names.pinyin(area.name), names.initials(area.name)
    Area.objects.bulk_update(places.values(), ["pinyin", "initials"])


@pytest.mark.parametrize("typed", ["柳", "柳村", "liu", "LIUC", "lc", "990101101201", " 柳 村 "])
def test_a_place_is_found_as_people_type_it(spelled: None, typed: str) -> None:
    assert [area.code for area in find_areas(typed)] == ["990101101201"]


def test_wider_places_come_first_and_the_search_can_be_bounded(spelled: None) -> None:
    assert [area.name for area in find_areas("9901")][:2] == ["示例市", "甲县"]
    assert {area.name for area in find_areas("9901", within="990102", level="village")} == {"竹村"}


@pytest.mark.parametrize("typed", ["", "   ", "%", "_", "'; DROP", "啊" * 500, "\U0010ffff"])
def test_nonsense_finds_nothing_and_breaks_nothing(spelled: None, typed: str) -> None:
    assert find_areas(typed) == []


def test_the_director_answers_for_the_village_and_the_supervisor_above(cast: SimpleNamespace) -> None:
    assert selectors.find_responsible_director("990101101201") == cast.director.post
    assert selectors.find_supervisor("990101101201") == cast.supervisor.post
    assert selectors.find_post("COUNTY_CA", "990101") in (cast.county.post, cast.county_second.post)


def test_work_always_finds_an_owner_where_posts_are_missing(cast: SimpleNamespace) -> None:
    assert selectors.find_responsible_director("990101102201") is None
    assert selectors.find_supervisor("990101102201") == cast.county.post  # west township has no supervisor
    assert selectors.find_responsible_post("990101102201") == cast.county.post
    assert selectors.find_responsible_post("880101102201") is None


def test_an_unknown_village_is_shown_under_the_nearest_known_place(places: dict[str, Any]) -> None:
    assert selectors.area_path("990101101201") == "示例省示例市甲县东镇柳村"
    assert selectors.area_path("990101101299") == "示例省示例市甲县东镇（990101101299）"
