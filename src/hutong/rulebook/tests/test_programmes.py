"""The programmes: every benefit rule opens one, every line is whole, what is wrong is said (R-26.07, R-43.02)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from hutong.rulebook import programmes
from hutong.rulebook.programmes import ProgrammeError
from hutong.rulebook.ruleset import RULES

CHONGQING = "500114001001"
SIPING = "220303001001"


def test_every_benefit_has_a_programme_and_every_line_ends_in_papers_and_an_office() -> None:
    benefits = {name for name, rule in RULES.items() if rule.kind == "benefit"}
    assert benefits <= {rule for one in programmes.every() for rule in one.rules}
    for programme in programmes.every():
        for line in programme.lines:
            assert all((line.who, line.papers, line.where)), programme.code
            assert len(line.short) <= 50, f"{programme.code}：{line.short} 太长，不宜发短信"


def test_the_line_of_a_place_on_a_day() -> None:
    """A16, A17: one programme, versions by date and place."""
    study = programmes.find("study_orphan")
    assert study is not None
    before, after = study.line(date(2024, 12, 31), CHONGQING), study.line(date(2025, 1, 1), CHONGQING)
    assert before is not None
    assert "博士" in "".join(before.who)
    assert after is not None
    assert "普通高中" in "".join(after.who)
    assert study.line(date(2024, 12, 31), SIPING) is None, "没有依据的地方不列"
    defacto = programmes.find("defacto")
    assert defacto is not None
    assert "撤销" not in "".join(line.who[1] for line in [defacto.line(date(2020, 12, 31), SIPING)] if line)
    assert [p.code for p in programmes.of_rule("ben_defacto")] == ["defacto"]
    assert programmes.find("none") is None


GOOD = """
x:
  name: 项目
  words: [项目]
  lines:
    - {from: 2021-01-01, source: 某文, short: 某人, who: [某人], gives: 某物, papers: [某证], apply: {office: township, at: hukou}}
"""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("x:", "- x", "应为"),
        ("name: 项目", "name: 项目\n  rule: [ben_orphan]", "不认识的键：rule"),
        ("words: [项目]", "words: [项目]\n  rules: [ben_orphn]", "“ben_orphn”不存在"),
        ("source: 某文, ", "", "缺少：source"),
        ("from: 2021-01-01", "from: 去年", "应写成 2021-01-01"),
        ("office: township", "office: town", "不在表中"),
        ("gives: 某物", "gives: 某物, mark: sure", "mark 只能是"),
        ("gives: 某物", "gives: 某物, amounts: [{label: 甲, per: 月, key: orphn}]", "“orphn”不在参数表中"),
        ("gives: 某物", "gives: 某物, steps: [{by: 甲, act: 乙, days: dys}]", "“dys”不在参数表中"),
        ("gives: 某物", "gives: 某物, steps: [甲]", "应写成键值"),
    ],
)  # fmt: skip
def test_a_wrong_file_is_told_where(tmp_path: Path, old: str, new: str, said: str) -> None:
    file = tmp_path / "programmes.yaml"
    assert old in GOOD
    file.write_text(GOOD.replace(old, new, 1) if old != "x:" else "[甲]", encoding="utf-8")
    with pytest.raises(ProgrammeError, match=said):
        programmes.read(file)


def test_the_same_day_twice_is_an_error(tmp_path: Path) -> None:
    file = tmp_path / "programmes.yaml"
    file.write_text(GOOD, encoding="utf-8")
    assert programmes.read(file)[0].lines[0].where == "户籍所在地乡镇人民政府（街道办事处）"
    line = GOOD.strip().splitlines()[-1]
    file.write_text(GOOD + line, encoding="utf-8")
    with pytest.raises(ProgrammeError, match="起始日期相同"):
        programmes.read(file)
