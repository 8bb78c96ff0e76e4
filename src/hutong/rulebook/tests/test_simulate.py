"""Simulation: who enters, leaves, changes, and what it costs. R-43.05, R-15.03, R-15.13; unknown is not false (A01)."""

import json
from datetime import date

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from hutong.config.rules import rules
from hutong.linkage.tests.world import World
from hutong.rulebook import packs, simulate
from hutong.rulebook.book import book_of
from hutong.rulebook.cases import facts_from_case
from hutong.rulebook.packs import drafts
from hutong.rulebook.packs.drafts import DraftError
from hutong.rulebook.simulate import Simulation, read_draft

ON = date(2026, 3, 1)
HOME = {"hukou": "500199001002", "lives_with": "grandparents"}
PRISON = {"prison": {"from": "2026-02-10", "to": "2026-06-20"}}


def scenario(**changed):
    raw = {
        "pack": "CQ-2025",
        "on": ON,
        "changes": [{"key": "term_months", "value": 2, "from": date(2026, 1, 1)}],
    }
    return raw | changed


CASES = [
    # father dead, mother sentenced to four months: de facto unsupported only under the draft
    {"id": "short", "child": {"birth": "2015-06-01", **HOME}, "father": {"status": "dead"}, "mother": PRISON},
    {
        "id": "orphan",
        "child": {"birth": "2008-08-15", "school": "none", **HOME},
        "father": {"status": "dead"},
        "mother": {"status": "dead"},
    },
    {
        "id": "unheard",
        "child": {"birth": "2015-06-01", **HOME},
        "father": {"status": "dead"},
        "mother": {"status": "unknown"},
    },
    {"id": "able", "child": {"birth": "2015-06-01", **HOME}},
]


def run(tmp_path, **changed):
    import yaml

    file = tmp_path / "scenario.yaml"
    file.write_text(yaml.safe_dump(scenario(cases=CASES) | changed, allow_unicode=True), "utf-8")
    return CliRunner().invoke(rules, ["simulate", str(file)])


def test_a_shorter_term_takes_a_child_in_and_says_what_it_costs(tmp_path):
    found = json.loads(run(tmp_path).output)
    assert [one["id"] for one in found["enters"]] == ["short"]
    assert found["enters"][0] | {"id": ""} == {
        "id": "", "before": "-", "after": "DEFACTO", "monthly_before": None, "monthly_after": 1651
    }  # fmt: skip
    assert found["leaves"] == found["changes"] == found["amount"] == []
    assert found["month"]["undecided"] == [1, 1], "who cannot be decided is counted apart, and is not a no"
    assert found["month"]["cost"] == [1651, 3302]
    assert found["versions"][0] != found["versions"][1]
    assert found["townships"][0]["area"] == "500199001000"


def test_a_year_is_counted_month_by_month(tmp_path):
    """The sentence ends on 20 June; the orphan comes of age on 15 August: each counts while it is so."""
    found = json.loads(run(tmp_path).output)
    entitled = {one["month"]: one["entitled"] for one in found["months"]}
    assert len(entitled) == 12
    assert entitled["2026-06"] == [1, 2]
    assert entitled["2026-08"] == [1, 1]
    assert entitled["2026-09"] == [0, 0]
    before, after = 6 * 1651, 6 * 1651 + 4 * 1651  # March to August; March to June
    assert found["year"] == {"before": before, "after": after, "difference": after - before}


def test_a_new_amount_changes_the_money_and_nobody(tmp_path):
    change = {"key": "orphan_scattered", "value": 170000, "from": date(2026, 1, 1), "area": "500199"}
    found = json.loads(run(tmp_path, changes=[change]).output)
    assert [(one["id"], one["monthly_after"]) for one in found["amount"]] == [("orphan", 1700)]
    assert found["enters"] == found["leaves"] == []
    assert found["month"]["difference"] == 49
    other = {**change, "area": "500198"}
    assert json.loads(run(tmp_path, changes=[other]).output)["amount"] == []


def test_a_dropped_category_and_a_draft_wording(tmp_path):
    dropped = json.loads(run(tmp_path, changes=[], drops=["orphan"]).output)
    assert [one["id"] for one in dropped["leaves"]] == ["orphan"]
    wording = {"defacto": {"any": ["现行", {"all": ["father.gone", "minor"]}]}}
    open_still = json.loads(run(tmp_path, changes=[], rules=wording).output)
    assert [one["id"] for one in open_still["enters"]] == ["short"]
    assert [one["id"] for one in open_still["settled"]] == ["unheard"], (
        "undecided before, told apart from who enters: an orphan's category still open does not stand before the next"
    )


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"pack": "CQ-2052"}, "没有名为“CQ-2052”的政策包"),
        ({"on": "明年"}, "on 应写成"),
        ({"changes": []}, "没有任何改动"),
        ({"changes": [{"key": "term_month", "value": 2, "from": ON}]}, "是否指“term_months”"),
        ({"changes": [{"key": "term_months", "value": "两个月", "from": ON}]}, "应为：不小于零的整数"),
        ({"changes": [{"key": "orphan_scattered", "value": -1, "from": ON}]}, "单位分"),
        ({"changes": [{"key": "term_months", "value": 2, "from": "2026"}]}, "起始日期 from"),
        ({"changes": [{"key": "term_months", "value": 2, "from": date(2001, 1, 1)}]}, "不能更早"),
        ({"changes": [{"key": "term_months", "value": 2, "from": ON, "area": "500114"}]}, "不能按地方另定"),
        ({"changes": [{"key": "verify_working_days", "value": 9, "from": ON}]}, "测算不出变化"),
        ({"changes": [{"key": "term_months", "worth": 2, "from": ON}]}, "worth"),
        ({"adopts": ["orfan"]}, "是否指“orphan”"),
        ({"rules": {"defacto": {"all": ["nobody"]}}}, "组不成规则"),
        ({"rules": {"defacto": {"any": "orphan"}}}, "组不成规则"),
        ({"rules": {"defacto": "age"}}, "不是是非条件"),
        ({"cases": "nowhere.yaml"}, "nowhere.yaml"),
        ({"registry": "x"}, "之一"),
        ({"unheard_of": 1}, "不认识的栏目"),
    ],
)
def test_what_is_wrong_is_a_sentence(tmp_path, changed, words):
    result = run(tmp_path, **changed)
    assert result.exit_code == 1
    assert words in result.output


