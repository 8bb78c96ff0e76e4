"""The register of instruments: every citation and every source leads to a document or says that it is a convention (R-43.01)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from hutong.rulebook import packs, programmes
from hutong.rulebook.instruments import InstrumentError, every, read
from hutong.rulebook.instruments.citing import resolve
from hutong.rulebook.packs.keys import KEYS
from hutong.rulebook.ruleset import RULES

MEND = "请把文件登入 rulebook/instruments（编号或 aliases），或写明是工作约定"


def _sources() -> dict[str, str]:
    """Where it stands → what it says; lines marked as assumption say themselves that no document settles them."""
    found = {f"规则 {rule.name}": rule.citation for rule in RULES.values() if rule.citation}
    for name in ("base", *packs.names()):
        for key, lines in packs.load(name).lines.items():
            found |= {f"{name} {key} {one.start}": one.source for one in lines if one.mark != "assumption"}
    for programme in programmes.every():
        found |= {f"项目 {programme.code} {one.start}": one.source for one in programme.lines}
    return found


def test_every_citation_and_source_leads_to_a_document() -> None:
    nowhere = {where: said for where, said in _sources().items() if not resolve(said).stands}
    assert nowhere == {}, MEND


def test_every_clause_that_is_named_stands_in_the_register() -> None:
    missing = {where: resolve(said).missing for where, said in _sources().items() if resolve(said).missing}
    assert missing == {}, "请把这些条款登入 rulebook/instruments"


def test_what_a_clause_is_linked_to_exists() -> None:
    codes = {one.code for one in programmes.every()}
    for document in every().values():
        for clause in document.clauses:
            said = f"{document.key} {clause.number or clause.heading}"
            assert set(clause.rules) <= set(RULES), said
            assert set(clause.params) <= set(KEYS), said
            assert set(clause.programmes) <= codes, said


def test_the_documents_of_the_seeds_and_the_law_are_there() -> None:
    """requirements.md §5.3, law.md §0: numbers that must be found under their own name."""
    wanted = [
        "国发〔2016〕13号", "国发〔2016〕36号", "渝府发〔2016〕59号", "民发〔2019〕34号", "民发〔2023〕62号", "民发〔2023〕61号",
        "渝民发〔2020〕23号", "渝民发〔2022〕2号", "渝中民〔2023〕89号", "四东政办〔2024〕7号", "黔江府办发〔2017〕84号", "国办发〔2025〕18号",
        "民发〔2021〕57号", "法发〔2014〕24号", "民政部令第54号", "个人信息保护法", "重庆市未成年人保护条例", "家庭寄养管理办法",
    ]  # fmt: skip
    assert [one for one in wanted if not resolve(one).references] == []


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("民法典第40条、第46条", [("minfadian", "第40条"), ("minfadian", "第46条")]),
        ("民发〔2019〕62号第一条；民发〔2020〕125号", [("minfa-2019-62", "一"), ("minfa-2020-125", "")]),
        ("三年行动方案二（二）1（三）", [("tiedong-2024-7", "二（二）1")]),
        ("吉林省三部门转发民发〔2020〕125号的通知；地方延长规定", [("jilin-125", "")]),
        ("地方规定，如渝民发〔2021〕5号（具有重庆市户籍）", [("yuminfa-2021-5", "")]),
        ("未成年人保护法第二十一条", [("weichengnianren", "第21条")]),
        ("重庆市“十四五”规划专栏2（未列）", [("yuminfa-2022-2", "专栏2")]),
        ("某某发〔2099〕1号", []),
    ],
)
def test_reading_a_citation(said: str, found: list[tuple[str, str]]) -> None:
    got = [(one.instrument.key, one.found.number if one.found else "") for one in resolve(said).references]
    assert got == found


def test_what_nobody_has_registered_is_told() -> None:
    assert resolve("某某发〔2099〕1号").unknown == ("某某发〔2099〕1号",)
    assert not resolve("某某发〔2099〕1号").stands
    assert resolve("工作约定").conventions == ("工作约定",)
    assert resolve("民法典第9999条").missing == ("minfadian 第9999条",)


GOOD = "a: {title: 甲, issuer: 某局, level: county, from: 2021, clauses: [{number: 一, text: 乙}]}"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (GOOD, "[甲]", "最外层应为"),
        ("title: 甲, ", "", "缺少：title"),
        ("county", "village", "级别“village”不对"),
        ("from: 2021", "from: 去年", "看不懂"),
        ("from: 2021", "form: 2021", "不认识的键：form"),
        ("from: 2021", "mark: sure", "mark 只能是"),
        ("number: 一, ", "", "没有条号和标题"),
        ("[{number: 一, text: 乙}]", "[{number: 一, text: 乙}, {number: 一, text: 丙}]", "与前面重复"),
    ],
)
def test_a_wrong_register_is_told_where(tmp_path: Path, old: str, new: str, said: str) -> None:
    file = tmp_path / "a.yaml"
    assert old in GOOD
    file.write_text(GOOD.replace(old, new), encoding="utf-8")
    with pytest.raises(InstrumentError, match=said):
        read(file)
    file.write_text(GOOD, encoding="utf-8")
    start = read(file)[0].start
    assert start is not None
    assert (start.on, start.exact) == (date(2021, 1, 1), False)
