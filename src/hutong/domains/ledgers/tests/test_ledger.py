"""Ledgers by category and area, generated, asked for, under the viewer's scope (R-03.02, R-03.03)."""

from __future__ import annotations

from datetime import date
from html import unescape
from types import SimpleNamespace
from typing import Any

import pytest

from hutong.domains.ledgers.data import catalogue
from hutong.domains.ledgers.selectors import Asked, count, list_ledger
from hutong.domains.ledgers.tests.conftest import BAMBOO, MULBERRY, STONE, WILLOW
from hutong.domains.registry.models import Child, Circumstance, RollEntry
from hutong.foundation.access.scope import system_scope, use_scope

pytestmark = pytest.mark.django_db
COUNTY = "990101000000"


def page(client: Any, query: str) -> str:
    return unescape(client.get(f"/ledgers/?{query}").content.decode())


def test_nothing_is_listed_until_asked(client_as: Any, make: Any) -> None:
    child = make(scheme="DEFACTO")
    shown = page(client_as("county"), "")
    assert "请先选择台账" in shown
    assert child.name not in shown


def test_a_ledger_holds_its_category_and_its_place(client_as: Any, make: Any) -> None:
    defacto, orphan = make(scheme="DEFACTO"), make(scheme="ORPHAN-S")
    elsewhere = make(area=STONE, scheme="DEFACTO")
    closed = make(scheme="DEFACTO", state="CLOSED")
    shown = page(client_as("county"), "kind=defacto&area=990101101")
    assert defacto.name in shown
    assert "东镇事实无人抚养儿童台账" in shown
    assert "共 1 人" in shown
    for other in (orphan, elsewhere, closed):
        assert other.name not in shown
    assert "5001**********" in shown
    with use_scope(system_scope("test")):
        assert defacto.id_number not in shown


def test_the_viewer_sees_only_the_own_places(client_as: Any, make: Any) -> None:
    make(scheme="LB"), make(area=MULBERRY, scheme="LB"), make(area=BAMBOO, scheme="LB")
    assert "共 1 人" in page(client_as("director"), "kind=left_behind")
    assert "共 2 人" in page(client_as("county"), "kind=left_behind")
    assert "共 1 人" in page(client_as("stranger_county"), "kind=left_behind")
    assert client_as("stranger").get("/ledgers/?kind=left_behind&area=990101101201").status_code == 404
    assert client_as("clerk").get("/ledgers/?kind=left_behind").status_code == 404


def test_who_left_the_roll_has_left_the_ledger(make: Any, cast: SimpleNamespace) -> None:
    child = make(scheme="DEFACTO")
    asked = Asked("defacto", COUNTY, "hukou")
    with use_scope(cast.county.scope):
        assert count(asked) == 1
        RollEntry.objects.filter(child=child).update(until=date(2026, 10, 12))
        assert count(asked) == 0


def test_by_hukou_or_by_residence(make: Any, cast: SimpleNamespace) -> None:
    make(scheme="DEFACTO", hukou_area=BAMBOO)
    with use_scope(cast.county.scope):
        assert count(Asked("defacto", COUNTY, "hukou")) == 0
        assert count(Asked("defacto", COUNTY, "residence")) == 1
    with use_scope(cast.stranger_county.scope):
        assert count(Asked("defacto", "990102000000", "hukou")) == 1


def test_children_in_difficulty_by_circumstances_in_force(make: Any, cast: SimpleNamespace) -> None:
    ill, over, poor, fine = make(), make(), make(guard="POOR"), make(guard="GOOD")
    with use_scope(system_scope("test")):
        Circumstance.objects.create(child=ill, subject="child", kind="disability", since=date(2024, 1, 1))
        Circumstance.objects.create(
            child=over, subject="father", kind="custody", since=date(2020, 1, 1), until=date(2024, 1, 1)
        )
    with use_scope(cast.county.scope):
        found = set(list_ledger(Asked("difficulty", COUNTY, "residence")))
        assert found == {ill, poor}
        assert fine in Child.objects.all()


def test_a_ledger_is_paged_in_few_queries(
    client_as: Any, make: Any, django_assert_max_num_queries: Any
) -> None:
    make(60, scheme="DEFACTO")
    client = client_as("county")
    page(client, "kind=defacto")
    with django_assert_max_num_queries(30):
        shown = page(client, "kind=defacto&page=2")
    assert "共 60 人" in shown
    assert shown.count("柳小") == 10


def test_every_kind_names_its_source_and_known_columns() -> None:
    from hutong.domains.ledgers.presenters.columns import COLUMNS

    for kind in catalogue.kinds().values():
        assert kind.source
        assert set(kind.columns) <= set(COLUMNS)
    assert all(one.source for one in catalogue.purposes().values())
    assert "ref_orphan" not in catalogue.kinds(date(2019, 1, 1))


def test_paper_lines_stand_on_the_page(client_as: Any, make: Any) -> None:
    make(area=WILLOW, scheme="DEFACTO")
    shown = page(client_as("supervisor"), "kind=defacto")
    for words in ("填报单位：", "制表人：", "审核人：", "截止日期：2026-10-12", "内部资料，严禁外传"):
        assert words in shown