def test_a_registry_folder_is_simulated_without_a_database(tmp_path):
    world = World()
    world.family("A", ("王小", "王大", "李花"), birth=date(2015, 5, 1))
    world.family("B", ("赵小", "赵大", "钱花"), birth=date(2015, 5, 1))
    world.verified("A", "father", "deaths", "2020-01-01")
    world.verified("A", "mother", "custody", "2026-01-15", "2026-05-15", "服刑")
    registry, _ = world.write(tmp_path)
    found = json.loads(_registry(tmp_path, registry.name).output)
    assert found["children"] == 2
    assert [one["id"] for one in found["enters"]] == ["A"]
    assert "找不到档案文件夹" in _registry(tmp_path, "nowhere").output


def _registry(tmp_path, name):
    import yaml

    file = tmp_path / "scenario.yaml"
    file.write_text(yaml.safe_dump(scenario(registry=name), allow_unicode=True), "utf-8")
    return CliRunner().invoke(rules, ["simulate", str(file)])


def test_an_overlay_leaves_the_pack_alone_and_wins_on_its_own_day():
    pack = packs.load("CQ-2025")
    draft = read_draft({"changes": [{"key": "orphan_scattered", "value": 1, "from": date(2025, 1, 1)}]}, pack)
    laid = drafts.overlaid(pack, [draft])
    assert laid.param("orphan_scattered", ON) == 1
    assert packs.load("CQ-2025").param("orphan_scattered", ON) == 165100
    assert drafts.overlaid(pack, []) is pack
    assert drafts.overlaid(pack, [draft]).version == laid.version != pack.version
    with pytest.raises(DraftError, match="没有任何改动"):
        read_draft({}, pack)


def test_many_children_by_table_come_out_as_one_by_one(monkeypatch):
    rows = [facts_from_case({**case, "pack": "CQ-2025", "asof": ON}) for case in CASES]
    pack = packs.load("CQ-2025")
    laid = drafts.overlaid(pack, [read_draft(scenario(), pack)])
    found = []
    for few in (simulate.FEW, 0):
        monkeypatch.setattr(simulate, "FEW", few)
        done = Simulation(pack, laid, simulate.year_from(ON)[:2])
        done.add(lambda day: simulate.facts_table(rows))
        found.append(
            (
                sorted(done.effects, key=lambda e: e.child_id),
                done.months,
                done.others,
                done.schemes,
                done.places,
            )
        )
    assert found[0] == found[1]


BIRTHS = st.dates(date(2007, 1, 1), date(2026, 3, 1))


@given(
    st.lists(
        st.fixed_dictionaries(
            {"birth_date": st.none() | BIRTHS, "hukou_area": st.sampled_from(["500199001002", "500198002001", None])},
            optional={
                "father_died_on": st.just(date(2020, 1, 1)), "mother_died_on": st.just(date(2021, 1, 1)),
                "mother_prison_from": st.dates(date(2025, 6, 1), date(2026, 3, 1)), "mother_known": st.just(True),
                "father_known": st.just(True), "school": st.sampled_from(["senior", "none"]), "was": st.just("ORPHAN"),
            },
        ),
        max_size=8,
    )
)  # fmt: skip
@settings(max_examples=25, deadline=None)
def test_it_agrees_with_deciding_each_child_alone(children):
    """The table says of every child what the two books say of that child, in the month and in the year."""
    rows = [{**one, "child_id": str(n)} for n, one in enumerate(children)]
    pack = packs.load("CQ-2025")
    changes = [
        {"key": "term_months", "value": 1, "from": ON},
        {"key": "child_age", "value": 17, "from": date(2026, 5, 1)},
    ]
    laid = drafts.overlaid(pack, [read_draft({"changes": changes}, pack)])
    done = Simulation(pack, laid, simulate.year_from(ON)[:4])
    for part in (rows[:3], rows[3:]):
        done.add(lambda day, part=part: simulate.facts_table(part))
    for day, sides in done.months.items():
        for side, one in zip(sides, (pack, laid), strict=True):
            decisions = [book_of(one, day).evaluate_one(row) for row in rows]
            assert side.fen == sum(d.monthly_due or 0 for d in decisions)
            assert side.entitled == sum(d.scheme is not None for d in decisions)
    before, after = book_of(pack, ON), book_of(laid, ON)
    for row in rows:
        first, second = before.evaluate_one(row), after.evaluate_one(row)
        told = next((e for e in done.effects if e.child_id == row["child_id"]), None)
        if first.scheme != second.scheme or first.monthly_due != second.monthly_due:
            assert told is not None
            assert (told.before or None, told.after or None) == (first.scheme, second.scheme)
