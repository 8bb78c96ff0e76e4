"""From rows to leads: what each list means, and what never makes a lead (R-39.*, items 15–17; architecture §3.5)."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from hutong.linkage.difference import Terms
from hutong.linkage.errors import Cancelled, ContractError
from hutong.linkage.tests.world import AS_OF, VILLAGE, Result, World

LOST = {"lost_since": "2020-06-01", "accepted_on": "2021-02-10", "receipt_no": "HZ1"}
CAUSES = {
    "custody": {"kind": "服刑", "start_date": "2020-01-01", "end_date": "2025-01-01"},
    "guardianship_revoked": {"revoked_on": "2020-01-01"},
    "deported": {"deported_on": "2020-01-01"},
    "lost_contact": LOST,
    "disability": {"kind": "肢体", "grade": "二级"},
    "serious_illness": {"diagnosed_on": "2020-01-01"},
}
NO_CAUSES = {
    "term of five months": (
        "custody",
        {"kind": "服刑", "start_date": "2021-08-01", "end_date": "2022-01-01"},
    ),
    "begins tomorrow": ("custody", {"kind": "服刑", "start_date": "2021-10-01", "end_date": "2025-01-01"}),
    "over": ("custody", {"kind": "服刑", "start_date": "2015-01-01", "end_date": "2020-01-01"}),
    "restored": ("guardianship_revoked", {"revoked_on": "2020-01-01", "restored_on": "2021-01-01"}),
    "light disability": ("disability", {"kind": "肢体", "grade": "3"}),
    "expired certificate": ("disability", {"kind": "肢体", "grade": "1", "valid_to": "2021-09-29"}),
    "no receipt": ("lost_contact", {**LOST, "receipt_no": ""}),
    "dies tomorrow": ("deaths", {"death_date": "2021-10-01"}),
}


@pytest.fixture
def world() -> World:
    return World()


def half_orphan(world: World, child_id: str = "A") -> dict[str, str]:
    """The father is dead; returns the mother."""
    n = len(world.children)
    _, father, mother = world.family(child_id, (f"赵小宝{n}", f"赵建国{n}", f"周玉兰{n}"))
    world.listed("deaths", father, death_date="2019-01-01")
    return dict(mother)


@pytest.fixture(scope="module")
def causes(tmp_path_factory: pytest.TempPathFactory) -> Result:
    """One run: a family for every circumstance that counts and every one that does not."""
    world = World()
    for code, columns in CAUSES.items():
        world.listed(code, half_orphan(world, code), **columns)
    for name, (code, columns) in NO_CAUSES.items():
        world.listed(code, half_orphan(world, name), **columns)
    return world.run(tmp_path_factory.mktemp("causes"))


def test_father_dead_and_mother_in_a_circumstance_is_suspected_else_not(causes: Result) -> None:
    assert causes.leads == {(code, "SUSPECTED", "DEFACTO") for code in CAUSES}


@pytest.mark.parametrize("code", CAUSES)
def test_a_lead_cites_its_rows_and_explains_itself(causes: Result, code: str) -> None:
    lead = next(row for row in causes.table("leads") if row["child_id"] == code)
    assert (lead["certain"], lead["area_code"]) == (True, VILLAGE)
    assert sorted({e["list"] for e in json.loads(lead["evidence"])}) == sorted({"deaths", code})
    assert json.loads(lead["why"])["value"] is True


def test_both_dead_or_missing_is_an_orphan_and_an_institution_makes_it_i(
    world: World, tmp_path: Path
) -> None:
    for child_id, place in (("A", "home"), ("B", "institution")):
        _, father, mother = world.family(
            child_id, (f"赵小宝{child_id}", f"赵建国{child_id}", f"周玉兰{child_id}"), place=place
        )
        world.listed("deaths", father, death_date="2019-01-01", kind="宣告死亡")
        world.listed("declared_missing", mother, declared_on="2020-02-02")
    assert world.run(tmp_path).leads == {("A", "SUSPECTED", "ORPHAN-S"), ("B", "SUSPECTED", "ORPHAN-I")}


def test_absence_from_every_list_never_makes_a_lead(world: World, tmp_path: Path) -> None:
    """Item 17: the roll says DEFACTO, the file has only the father's death, and no list says anything."""
    world.family("A", ("赵小宝", "赵建国", "周玉兰"))
    world.paid("A", "DEFACTO")
    world.verified("A", "father", "deaths", "2018-01-01", detail="死亡")
    result = world.run(tmp_path)
    assert result.leads == set()
    assert len(result.summary.lists_missing) == 14


ENDED = {
    "custody": {"kind": "服刑", "start_date": "2018-04-10", "end_date": "2021-04-10"},
    "guardianship_revoked": {"revoked_on": "2018-04-10", "restored_on": "2021-04-10"},
    "deported": {"deported_on": "2018-04-10", "reentry_on": "2021-04-10"},
    "disability": {"kind": "智力", "grade": "3", "valid_to": "2021-04-10"},
}


