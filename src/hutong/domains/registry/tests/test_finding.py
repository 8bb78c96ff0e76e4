"""Finding a child by whatever is typed (C13; ADR 0007; experience.md 2)."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from hutong.domains.registry import services
from hutong.domains.registry.models import Child
from hutong.domains.registry.search import finding, grams
from hutong.foundation.access.scope import use_scope
from hutong.kernel import ids, names

from .conftest import X_BORN

pytestmark = pytest.mark.django_db


def number_with_x() -> str:
    return next(n for n in (ids.make("500199", X_BORN, order) for order in range(999)) if n.endswith("X"))


@pytest.fixture
def village(make: Any, cast: SimpleNamespace) -> dict[str, Child]:
    number = number_with_x()
    found = {
        "单": make(name="单小禾"),
        "曾": make(name="曾小乐", order=14),
        "买": make(name="买买提·艾力", order=15),
        "X": make(name="石一凡", born=X_BORN, id_number=number, sex=1 if int(number[16]) % 2 else 2),
        "桑": make(
            name="王桑",
            order=17,
            residence_area="990101101202",
            hukou_area="990101101202",
            actor=cast.supervisor,
        ),
    }
    with use_scope(cast.director.scope):
        services.add_kin(
            found["曾"], actor=cast.director, relation="mother", facts={"name": "欧阳春梅", "id_number": ids.make("500199", date(1988, 2, 3), 22)}
        )  # fmt: skip
    return found


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("单小", "单"), ("小禾", "单"), ("单小禾", "单"), ("shanxiaohe", "单"), ("shanx", "单"), ("sxh", "单"), ("ＳＸＨ", "单"),
        ("zengxiaole", "曾"), ("Zeng Xiao Le", "曾"), ("zxl", "曾"), ("欧阳春梅", "曾"), ("春梅", "曾"),
        ("买买提艾力", "买"), ("买买提·艾力", "买"), ("买买提•艾力", "买"), ("提艾", "买"), ("mmtal", "买"),
        ("柳村 单", "单"), ("单 柳村", "单"), ("单　小禾", "单"),
    ],
)  # fmt: skip
def test_names_sounds_and_kin(village: dict[str, Child], cast: SimpleNamespace, typed: str, key: str) -> None:
    with use_scope(cast.director.scope):
        found = finding.search(typed, cast.director)
    assert [hit.child for hit in found.hits] == [village[key]]


def test_a_hit_through_kin_says_so(village: dict[str, Child], cast: SimpleNamespace) -> None:
    with use_scope(cast.director.scope):
        assert finding.search("欧阳春梅", cast.director).hits[0].through == "母亲 欧阳春梅"


def test_wrong_readings_do_not_find(village: dict[str, Child], cast: SimpleNamespace) -> None:
    """单 and 曾 as surnames are shan and zeng."""
    with use_scope(cast.director.scope):
        assert not finding.search("danxiaohe", cast.director).hits
        assert not finding.search("cengxiaole", cast.director).hits


def test_numbers_in_every_spelling(village: dict[str, Child], cast: SimpleNamespace) -> None:
    number = village["单"].id_number
    full_width = number.translate({ord("0") + i: ord("０") + i for i in range(10)})
    spaced = f"{number[:6]} {number[6:14]} {number[14:]}"
    x = village["X"].id_number
    with use_scope(cast.director.scope):
        for typed in (number, full_width, spaced, number[-4:], number[-6:], f" {number[-5:]}"):
            assert [hit.child for hit in finding.search(typed, cast.director).hits] == [village["单"]], typed
        for typed in (x.lower(), x[-4:].lower(), x[-7:]):
            assert village["X"] in [hit.child for hit in finding.search(typed, cast.director).hits], typed
        mother = ids.make("500199", date(1988, 2, 3), 22)
        assert [hit.child for hit in finding.search(mother, cast.director).hits] == [village["曾"]]
        assert finding.search(village["单"].file_no.lower(), cast.director).hits[0].child == village["单"]


def test_one_character_needs_a_village(village: dict[str, Child], cast: SimpleNamespace) -> None:
    with use_scope(cast.county.scope):
        found = finding.search("王", cast.county)
        assert not found.hits
        assert "加上村名" in found.hint
        assert [hit.child for hit in finding.search("王", cast.county, area="990101101202").hits] == [
            village["桑"]
        ]
        by_place = finding.search("桑村", cast.county)
        assert [place.code for place in by_place.places] == ["990101101202"]
        assert [hit.child for hit in finding.search("", cast.county, area="990101101202").hits] == [
            village["桑"]
        ]


def test_only_within_scope(village: dict[str, Child], cast: SimpleNamespace) -> None:
    for actor in (cast.stranger, cast.stranger_county, cast.next_director):
        with use_scope(actor.scope):
            for typed in ("单小禾", "sxh", village["单"].id_number, village["单"].id_number[-4:], "欧阳春梅"):
                assert not finding.search(typed, actor).hits


def test_a_renamed_child_is_found_by_the_new_name_only(child: Child, cast: SimpleNamespace) -> None:
    with use_scope(cast.director.scope):
        services.edit_child(
            child, actor=cast.director, version=1, changes={"name": "高远山", "hukou_area": "990102101201"}
        )
        assert not finding.search("单小禾", cast.director).hits
        assert finding.search("高远山", cast.director).hits
    with use_scope(cast.stranger.scope):  # now registered there: that place finds her too
        assert finding.search("gys", cast.stranger).hits


def test_pages_of_25(cast: SimpleNamespace, make: Any) -> None:
    for i in range(27):
        make(
            name=f"林小{chr(0x6C11 + i)}",
            order=2 * i,
            born=date(2010, 1 + i % 12, 1 + i % 28),
            id_kind="NONE",
            id_number="",
        )
    with use_scope(cast.director.scope):
        first, second = finding.search("林小", cast.director), finding.search("林小", cast.director, page=2)
    assert len(first.hits) == 25
    assert first.has_next
    assert len(second.hits) == 2
    assert not second.has_next


CHARACTER = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5)


@settings(max_examples=100, deadline=None)
@given(st.text(CHARACTER, min_size=2, max_size=9), st.data())
def test_every_piece_of_a_name_is_among_its_grams(name: str, data: st.DataObject) -> None:
    """Two characters or more, from anywhere in the name, dots or none."""
    start = data.draw(st.integers(0, len(name) - 2))
    end = data.draw(st.integers(start + 2, len(name)))
    cut = data.draw(st.integers(0, len(name)))
    dotted = names.clean(f"{name[:cut]}·{name[cut:]}")
    stored = grams.of(dotted, "", [])
    assert set(grams.asked(name[start:end])) <= stored
    assert max(map(len, stored)) <= 90


@pytest.mark.parametrize("where", ["gram = '单小'", "gram >= 'shan' AND gram < 'shan~'"])
def test_the_wall_costs_the_search_no_index(
    village: dict[str, Child], cast: SimpleNamespace, where: str
) -> None:
    """Under row security the question stays one range of the primary key: place and gram are index conditions.

    What is left to filter is who asks (a department's system reads nothing), never a column of the row.
    """
    query = f"SELECT child_id FROM registry_gram WHERE {where} ORDER BY gram, area_code, child_id LIMIT 52"
    with use_scope(cast.county.scope), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN (COSTS OFF) {query}")
        plan = " ".join(row[0] for row in cursor.fetchall())
    assert "using registry_gram_pkey" in plan
    condition, _, rest = plan.split("Index Cond:")[1].partition("Filter:")
    assert "app.lo" in condition
    assert "app.role" in rest
    assert not [column for column in ("gram", "area_code", "child_id") if column in rest]
    assert "Sort" not in plan
