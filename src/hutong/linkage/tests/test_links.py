"""Which row is whom, for every known way a row is dirty (data contract §2; item 15)."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from hutong.kernel import ids
from hutong.linkage.tests.world import OTHER_VILLAGE, VILLAGE, World

FULL = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")


def crowd(world: World) -> None:
    """Enough other people that a name and a birth date are worth something."""
    for i, given in enumerate("伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平"):
        world.family(f"C{i}", (f"钱{given}一", f"钱{given}二", f"孙{given}三"), date(2010, 1 + i % 12, 2 + i))


def old(number: str) -> str:
    return number[:6] + number[8:17]


def typo(number: str) -> str:
    return number[:9] + str((int(number[9]) + 3) % 10) + number[10:]


def swapped(number: str) -> str:
    at = next(i for i in range(10, 16) if number[i] != number[i + 1])
    return number[:at] + number[at + 1] + number[at] + number[at + 2 :]


CASES: dict[str, tuple[dict[str, Any], str]] = {
    "clean": ({}, "exact"),
    "spaces in the number": ({"id_number": lambda p: f" {p['id_number'][:6]} {p['id_number'][6:]}"}, "exact"),
    "full-width digits": ({"id_number": lambda p: p["id_number"].translate(FULL)}, "exact"),
    "lower-case x": ({"id_number": lambda p: p["id_number"].lower()}, "exact"),
    "15 digits": ({"id_number": lambda p: old(p["id_number"])}, "exact"),
    "space in the name": ({"name": "赵 建国"}, "exact"),
    "homophone": ({"name": "赵健国"}, "exact"),
    "dropped character": ({"name": "赵国"}, "exact"),
    "wrong sex and area": ({"sex": "女", "area_code": "110101"}, "exact"),
    "birth date off": ({"birth_date": "1999-04-02"}, "exact"),
    "no number": ({"id_number": ""}, "likely"),
    "one digit wrong": ({"id_number": lambda p: typo(p["id_number"])}, "likely"),
    "digit wrong, no birth date": ({"id_number": lambda p: typo(p["id_number"]), "birth_date": ""}, "likely"),
    "digits swapped": ({"id_number": lambda p: swapped(p["id_number"])}, "likely"),
    "no number, homophone": ({"id_number": "", "name": "赵健国"}, "likely"),
    "another's number, own birth": ({"id_number": ids.make("500199", date(1950, 1, 1), 77)}, "likely"),
}


@pytest.fixture(scope="module")
def dirty(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, int], set[tuple[str, str, str]]]:
    """One run over a district where each kind of dirt has its own family."""
    world = World()
    crowd(world)
    for i, (changes, _) in enumerate(CASES.values()):
        _, father, _ = world.family(f"D{i}", (f"赵小{i}", "赵建国", f"周玉{i}"))
        father["birth_date"] = date(1960 + i, 3, 2 + i).isoformat()
        father["id_number"] = ids.make("990101", date(1960 + i, 3, 2 + i), 13)
        columns = {k: v(father) if callable(v) else v for k, v in changes.items()}
        world.listed("deaths", {**father, **columns}, death_date="2021-03-01")
    return world.run(tmp_path_factory.mktemp("dirty"), pack="").links()


@pytest.mark.parametrize("dirt", CASES)
def test_a_dirty_row_still_finds_its_person(dirty: dict[Any, Any], dirt: str) -> None:
    at = list(CASES).index(dirt)
    assert dirty.get(("deaths", at)) == {(f"D{at}", "father", CASES[dirt][1])}


def test_another_persons_number_is_caught_by_name_and_goes_to_review(tmp_path: Path) -> None:
    world = World()
    crowd(world)
    _, father, _ = world.family("A", ("赵小宝", "赵建国", "周玉兰"))
    world.listed(
        "deaths", {**father, "name": "欧阳碧莲", "birth_date": "1950-01-01"}, death_date="2021-03-01"
    )
    result = world.run(tmp_path, pack="")
    assert result.links() == {}
    assert [(r["child_id"], r["subject"]) for r in result.table("review")] == [("A", "father")]
    assert "姓名不同" in result.table("review")[0]["reason"]
    assert result.summary.review == 1


def test_one_person_under_several_children_links_to_each(tmp_path: Path) -> None:
    world = World()
    crowd(world)
    _, father, mother = world.family("A", ("赵小宝", "赵建国", "周玉兰"))
    world.children.append({**world.children[-1], "child_id": "B", "name": "赵小贝", "id_number": ""})
    world.kin += [{**father, "child_id": "B"}, {**mother, "child_id": "B"}]
    world.listed("deaths", {**father, "id_number": ""}, death_date="2021-03-01")
    assert world.run(tmp_path, pack="").links() == {
        ("deaths", 0): {("A", "father", "likely"), ("B", "father", "likely")}
    }


def test_two_people_of_one_name_and_birth_date_are_not_guessed_between(tmp_path: Path) -> None:
    world = World()
    crowd(world)
    for child in "AB":
        people = world.family(child, ("赵小宝" + child, "赵建国", "周玉兰"))
        people[1]["birth_date"] = "1985-03-09"
    world.listed(
        "deaths",
        {"name": "赵建国", "birth_date": "1985-03-09", "area_code": VILLAGE},
        death_date="2021-03-01",
    )
    result = world.run(tmp_path, pack="")
    assert result.links() == {}
    assert {r["child_id"] for r in result.table("review")} == {"A", "B"}
    assert result.leads == set()


def test_an_outsider_links_to_nobody(tmp_path: Path) -> None:
    world = World()
    crowd(world)
    world.family("A", ("赵小宝", "赵建国", "周玉兰"))
    outsider = {
        "name": "赵建国",
        "id_number": ids.make("500199", date(1971, 6, 6), 5),
        "birth_date": "1971-06-06",
    }
    world.listed("deaths", outsider, death_date="2021-03-01", area_code=OTHER_VILLAGE)
    result = world.run(tmp_path, pack="")
    assert (result.links(), result.table("review")) == ({}, [])


def test_a_child_without_hukou_is_found_by_name_and_birth(tmp_path: Path) -> None:
    world = World()
    crowd(world)
    child, *_ = world.family("A", ("赵小宝", "赵建国", "周玉兰"), id_number="")
    world.listed(
        "enrolment",
        {**child, "id_number": ids.make("500199", date(2012, 5, 1), 901)},
        stage="小学",
        status="在校",
    )
    assert world.run(tmp_path, pack="").links() == {("enrolment", 0): {("A", "child", "likely")}}


def test_the_same_row_twice_links_twice_and_makes_one_lead(tmp_path: Path) -> None:
    world = World()
    _, father, mother = world.family("A", ("赵小宝", "赵建国", "周玉兰"))
    for _ in range(2):
        world.listed("deaths", father, death_date="2021-03-01")
    world.listed("deaths", mother, death_date="2021-03-01")
    result = world.run(tmp_path)
    assert len(result.links()) == 3
    assert result.leads == {("A", "SUSPECTED", "ORPHAN-S")}
    assert len(result.evidence("A")) == 2


def test_a_parent_entered_twice_links_once(tmp_path: Path) -> None:
    world = World()
    _, father, _ = world.family("A", ("赵小宝", "赵建国", "周玉兰"))
    world.kin.append(dict(father))
    world.listed("deaths", father, death_date="2021-03-01")
    assert len(world.run(tmp_path, pack="").table("links")) == 1
