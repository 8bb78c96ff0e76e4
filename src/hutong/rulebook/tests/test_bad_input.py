"""Bad input gets a sentence with the nearest right name, and the other cases go on. Issue 4.13; data contract §4."""

import json
from datetime import date

import pytest
from click.testing import CliRunner

from hutong.rulebook import book
from hutong.rulebook.case_facts import CaseError, checked, facts_from_case
from hutong.rulebook.cli import rules as commands

GOOD = {
    "id": "good",
    "pack": "CQ-2021",
    "asof": "2022-03-01",
    "child": {"birth": "2013-05-01", "hukou": "500199"},
}


def case(**changes):
    return {**GOOD, "id": "A1", **changes}


def child(**facts):
    return case(child={**GOOD["child"], **facts})


def parent(**facts):
    return case(mother=facts)


FAULTS = [
    (child(bith="2013-05-01"), "child 中有不认识的“bith”，是否为“birth”？"),
    (child(出生日期="2013-05-01"), "child 中有不认识的“出生日期”，是否为“birth”？"),
    (child(birth="2021-02-30"), "child.birth（现为“2021-02-30”）没有这一天，请核对年月日"),
    (child(birth="9999-12-31"), "年份应在 1900 至 2100 之间"),
    (case(asof="0001-01-01"), "年份应在 1900 至 2100 之间"),
    (child(birth=["2013-05-01"]), "应为 2021-03-15 这样的日期"),
    (child(birth="去年"), "child.birth（现为“去年”）应为 2021-03-15 这样的日期"),
    (child(birth=2021030), "应为 2021-03-15 这样的日期"),
    (child(hiv="maybe"), "child.hiv（现为“maybe”）应为 true 或 false（是或否）"),
    (child(school="primry"), "child.school（现为“primry”）不是可用的值，是否为“primary”？"),
    (child(school="小学"), "不是可用的值，是否为“primary”？"),
    (child(guard="较好"), "是否为“GOOD”？"),
    (child(lives_with=["mother"]), "不是可用的值"),
    (child(lives_with="parent"), "是否为“parents”？"),
    (child(was="ORPHANS"), "是否为“ORPHAN-S”？"),
    (child(other_monthly="很多"), "应为不小于零的金额"),
    (child(hukou="黔江"), "应为区划代码（数字），是否为“500114”（黔江区）？"),
    (child(hukou="500130"), "不是已知的区县，是否为“5001"),
    (child(hukou="50010"), "应为 6、9 或 12 位区划代码，而不是 5 位"),
    (child(hukou="870101"), "不是已知的省级代码"),
    (child(dis=[{"type": "肢休", "grade": 2}]), "不是国家标准七类残疾之一，是否为“肢体”？"),
    (child(dis=[{"type": "肢体", "grade": 5}]), "child.dis[1].grade（现为“5”）应为 1 至 4 的整数（1 为最重）"),
    (child(dis=[{"type": "肢体", "grade": "二级"}]), "应为 1 至 4 的整数"),
    (child(dis={"type": "肢体"}), "应为列表"),
    (parent(prizon={}), "mother 中有不认识的“prizon”，是否为“prison”？"),
    (parent(服刑={}), "是否为“prison”？"),
    (parent(status="ded"), "mother.status（现为“ded”）不是可用的值，是否为“dead”？"),
    (parent(status="死亡"), "是否为“dead”？"),
    (parent(prison={"form": "2020-01-01"}), "mother.prison 中有不认识的“form”，是否为“from”？"),
    (parent(prison={"from": "2020-13-01"}), "没有这一天"),
    (parent(lost={"since": "2020-01-01", "route": "comittee"}), "是否为“committee”？"),
    (parent(work={"since": "2020-01-01", "county": "东莞"}), "应为区划代码"),
    (parent(judged="perhaps"), "应为 yes"),
    (case(mother=["dead"]), "应写成键值，而不是列表"),
    (case(chlid={}), "案例 中有不认识的“chlid”，是否为“child”？"),
    (case(asof="2022-02-30"), "没有这一天"),
    (case(pack=2021), "应为政策包的名称"),
]  # fmt: skip


@pytest.mark.parametrize(("wrong", "told"), FAULTS)
def test_every_fault_is_told_with_the_case_and_the_remedy(wrong, told):
    with pytest.raises(CaseError) as caught:
        checked(wrong)
    assert str(caught.value).startswith("案例 A1：")
    assert told in str(caught.value)


def test_all_faults_of_a_case_are_told_at_once_and_values_only_to_the_writer():
    with pytest.raises(CaseError) as caught:
        facts_from_case(child(bith="2013-05-01", hiv="张三", school="李四"))
    assert len(caught.value.faults) == 3
    for one in caught.value.faults:
        assert "张三" not in one.sentence(quoting=False)
        assert "李四" not in one.sentence(quoting=False)


@pytest.mark.parametrize("thing", [None, 3, "text", ["list"]])
def test_what_is_no_case_at_all(thing):
    with pytest.raises(CaseError, match="应写成键值"):
        checked(thing)


def test_words_for_yes_and_a_date_with_a_time_are_read():
    facts = facts_from_case(child(hiv="是", ill=0, birth=date(2013, 5, 1)))
    assert (facts["hiv"], facts["ill"], facts["birth_date"]) == (True, False, date(2013, 5, 1))