def test_a_date_that_ended_makes_an_exit_lead_citing_it(world: World, tmp_path: Path) -> None:
    """WC-11: released, still paid."""
    for code, columns in ENDED.items():
        world.listed(code, half_orphan(world, code), **columns)
        world.paid(code, "DEFACTO")
    result = world.run(tmp_path)
    assert result.leads == {(code, "SHOULD_EXIT", "DEFACTO") for code in ENDED}
    for code in ENDED:
        assert (code, "2021-04-10") in {(e["list"], e["to"]) for e in result.evidence(code)}
    assert {float(lead["monthly_now"]) for lead in result.table("leads")} == {1204.0}


def test_a_list_ends_an_episode_the_file_holds_open(world: World, tmp_path: Path) -> None:
    mother = half_orphan(world)
    world.paid("A", "DEFACTO")
    world.verified("A", "mother", "guardianship_revoked", "2020-12-27")
    world.listed("guardianship_revoked", mother, revoked_on="2020-12-27", restored_on="2021-09-18")
    result = world.run(tmp_path)
    assert result.leads == {("A", "SHOULD_EXIT", "DEFACTO")}
    cited = {(e["list"], e["to"]) for e in result.evidence("A") if e["fact"] == "revoked"}
    assert cited == {("guardianship_revoked", "2021-09-18")}


def test_a_later_term_of_the_same_kind_keeps_the_child_on(world: World, tmp_path: Path) -> None:
    mother = half_orphan(world)
    world.paid("A", "DEFACTO")
    world.listed("custody", mother, kind="服刑", start_date="2015-01-01", end_date="2016-01-01")
    world.listed("custody", mother, kind="服刑", start_date="2020-01-01", end_date="2024-01-01")
    assert world.run(tmp_path).leads == set()


def test_eighteenth_birthday(world: World, tmp_path: Path) -> None:
    """Of age on the birthday (model §6); only the one who is not at school has certainly grown out of it."""
    cases = {
        "A": (date(2003, 9, 30), "none"),
        "B": (date(2003, 10, 1), "none"),
        "C": (date(2003, 9, 30), "senior"),
    }
    for child_id, (birth, school) in cases.items():
        names = (f"赵小{child_id}", f"赵建{child_id}", f"周玉{child_id}")
        _, father, mother = world.family(child_id, names, birth, school=school)
        for person in (father, mother):
            world.listed("deaths", person, death_date="2015-01-01")
        world.paid(child_id, "ORPHAN-S", "1256.00")
    assert world.run(tmp_path).leads == {("A", "SHOULD_EXIT", "ORPHAN-S")}


def test_adoption_and_the_childs_own_death_end_it(world: World, tmp_path: Path) -> None:
    for child_id, code, column in (("A", "adoptions", "registered_on"), ("B", "deaths", "death_date")):
        child, father, mother = world.family(
            child_id, (f"赵小{child_id}", f"赵建{child_id}", f"周玉{child_id}")
        )
        for person in (father, mother):
            world.listed("deaths", person, death_date="2015-01-01")
        world.paid(child_id, "ORPHAN-S", "1256.00")
        world.listed(code, child, **{column: "2021-08-01"})
    assert world.run(tmp_path).leads == {("A", "SHOULD_EXIT", "ORPHAN-S"), ("B", "SHOULD_EXIT", "ORPHAN-S")}


def test_entitled_to_another_scheme_is_a_change_with_both_amounts(world: World, tmp_path: Path) -> None:
    world.listed("deaths", half_orphan(world), death_date="2021-09-01")
    world.paid("A", "DEFACTO")
    lead = world.run(tmp_path).table("leads")[0]
    assert (lead["kind"], lead["scheme"]) == ("CHANGED", "ORPHAN-S")
    assert (float(lead["monthly_now"]), float(lead["monthly_due"])) == (1204.0, 1256.0)


def test_five_grave_circumstances_are_ref_orphans_in_jilin(world: World, tmp_path: Path) -> None:
    """WC-06."""
    world.listed("custody", half_orphan(world), **CAUSES["custody"])
    child, *_ = world.family("B", ("吴小丽", "吴刚强", "郑秀英"))
    world.listed("hiv", child, reported_on="2018-01-01")
    result = world.run(tmp_path, as_of=date(2024, 6, 15), pack="JL-2024")
    assert result.leads == {("A", "SUSPECTED", "REF-ORPHAN"), ("B", "SUSPECTED", "REF-ORPHAN")}


