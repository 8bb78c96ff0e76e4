"""The worked cases, ours (tests/cases) and (where the folder is present) the commissioning side's. R-04, R-06.01–03, R-15–R-19."""

import os
from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner

from hutong.rulebook import reference
from hutong.rulebook.cases import (
    CaseError,
    differences,
    evaluate_case,
    facts_from_case,
    read_cases,
)
from hutong.rulebook.cli import rules as command

OWN = Path(__file__).with_name("cases")
SHARED = Path(os.environ.get("HUTONG_SHARED") or Path(__file__).parents[4].parent / "shared")
FULL = {"categories", "key", "benefits", "visit", "alerts"}


def wrong(cases):
    return [f"{case['id']} {line}" for case in cases for line in differences(case, evaluate_case(case))]


def test_every_own_case_comes_out_as_worked_out_by_hand():
    assert wrong(read_cases(OWN)) == []


def test_own_cases_are_whole_and_many():
    """Each says what it stands for and expects everything; each id and title stands once."""
    edges = [case for one in sorted(OWN.glob("*.yaml")) if one.stem != "basics" for case in read_cases(one)]
    assert len(edges) >= 150
    assert [
        case["id"] for case in edges if not (case["title"] and case["src"] and set(case["expect"]) >= FULL)
    ] == []
    twice = [
        word for word, n in Counter(one for c in edges for one in (c["id"], c["title"])).items() if n > 1
    ]
    assert twice == []


def test_commissioned_cases():
    path = SHARED / "domain" / "cases.yaml"
    if not path.exists():
        pytest.skip(f"NOT RUN: 没有 {path.name}（设置 HUTONG_SHARED 指向共享目录）")
    cases = list(read_cases(path))
    assert cases
    assert wrong(cases) == []


def test_the_command_checks_a_folder_and_names_each_difference(tmp_path):
    done = CliRunner().invoke(command, ["check", str(OWN)])
    assert (done.exit_code, "0 处不符" in done.output) == (0, True), done.output
    (tmp_path / "one.yaml").write_text(
        "- {id: X, pack: CQ-2021, asof: 2023-05-10, child: {birth: 2013-03-01, hukou: '500199', lives_with: relatives},"
        " father: {status: dead}, mother: {status: unknown},"
        " expect: {visit: 3m, undecided: [孤儿], rules: {orphan: true, father.gone: true}}}",
        encoding="utf-8",
    )
    done = CliRunner().invoke(command, ["check", str(tmp_path)])
    assert done.exit_code == 1
    assert "X visit：应为 3m，判定为 -" in done.output
    assert "X undecided：应为 ['孤儿']" in done.output
    assert "X 规则 orphan：应为 True，判定为 None" in done.output
    assert "3 处不符" in done.output
    (tmp_path / "one.yaml").unlink()
    done = CliRunner().invoke(command, ["check", str(tmp_path)])
    assert (done.exit_code, "没有案例文件" in done.output) == (1, True)


def test_a_misspelt_fact_is_refused_with_its_name():
    with pytest.raises(CaseError, match="bith"):
        facts_from_case({"id": "x", "asof": "2024-01-01", "child": {"bith": "2015-01-01"}})
    with pytest.raises(CaseError, match="prizon"):
        facts_from_case({"id": "x", "asof": "2024-01-01", "father": {"prizon": {}}})
    with pytest.raises(CaseError, match="日期"):
        facts_from_case({"id": "x", "asof": "去年"})
    with pytest.raises(CaseError, match="judged"):
        facts_from_case({"id": "x", "asof": "2024-01-01", "father": {"judged": "maybe"}})
    odd = {"id": "x", "pack": "CQ-2021", "asof": "2024-01-01", "expect": {"rules": {"orphn": True}}}
    with pytest.raises(CaseError, match="orphn"):
        list(differences(odd, {}))


def test_a_rule_without_cases_and_a_line_without_source_are_named(monkeypatch):
    monkeypatch.setattr(reference, "examples", lambda: {"orphan": reference.Examples()})
    assert reference.lacking() == [
        "规则 orphan（孤儿）缺少“成立”“不成立”的案例，请在 rulebook/tests/cases 中补上。"
    ]