def test_with_whom_a_child_lives_is_told_in_free_words():
    assert facts_from_case(child(lives_with="temple"))["lives_with"] == "temple"


def run(tmp_path, command, content, name="cases.yaml", *more):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return CliRunner().invoke(commands, [command, str(path), *more])


MIXED = """
- {id: a, pack: CQ-2021, asof: 2022-03-01, child: {birth: 2013-05-01, hukou: '500199'}, expect: {categories: []}}
- {id: b, pack: CQ-2021, asof: 2022-03-01, child: {bith: 2013-05-01}}
- {id: c, pack: CQ2021, asof: 2022-03-01, child: {birth: 2013-05-01}}
- 只是一句话
- {id: a, pack: CQ-2021, asof: 2022-03-01, child: {birth: 2013-05-01}}
- {id: d, id: e, pack: CQ-2021}
- {id: f, pack: QJ-2017, asof: 2001-01-01, child: {birth: 2000-05-01}}
- {id: g, pack: JL-2024, asof: 2024-06-01, child: {birth: 2013-05-01, hukou: '220399'}, father: {status: dead}, mother: {status: dead}}
"""


def test_the_other_cases_go_on(tmp_path):
    result = run(tmp_path, "evaluate", MIXED)
    assert result.exit_code == 1
    assert [json.loads(line)["id"] for line in result.stdout.splitlines()] == ["a", "g"]
    assert json.loads(result.stdout.splitlines()[1])["benefits"]["孤儿基本生活费"] is None
    told = result.stderr
    for words in (
        "第 3 行　案例 b：child 中有不认识的“bith”，是否为“birth”？",
        "第 4 行　案例 c：没有名为“CQ2021”的政策包，是否为“CQ-2021”？",
        "第 5 行　案例 （第 5 行起）：应写成键值",
        "第 6 行　案例 （第 6 行起）：编号“a”与第 2 行的案例重复",
        "第 7 行　案例 （第 7 行起）：第 7 行的“id”与第 7 行重复",
        "第 8 行　案例 f：政策包 QJ-2017 的参数",
        "提示：JL-2024 的标准尚未录入，金额以 null 给出：孤儿基本生活费。",
        "6 个案例未能判定，原因见上；其余 2 个已判定。",
    ):
        assert words in told


def test_check_and_explain_with_bad_cases(tmp_path):
    result = run(tmp_path, "check", MIXED)
    assert result.exit_code == 1
    assert "核对 1 个案例，0 处不符" in result.stdout
    assert run(tmp_path, "explain", MIXED, "cases.yaml", "--id", "a").exit_code == 0
    assert "是否为“birth”" in run(tmp_path, "explain", MIXED, "cases.yaml", "--id", "b").output
    assert (
        "没有编号为“good1”的案例，是否为“good”？"
        in run(tmp_path, "explain", json.dumps(GOOD), "x.jsonl", "--id", "good1").output
    )
    wrong = run(tmp_path, "explain", json.dumps(GOOD), "x.jsonl", "--id", "good", "--rule", "orphn")
    assert "没有名为“orphn”的规则，是否为“orphan”？" in wrong.output
    misspelt = run(tmp_path, "check", MIXED.replace("categories", "catgories"))
    assert "expect 中没有这一项，是否为“categories”？" in misspelt.stdout


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "cases.yaml 是空文件"),
        (b" \n", "cases.yaml 是空文件"),
        ("- {id: a}\n- {id: 甲}".encode("gb18030"), "cases.yaml 第 2 行不是 UTF-8 编码"),
        ("- id: a\n  pack: [CQ\n- b: c", "cases.yaml 第 3 行第 4 列不是有效的 YAML"),
        ("id: a", "cases.yaml 应是一个列表"),
        ("[" * 5000, "cases.yaml"),
    ],
)
def test_a_file_that_cannot_be_read_names_the_line(tmp_path, content, told):
    for command in ("evaluate", "check"):
        result = run(tmp_path, command, content)
        assert result.exit_code == 1
        assert result.stdout == ""
        assert told in result.stderr


def test_a_file_that_is_not_there(tmp_path):
    result = CliRunner().invoke(commands, ["evaluate", str(tmp_path / "nothing.yaml")])
    assert (result.exit_code, "没有这个文件" in result.stderr) == (1, True)


def test_json_lines_one_broken(tmp_path):
    lines = [json.dumps(GOOD), '{"id": ', '{"id": "x", "id": "y"}', "[" * 100_000, json.dumps(case())]
    result = run(tmp_path, "evaluate", "\n".join(lines), "cases.jsonl")
    assert [json.loads(line)["id"] for line in result.stdout.splitlines()] == ["good", "A1"]
    assert "第 2 行" in result.stderr
    assert "第 3 行　案例 （第 3 行起）：“id”出现两次" in result.stderr
    assert result.exit_code == 1


def test_a_list_in_json_is_a_list_too(tmp_path):
    result = run(tmp_path, "evaluate", json.dumps([GOOD, case()], indent=1), "cases.json")
    assert (result.exit_code, len(result.stdout.splitlines())) == (0, 2)


def test_a_rule_that_is_not_there_has_a_near_one():
    with pytest.raises(ValueError, match="defacto"):
        book("CQ-2021", date(2022, 3, 1)).explain({}, "defcto")
