"""Packs are validated, every fault told, and compared. Issue 4.4; R-04.19, A10, A17."""

import json
from datetime import date

import pytest
from click.testing import CliRunner

from hutong.rulebook import differing, packs, validating
from hutong.rulebook.cli import rules as commands

HEAD = "label: 试行\nfrom: 2030-01-01\ninherits: CQ-2025\n"
LINE = "{from: 2030-01-01, value: 170000, source: 渝民发〔2025〕6号}"


def write(tmp_path, text, name="XX-2030"):
    path = tmp_path / name / "pack.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def faults(tmp_path, params="", head=HEAD):
    return "\n".join(validating.faults(write(tmp_path, head + (f"params:\n{params}" if params else ""))))


def test_the_installed_packs_are_without_fault():
    assert {one.name: one.faults for one in validating.reports(None)} == dict.fromkeys(
        ["base", *packs.names()], ()
    )
    missing = {one.name: one.not_loaded for one in validating.reports(None)}
    assert missing["CQ-2025"] == ()
    assert "参照孤儿保障标准（分/月）" in missing["JL-2024"]


@pytest.mark.parametrize(
    ("params", "told"),
    [
        ("  orphan_scatered: [" + LINE + "]", "“orphan_scatered”不在参数表中，是否为“orphan_scattered”？"),
        ("  孤儿基本生活费：散居: [" + LINE + "]", "是否为“orphan_scattered”？"),
        ("  orphan_scattered: []", "应为一组带 from、value、source 的行"),
        ("  orphan_scattered: [一]", "应写成 {from, value, source}"),
        ("  orphan_scattered: [{form: 2030-01-01, value: 1, source: 工作约定}]", "不认识的键“form”，是否为“from”？"),
        ("  orphan_scattered: [{from: 2030-02-30, value: 1, source: 渝民发〔2025〕6号}]", "“2030-02-30”不对：应写成 2021-01-01，且确有这一天"),
        ("  orphan_scattered: [{from: 2030-01-01, value: 1700.5, source: 渝民发〔2025〕6号}]", "类型不对，应为：不小于零的整数，单位分"),
        ("  orphan_scattered: [{from: 2030-01-01, value: 1, source: 渝民发〔2025〕6号, mark: asumption}]", "是否为“assumption”？"),
        ("  orphan_scattered: [{from: 2030-01-01, value: 1, source: 渝民发〔2025〕6号, mark: not_loaded}]", "既有数值又注明 not_loaded"),
        ("  orphan_scattered: [{from: 2030-01-01, value: 1, source: 渝民发〔2025〕6号, area: 500114}]", "加引号的区划代码"),
        ("  orphan_scattered: [" + LINE + ", " + LINE + "]", "与上一行同日（2030-01-01）重叠"),
        ("  orphan_scattered: [" + LINE + ", " + LINE.replace("2030", "2029", 1) + "]", "各行应按施行日期先后排列"),
        ("  orphan_scattered: [" + LINE.replace("2030-01-01", "2025-01-01") + "]", "与继承的一行同日（2025-01-01）同地区，不会生效"),
        ("  orphan_scattered: [" + LINE.replace("}", ", area: '220303'}") + "]", "不在本政策包的范围（50 开头）之内"),
        ("  orphan_scattered: [" + LINE.replace("}", ", area: '500130'}") + "]", "不是已知的区县"),
        ("  lost_months: [{from: 2030-01-01, value: 6, source: 民发〔2020〕125号, area: '500114'}]", "只有金额可以按地区另定"),
        ("  orphan_scattered: [{from: 2030-01-01, value: 1, source: 渝民发〔2025〕9号}]", "“渝民发〔2025〕9号”不在文件登记表中，是否为“渝民发〔2025〕6号”？"),
        ("  orphan_scattered: [{from: 2030-01-01, value: 1, source: 听说的}]", "“听说的”找不到对应的文件"),
        ("  visit_base: [{from: 2030-01-01, value: {GOOD: 3m}, source: 工作约定}]", "没有监护状况“ABSENT”的走访间隔"),
        ("  orphan_scattered:\n    - {from: 2030-01-01, value: 1, source: 工作约定}\n  orphan_scattered: []", "重复，请保留一个"),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_its_place_and_the_nearest_name(tmp_path, params, told):
    assert told in faults(tmp_path, params)


@pytest.mark.parametrize(
    ("head", "told"),
    [
        ("", "是空文件"),
        ("[]", "最外层应为键值"),
        ("label: [\n", "不是有效的 YAML"),
        ("lable: 试行\n" + HEAD, "不认识的栏目“lable”，是否为“label”？"),
        (HEAD.replace("CQ-2025", "CQ-2052"), "没有名为“CQ-2052”的政策包，是否为“CQ-2025”？"),
        (HEAD.replace("CQ-2025", "XX-2030"), "继承成环"),
        (HEAD + "adopts: [orphn]", "规则“orphn”不存在，是否为“orphan”？"),
        (HEAD + "adopts: [minor]", "规则“minor”始终有效，不必列出"),
        (HEAD.replace("CQ-2025", "QJ-2017") + "drops: [defacto]", "并未从上级继承"),
        (HEAD + "adopts: orphan", "应为规则名的列表"),
        (HEAD.replace("from: 2030-01-01\n", ""), "缺少 from"),
        (HEAD.replace("CQ-2025", "base").replace("2030", "2012"), "没有数值：请补上自政策包施行之日起的一行"),
    ],
)
def test_a_fault_of_the_head_is_told(tmp_path, head, told):
    assert told in faults(tmp_path, head=head)


def test_every_fault_is_listed_and_the_command_ends_with_1(tmp_path):
    write(
        tmp_path,
        HEAD + "params:\n  child_agee: [{from: 2030-01-01, value: 18}]\n  child_age: [{value: 十八}]\n",
    )
    write(tmp_path, HEAD + f"params:\n  orphan_scattered: [{LINE}]\n", "YY-2030")
    result = CliRunner().invoke(commands, ["validate", str(tmp_path)])
    assert result.exit_code == 1
    assert "XX-2030：4 处问题" in result.output
    assert "YY-2030：通过" in result.output
    assert CliRunner().invoke(commands, ["validate", "CQ-2025"]).exit_code == 0
    nothing = CliRunner().invoke(commands, ["validate", "CQ-2052"])
    assert (nothing.exit_code, "是否为“CQ-2025”？" in nothing.output) == (1, True)


def test_a_pack_may_inherit_from_one_beside_it(tmp_path):
    write(tmp_path, HEAD + f"params:\n  orphan_scattered: [{LINE}]\n", "AA-2030")
    path = write(tmp_path, HEAD.replace("CQ-2025", "AA-2030").replace("2030-01", "2031-01"), "BB-2031")
    assert validating.faults(path) == []
    assert packs.read(path).param("orphan_scattered", date(2031, 1, 1)) == 170000


def test_two_packs_on_a_day():
    on = date(2025, 6, 1)
    found = differing.compare(packs.load("CQ-2021"), on, packs.load("CQ-2025"), on)
    changed = {one.key: one for one in found.parameters}
    assert (changed["orphan_scattered"].before, changed["orphan_scattered"].after) == (125600, 165100)
    assert changed["orphan_scattered"].words == ("1,256.00 元/月", "1,651.00 元/月")
    assert (changed["orphan_scattered"].since, changed["orphan_scattered"].source) == (
        date(2025, 1, 1),
        "渝民发〔2025〕6号",
    )
    rule = next(one for one in found.rules if one.rule == "monthly_due")
    assert rule.what == "changed"
    assert "孤儿基本生活费：散居（分/月）" in rule.because
    assert differing.compare(packs.load("CQ-2021"), on, packs.load("CQ-2021"), on).nothing


def test_another_jurisdiction_adopts_and_drops():
    on = date(2024, 6, 1)
    found = differing.compare(packs.load("QJ-2017"), on, packs.load("JL-2024"), on)
    by_rule = {one.rule: one.what for one in found.rules}
    assert (by_rule["defacto"], by_rule["ben_dibao"]) == ("adopted", "dropped")
    assert any(one.key == "compulsory_stages" and one.what == "removed" for one in found.parameters)
    assert any(one.key == "core_urban" and one.what == "changed" for one in found.parameters)


def test_one_pack_between_two_days(tmp_path):
    path = write(
        tmp_path,
        HEAD
        + f"params:\n  orphan_scattered: [{LINE}, {LINE.replace('}', chr(44) + ' area: ' + chr(39) + '500114' + chr(39) + '}').replace('2030-01', '2030-07')}]\n",
    )
    result = CliRunner().invoke(commands, ["diff", str(path), "--from", "2030-01-01", "--to", "2030-07-01"])
    assert result.exit_code == 0, result.output
    assert (
        "参数新增：孤儿基本生活费：散居（分/月）（500114）：— → 1,700.00 元/月，自 2030-07-01 起〔渝民发〔2025〕6号〕"
        in result.output
    )
    assert "规则改变：每月应发" in result.output


def test_the_command_prints_text_and_json_and_refuses_with_a_sentence():
    text = CliRunner().invoke(commands, ["diff", "CQ-2021", "CQ-2025", "--on", "2025-06-01"])
    assert (
        "参数改变：孤儿基本生活费：散居（分/月）：1,256.00 元/月 → 1,651.00 元/月，自 2025-01-01 起"
        in text.output
    )
    data = json.loads(
        CliRunner().invoke(commands, ["diff", "CQ-2021", "CQ-2025", "--on", "2025-06-01", "--json"]).output
    )
    assert data["before"] == {"pack": "CQ-2021", "label": "重庆市（2021年）", "on": "2025-06-01"}
    assert {one["what"] for one in data["parameters"]} == {"changed"}
    assert (
        "没有不同"
        in CliRunner()
        .invoke(commands, ["diff", "CQ-2021", "--from", "2021-01-01", "--to", "2021-01-02"])
        .output
    )
    for arguments, told in (
        (["CQ-2021"], "请写出第二个政策包"),
        (["CQ-2021", "CQ-2052"], "是否为“CQ-2025”？"),
        (["CQ-2021", "CQ-2025", "--on", "2025-02-30"], "日期“2025-02-30”不对"),
        (["CQ-2021", "CQ-2025", "--on", "1999-01-01"], "尚未施行"),
        (["CQ-2021", "--from", "2021-01-01", "--on", "2021-01-01"], "不能同用"),
    ):
        result = CliRunner().invoke(commands, ["diff", *arguments])
        assert result.exit_code != 0
        assert told in result.output
