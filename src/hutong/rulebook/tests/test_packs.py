"""Packs: every value dated and sourced, the law changes by a line. R-04.19, A04, A10, A17."""

from datetime import date

import pytest

from hutong.rulebook import PackError, book, packs


def write(tmp_path, text):
    path = tmp_path / "XX-2030" / "pack.yaml"
    path.parent.mkdir()
    path.write_text(text, encoding="utf-8")
    return path


def test_the_packs_there_are():
    assert packs.names() == ["CQ-2021", "CQ-2025", "JL-2024", "QJ-2017"]
    assert len({packs.load(name).version for name in packs.names()}) == 4


@pytest.mark.parametrize("name", ["CQ-2021", "CQ-2025", "JL-2024", "QJ-2017"])
def test_every_line_has_a_day_and_a_source(name):
    lines = [line for group in packs.load(name).lines.values() for line in group]
    assert lines
    assert all(line.source.strip() and line.start for line in lines)


def test_a_new_line_takes_over_on_its_day():
    pack = packs.load("CQ-2025")
    assert pack.param("orphan_scattered", date(2024, 12, 31)) == 125600
    assert pack.param("orphan_scattered", date(2025, 1, 1)) == 165100
    assert packs.load("CQ-2021").param("orphan_scattered", date(2025, 1, 1)) == 125600


def test_a_figure_not_loaded_is_none_not_zero():
    assert packs.load("JL-2024").param("defacto_standard", date(2024, 6, 1)) is None


def test_leads_have_deadlines_in_the_pack():
    due = packs.load("CQ-2021").param("lead_due_working_days", date(2022, 1, 1))
    assert due == {"SUSPECTED": 20, "SHOULD_EXIT": 20, "CHANGED": 20, "EMERGENCY": 1}


def test_a_local_standard_by_area(tmp_path):
    text = """
label: 试行
inherits: CQ-2021
params:
  orphan_scattered:
    - {from: 2022-01-01, value: 130000, source: 区县文件, area: '500199'}
"""
    pack = packs.read(write(tmp_path, text))
    on = date(2022, 6, 1)
    assert pack.param("orphan_scattered", on, "500199001002") == 130000
    assert pack.param("orphan_scattered", on, "500198001002") == 125600
    dead = {"birth_date": date(2015, 1, 1), "father_died_on": on, "mother_died_on": on}
    rules = packs_book(pack, on)
    assert rules.evaluate_one(dead | {"hukou_area": "500199001002"}).monthly_due == 130000
    assert rules.evaluate_one(dead | {"hukou_area": "500198001002"}).monthly_due == 125600


def packs_book(pack, on):
    from hutong.rulebook import Book

    return Book(pack, on)


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("child_agee: [{from: 2022-01-01, value: 18, source: 法}]", "不在参数表中"),
        ("child_age: [{from: 2022-01-01, value: 18}]", "缺少依据"),
        ("child_age: [{value: 18, source: 法}]", "缺少施行日期"),
        ("child_age: [{from: 2022-01-01, source: 法}]", "缺少 value"),
        ("child_age: [{from: 2022-01-01, value: 十八, source: 法}]", "类型不对"),
        ("child_age: [{from: 2022-01-01, value: null, source: 法}]", "not_loaded"),
        ("child_age: [{from: 2022-01-01, value: 18, source: 法, mark: maybe}]", "mark 只能是"),
        ("child_age: [{from: 2022-01-01, value: 18, source: 法, sauce: 1}]", "不认识的键"),
        ("dis_s2: [{from: 2022-01-01, value: {limb: [5]}, source: 法}]", "类型不对"),
    ],
)
def test_a_wrong_line_is_refused_with_its_place(tmp_path, line, sentence):
    path = write(tmp_path, f"inherits: base\nparams:\n  {line}\n")
    with pytest.raises(PackError, match=sentence) as caught:
        packs.read(path)
    assert "XX-2030/pack.yaml" in str(caught.value)


def test_what_is_not_there_is_named():
    with pytest.raises(PackError, match="CQ-2021"):
        packs.load("CQ-1999")
    with pytest.raises(PackError, match="没有参数"):
        packs.load("CQ-2021").param("nothing", date(2022, 1, 1))
    with pytest.raises(PackError, match="尚未施行"):
        book("QJ-2017", date(2005, 1, 1))
