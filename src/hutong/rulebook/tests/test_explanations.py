"""An explanation names what decided, the facts, the article; as data and as plain Chinese. R-04.13, A10."""

import json
from datetime import date

import pytest
from click.testing import CliRunner

from hutong.rulebook import RuleError, book, to_chinese
from hutong.rulebook.cli import rules as commands

ON = date(2022, 3, 1)
FACTS = {
    "birth_date": date(2013, 5, 1),
    "hukou_area": "500199000000",
    "father_died_on": date(2020, 1, 1),
    "mother_known": True,
    "mother_prison_from": date(2020, 1, 1),
    "mother_prison_to": date(2025, 1, 1),
}


def nodes(tree):
    yield tree
    for condition in tree["conditions"]:
        yield from nodes(condition)


def test_the_tree_holds_rule_facts_article_and_parameters():
    tree = book("CQ-2021", ON).explain(FACTS, "defacto")
    assert json.loads(json.dumps(tree)) == tree
    assert (tree["value"], tree["shown"]) == (True, "是")
    found = {n["rule"]: n for n in nodes(tree)}
    prison = found["mother.imprisoned"]
    assert {f["name"]: f["value"] for f in prison["facts"]} == {
        "mother_prison_from": "2020-01-01",
        "mother_prison_to": "2025-01-01",
    }
    assert "62号" in prison["citation"]
    assert prison["parameters"][0]["key"] == "term_months"
    assert prison["parameters"][0]["value"] == 6
    assert "mother.seriously_ill" not in found  # a settled *or* keeps what settled it


def test_the_sentences():
    lines = to_chinese(book("CQ-2021", ON).explain(FACTS, "defacto"))
    assert lines[0].startswith("事实无人抚养儿童：是〔依据：民发〔2019〕62号")
    assert any("母亲服刑起 2020-01-01，母亲服刑止 2025-01-01" in line for line in lines)
    amount = to_chinese(book("CQ-2021", ON).explain(FACTS, "monthly_due"))
    assert amount[0].startswith("每月应发：1204.00 元/月")


def test_what_is_missing_is_asked_for():
    told = {k: v for k, v in FACTS.items() if not k.startswith("mother")}
    tree = book("CQ-2021", ON).explain(told, "orphan")
    assert (tree["value"], tree["shown"], tree["needs"]) == (None, "未知", ["mother_known"])
    assert any("尚缺：母亲情况" in line for line in to_chinese(tree))


def test_a_rule_is_told_once():
    lines = to_chinese(book("CQ-2021", ON).explain(FACTS, "monthly_due"))
    assert sum("母亲服刑起" in line for line in lines) == 1
    assert any("理由见上" in line for line in lines)


def test_unknown_rule():
    with pytest.raises(RuleError, match="nothing"):
        book("CQ-2021", ON).explain(FACTS, "nothing")


CASE = """
- id: A1
  title: 试例
  pack: CQ-2021
  asof: 2022-03-01
  child: {birth: 2013-05-01, hukou: '500199', lives_with: grandparents, guard: GOOD, school: primary}
  father: {status: dead}
  mother: {prison: {from: 2020-01-01, to: 2025-01-01}}
  expect: {categories: [DEFACTO, 'GRD:事实无人'], visit: 1m}
"""


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "cases.yaml"
    path.write_text(CASE, encoding="utf-8")
    return path


def test_evaluate_prints_json_lines(file):
    result = CliRunner().invoke(commands, ["evaluate", str(file)])
    assert result.exit_code == 0
    (line,) = result.output.splitlines()
    found = json.loads(line)
    assert found["categories"] == ["DEFACTO", "GRD:事实无人"]
    assert found["benefits"]["事实无人抚养儿童补贴"] == 1204
    assert set(found) == {"id", "categories", "key", "benefits", "visit", "alerts", "undecided"}


def test_explain_prints_chinese(file):
    result = CliRunner().invoke(commands, ["explain", str(file), "--id", "A1"])
    assert result.exit_code == 0
    assert "母亲服刑在押（刑期6个月以上）：是" in result.output
    assert CliRunner().invoke(commands, ["explain", str(file), "--id", "B"]).exit_code == 1


def test_check_exits_1_on_a_difference(file):
    assert CliRunner().invoke(commands, ["check", str(file)]).exit_code == 0
    file.write_text(CASE.replace("visit: 1m", "visit: 3m"), encoding="utf-8")
    result = CliRunner().invoke(commands, ["check", str(file)])
    assert result.exit_code == 1
    assert "A1 visit：应为 3m，判定为 1m" in result.output


def test_check_of_nothing_is_not_a_pass(file):
    file.write_text("[]", encoding="utf-8")
    assert CliRunner().invoke(commands, ["check", str(file)]).exit_code == 1


def test_commands_refuse_with_a_sentence(file):
    file.write_text(CASE.replace("CQ-2021", "CQ-1999"), encoding="utf-8")
    result = CliRunner().invoke(commands, ["evaluate", str(file)])
    assert result.exit_code == 1
    assert "没有名为“CQ-1999”的政策包" in result.output
