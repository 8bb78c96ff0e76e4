"""``hutong compare`` (item 15): output for officials, exit codes, nothing half-written."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hutong.linkage.cli import make_command
from hutong.linkage.tests.world import World, book


def invoke(folder: Path, **changes: str) -> Result:
    options = {
        "registry": str(folder / "registry"), "lists": str(folder / "lists"), "as-of": "2021-09-30",
        "pack": "CQ-2021", "out": str(folder / "out"), **changes,
    }  # fmt: skip
    arguments = [part for name, value in options.items() for part in (f"--{name.replace('_', '-')}", value)]
    return CliRunner().invoke(make_command(book), [*arguments, "--csv"])


@pytest.fixture
def district(tmp_path: Path) -> Path:
    world = World()
    _, father, mother = world.family("A", ("赵小宝", "赵建国", "周玉兰"))
    for person in (father, mother):
        world.listed("deaths", person, death_date="2021-03-01")
    world.write(tmp_path)
    return tmp_path


def test_it_compares_and_says_what_it_found(district: Path) -> None:
    result = invoke(district)
    assert result.exit_code == 0, result.output
    for words in ("疑似应保未保 1 条", "没有收到不等于没有", "政策包 CQ-2021", "[7/7]"):
        assert words in result.output
    lead = (district / "out" / "leads.csv").read_text("utf-8")
    assert "2021-11-03" in lead, (
        "20 working days from 2021-09-30, over National Day and the make-up Saturday 10-09"
    )


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"registry": "/nowhere"}, "档案文件夹"),
        ({"lists": "/nowhere"}, "名单文件夹"),
        ({"as-of": "2021-02-30"}, "基准日“2021-02-30”不是日期"),
        ({"pack": "XX-1900"}, "XX-1900"),
        ({"memory": "much"}, "内存上限"),
    ],
)
def test_bad_input_is_a_sentence_and_exit_code_2(district: Path, changes: dict[str, str], words: str) -> None:
    result = invoke(district, **changes)
    assert result.exit_code == 2
    assert words in result.output
    assert "Traceback" not in result.output
    assert not (district / "out").exists()


def test_a_bad_file_is_named(district: Path) -> None:
    (district / "lists" / "deaths.csv").write_text("姓名,死亡日期\n张三,2021-01-01\n", "utf-8")
    result = invoke(district)
    assert result.exit_code == 2
    assert "deaths.csv" in result.output
    assert sorted(p.name for p in district.iterdir()) == ["lists", "registry"]