def test_a_recent_event_is_an_emergency_due_the_next_day_an_old_one_is_not(
    world: World, tmp_path: Path
) -> None:
    child, *_ = world.family("A", ("赵小宝", "赵建国", "周玉兰"))
    _, father, _ = world.family("B", ("吴小丽", "吴刚强", "郑秀英"))
    gone, *_ = world.family("C", ("冯小明", "冯大明", "褚秀英"))
    world.listed("emergencies", child, event="洪涝", occurred_on="2021-09-27", effect="住院")
    world.listed("emergencies", father, event="洪涝", occurred_on="2021-09-27", effect="羁押")
    world.listed("emergencies", gone, event="地震", occurred_on="2019-09-27", effect="住院")
    result = world.run(tmp_path, terms=Terms(due={"EMERGENCY": date(2021, 10, 8)}))
    assert result.leads == {("A", "EMERGENCY", ""), ("B", "EMERGENCY", "")}
    assert {lead["due_on"] for lead in result.table("leads")} == {date(2021, 10, 8)}


def test_left_behind_children_are_compared_only_where_their_list_is_kept(
    world: World, tmp_path: Path
) -> None:
    away = {"since": "2020-01-01", "work_area": "310115"}
    for child_id in "AB":
        _, father, mother = world.family(child_id, (f"赵小{child_id}", f"赵建{child_id}", f"周玉{child_id}"))
        home = {"returned_on": "2021-05-01"} if child_id == "B" else {}
        for person in (father, mother):
            world.listed("migrant_work", person, **away, **home)
    without = world.run(tmp_path / "1")
    assert (without.leads, without.summary.not_compared) == (set(), ["LB"])
    world.paid("B", "LB", "")
    assert world.run(tmp_path / "2").leads == {("A", "SUSPECTED", "LB"), ("B", "SHOULD_EXIT", "LB")}


def test_a_likely_link_makes_the_lead_uncertain(world: World, tmp_path: Path) -> None:
    mother = half_orphan(world)
    for i, given in enumerate("伟芳娜敏静丽强磊军洋勇艳"):
        world.family(f"C{i}", (f"钱{given}一", f"钱{given}二", f"孙{given}三"))
    world.listed("deaths", {**mother, "id_number": ""}, death_date="2021-03-01")
    lead = world.run(tmp_path).table("leads")[0]
    assert lead["certain"] is False
    assert 0.95 <= lead["probability"] < 1


def test_verified_disability_and_illness_count_like_rows(world: World, tmp_path: Path) -> None:
    world.family("A", ("赵小宝", "赵建国", "周玉兰"))
    world.verified("A", "father", "disability", "2019-07-31", "2029-07-31", "智力 3级")
    world.verified("A", "mother", "custody", "2020-12-31", "2024-07-20", "强制隔离戒毒")
    result = world.run(tmp_path)
    assert result.leads == {("A", "SUSPECTED", "DEFACTO")}
    assert {(e["list"], e["fact"]) for e in result.evidence("A")} == {
        ("circumstances", "dis"),
        ("circumstances", "rehab"),
    }


def test_same_inputs_same_bytes_and_a_second_run_replaces_the_first(world: World, tmp_path: Path) -> None:
    world.listed("custody", half_orphan(world), **CAUSES["custody"])
    names = ("leads.parquet", "links.parquet", "review.parquet", "rejected.parquet", "leads.csv")
    world.run(tmp_path, csv=True)
    first = {name: (tmp_path / "out" / name).read_bytes() for name in names}
    world.run(tmp_path, csv=True)
    assert {name: (tmp_path / "out" / name).read_bytes() for name in names} == first
    summary = json.loads((tmp_path / "out" / "summary.json").read_text("utf-8"))
    assert summary["leads"] == {"SUSPECTED": 1, "SHOULD_EXIT": 0, "CHANGED": 0, "EMERGENCY": 0}
    assert summary["inputs"]["custody"]["rows"] == 1
    assert sorted(p.name for p in tmp_path.iterdir()) == ["lists", "out", "registry"]


def test_stopping_half_way_leaves_nothing(world: World, tmp_path: Path) -> None:
    half_orphan(world)
    with pytest.raises(Cancelled):
        world.run(tmp_path, progress=lambda stage, done, total: done < 3)
    assert not (tmp_path / "out").exists()


def test_a_folder_with_other_files_is_never_replaced(world: World, tmp_path: Path) -> None:
    half_orphan(world)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "thesis.docx").write_text("x")
    with pytest.raises(ContractError, match=r"thesis\.docx"):
        world.run(tmp_path)
    assert (tmp_path / "out" / "thesis.docx").exists()


def test_stale_sources_are_marked(world: World, tmp_path: Path) -> None:
    half_orphan(world)
    result = world.run(
        tmp_path, supplied={"deaths": date(2021, 4, 1), "custody": AS_OF}, stale_before=date(2021, 7, 1)
    )
    assert result.summary.stale == [{"list": "deaths", "supplied": "2021-04-01"}]


def test_registry_rows_of_unknown_children_are_left_out(world: World, tmp_path: Path) -> None:
    half_orphan(world)
    world.kin.append({**world.kin[0], "child_id": "nobody"})
    world.paid("nobody", "DEFACTO")
    world.verified("nobody", "father", "deaths", "2018-01-01")
    assert world.run(tmp_path).leads == set()
