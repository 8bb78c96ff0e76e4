"""``hutong ledgers …`` and ``hutong registry export`` at a terminal: the same rules, sentences instead of tracebacks."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner

from hutong.domains.ledgers.cli import ledgers
from hutong.domains.ledgers.tests.conftest import WORDS, settle, sheet_rows
from hutong.domains.registry.cli import registry

pytestmark = pytest.mark.django_db


def run(*arguments: str, of: Any = ledgers) -> tuple[int, str]:
    done = CliRunner().invoke(of, list(arguments))
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output


def test_asked_and_taken(make: Any, cast: SimpleNamespace, tmp_path: Path) -> None:
    make(2, scheme="DEFACTO")
    code, said = run("ask", "--as", "county", "--kind", "defacto", "--purpose", "WORK", "--words", WORDS)
    assert (code, "2 人，已生成" in said) == (0, True)
    number = said.split("：")[0]
    code, said = run("take", number, str(tmp_path / "out"), "--as", "county_second")
    assert (code, "只发给申请人本人" in said) == (1, True)
    assert not list(tmp_path.rglob("*.xlsx"))
    code, said = run("take", number, str(tmp_path / "out"), "--as", "county")
    assert code == 0
    (file,) = (tmp_path / "out").glob("*.xlsx")
    assert file.stat().st_mode & 0o077 == 0
    assert number in str(sheet_rows(file.read_bytes()))


def test_the_whole_registry_by_number(make: Any, cast: SimpleNamespace, tmp_path: Path) -> None:
    make(2)
    folder = str(tmp_path / "out")
    code, said = run("export", folder, "--as", "county", of=registry)
    assert (code, "另一人批准" in said) == (1, True)
    code, said = run("ask", "--as", "county", "--form", "folder", "--purpose", "NATIONAL", "--words", WORDS)
    number = said.split("：")[0]
    assert "待另一人批准" in said
    code, said = run("approve", number, "--as", "county")
    assert (code, "不能批准自己的导出" in said) == (1, True)
    assert run("approve", number, "--as", "county_second")[0] == 0
    settle()
    code, said = run("export", folder, "--as", "county", "--request", number, of=registry)
    assert (code, "children 2 行" in said) == (0, True)


def test_refusals_are_sentences(make: Any, cast: SimpleNamespace) -> None:
    make(1)
    for arguments, words in (
        (("ask", "--as", "nobody", "--purpose", "WORK", "--words", WORDS), "没有可以办理此事的岗位"),
        (("ask", "--as", "county", "--kind", "x", "--purpose", "WORK", "--words", WORDS), "没有代码为"),
        (("ask", "--as", "county", "--purpose", "WORK", "--words", "看"), "不少于 6 个字"),
        (("take", "DC1", "out", "--as", "county"), "没有编号为"),
    ):
        code, said = run(*arguments)
        assert (code, words in said) == (1, True)
