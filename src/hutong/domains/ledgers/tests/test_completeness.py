"""How complete a file is, what it lacks and who supplies it; by place, worst first (R-03.05)."""

from __future__ import annotations

from datetime import date
from html import unescape
from types import SimpleNamespace
from typing import Any

import pytest
from django.test.utils import CaptureQueriesContext

from hutong.domains.ledgers.data.required import items
from hutong.domains.ledgers.selectors import completeness
from hutong.domains.ledgers.tests.conftest import BAMBOO, MULBERRY, STONE, WILLOW
from hutong.domains.registry.models import Child, Circumstance, Kinship, Person
from hutong.foundation.access.scope import system_scope, use_scope
from hutong.foundation.documents.models import Document
from hutong.kernel import clock

pytestmark = pytest.mark.django_db
COUNTY = "990101000000"
WHOLE = {"ethnic": "汉族", "address": "三组", "lives_with": "mother", "guard": "GOOD", "school": "primary"}


@pytest.fixture
def whole(make: Any) -> Any:
    """``whole(area)``: a file that lacks nothing."""

    def made(area: str = WILLOW, **facts: Any) -> Child:
        child = make(area=area, **(WHOLE | facts))
        with use_scope(system_scope("test")):
            father = Person.objects.create(name="柳大", sex=1)
            Kinship.objects.create(child=child, person=father, relation="father")
        return child

    return made


def score(child: Child, actor: Any) -> completeness.Score:
    with use_scope(actor.scope):
        return completeness.of_child(child)


def codes(child: Child, actor: Any) -> set[str]:
    return {item.code for item in score(child, actor).missing}


def test_a_whole_file_and_a_bare_one(whole: Any, make: Any, cast: SimpleNamespace) -> None:
    assert score(whole(), cast.director) == completeness.Score(100, ())
    bare = make()
    assert codes(bare, cast.director) == {"ethnic", "address", "lives_with", "father", "guard", "school"}
    # three numbers, two telephone, two mother of twenty-one weights... what is there over what is required
    required = [item for item in items() if "all" in item.groups or "age3" in item.groups]
    there = sum(item.weight for item in required if item.code in {"id_number", "phone", "mother"})
    assert score(bare, cast.director).percent == 100 * there // sum(item.weight for item in required)


def test_what_is_required_follows_the_category(whole: Any, cast: SimpleNamespace) -> None:
    from hutong.domains.registry.models import RollEntry

    child, baby = whole(), whole(birth_date=date(2025, 1, 1), school="")
    assert "school" not in codes(baby, cast.director)
    with use_scope(system_scope("test")):
        RollEntry.objects.create(child=child, scheme="DEFACTO", since=date(2025, 1, 1))
    assert codes(child, cast.director) == {"guardian", "verified", "monthly", "paper_hukou", "paper_ground"}
    with use_scope(system_scope("test")):
        Circumstance.objects.create(
            child=child,
            subject="father",
            kind="custody",
            since=date(2025, 1, 1),
            verified_on=date(2025, 1, 2),
        )
        for purpose in ("户口簿", "判决书"):
            Document.objects.create(
                name="a.pdf", kind="pdf", mime="application/pdf", size=1, sha256="0" * 64, purpose=purpose, child_id=child.pk,
                area_code=WILLOW, uploaded_at=clock.now(), uploaded_by=cast.director.user, uploaded_post=cast.director.post,
            )  # fmt: skip
    assert codes(child, cast.director) == {"guardian", "monthly"}


def test_an_item_starts_on_its_day(whole: Any) -> None:
    assert "migrant" not in {item.code for item in items(date(2015, 1, 1))}
    assert "migrant" in {item.code for item in items(date(2020, 1, 1))}
    assert all(item.source and item.by and item.weight > 0 for item in items())


def test_the_childs_page_says_what_is_missing_and_by_whom(make: Any, client_as: Any) -> None:
    child = make()
    shown = unescape(client_as("director").get(f"/children/{child.public_id}/").content.decode())
    assert "完整度" in shown
    assert "监护状况评定</b>：儿童主任走访评定" in shown
    assert "困境儿童信息登记表" in shown


def test_the_card_costs_one_query(make: Any, cast: SimpleNamespace) -> None:
    from django.db import connection

    child = make()
    with use_scope(cast.director.scope), CaptureQueriesContext(connection) as queries:
        completeness.of_child(child)
    assert len(queries) == 1


def test_by_place_worst_first_and_down_to_the_files(
    whole: Any, make: Any, client_as: Any, cast: SimpleNamespace
) -> None:
    whole(), make(area=MULBERRY), whole(STONE), make(area=BAMBOO)
    with use_scope(cast.county.scope):
        found = completeness.by_place(cast.county, COUNTY)
    assert [(place.code, place.files, place.whole) for place in found] == [
        ("990101101000", 2, 1),
        ("990101102000", 1, 1),
    ]
    assert found[0].percent < found[1].percent == 100
    client = client_as("county")
    page = unescape(client.get("/ledgers/completeness/").content.decode())
    assert page.index("东镇") < page.index("西乡")
    assert "/ledgers/completeness/?area=990101101000" in page
    page = client.get("/ledgers/completeness/?area=990101101000").content.decode()
    assert "/ledgers/completeness/files/?area=990101101202" in page
    files = unescape(client.get("/ledgers/completeness/files/?area=990101101000").content.decode())
    assert "柳小" in files
    assert files.count("/children/") >= 1
    assert "详细居住地址" in files


def test_the_stranger_sees_nothing(make: Any, client_as: Any, cast: SimpleNamespace) -> None:
    child = make()
    for member in ("stranger", "stranger_county"):
        client = client_as(member)
        assert client.get(f"/ledgers/completeness/?area={WILLOW}").status_code == 404
        assert client.get(f"/ledgers/completeness/files/?area={WILLOW}").status_code == 404
        assert child.name not in client.get("/ledgers/completeness/files/").content.decode()
    assert score(child, cast.stranger) == completeness.Score(100, ())
    assert client_as("county").get("/ledgers/completeness/?area=abc").status_code == 404
