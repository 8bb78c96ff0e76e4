"""The ``rules`` commands: evaluate a file of cases, explain one of them, check them against what they expect."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from hutong.rulebook import cases, packs
from hutong.rulebook.explain import to_chinese
from hutong.rulebook.expr import RuleError

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
COMPARED = ("categories", "key", "benefits", "visit", "alerts")


@click.group("rules")
def rules() -> None:
    """按政策包判定、解释和核对案例。"""


@rules.command("packs")
def list_packs() -> None:
    """列出可用的政策包及其版本摘要。"""
    for name in packs.names():
        pack = packs.load(name)
        click.echo(f"{name}\t{pack.label}\t{pack.version}")


@rules.command("evaluate")
@click.argument("file", type=FILE)
def evaluate(file: Path) -> None:
    """判定 FILE（YAML 或 JSON 行）中的每个案例，逐行输出 JSON。"""
    for case in _read(file):
        click.echo(json.dumps(_outcome(case), ensure_ascii=False))


@rules.command("explain")
@click.argument("file", type=FILE)
@click.option("--id", "case_id", required=True, help="案例编号")
@click.option("--rule", "rule_name", default=None, help="只解释一条规则（规则名）")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
def explain(file: Path, case_id: str, rule_name: str | None, as_json: bool) -> None:
    """用中文说明 FILE 中一个案例的判定理由。"""
    case = next((c for c in _read(file) if str(c.get("id")) == case_id), None)
    if case is None:
        raise click.ClickException(f"{file.name} 中没有编号为“{case_id}”的案例，请核对编号。")
    try:
        book, facts = cases.book_of(case), cases.facts_from_case(case)
        names = [rule_name] if rule_name else _worth_telling(case)
        trees = [book.explain(facts, name) for name in names]
    except RuleError as error:
        raise click.ClickException(str(error)) from error
    if as_json:
        click.echo(json.dumps(trees, ensure_ascii=False, indent=1))
        return
    click.echo(f"{case_id} {case.get('title', '')}（{book.pack.label}，{book.as_of}）")
    told: set[str] = set()
    for tree in trees:
        click.echo("\n".join(to_chinese(tree, told)))


@rules.command("check")
@click.argument("file", type=FILE)
def check(file: Path) -> None:
    """把 FILE 中案例的判定与其 expect 核对；有一处不符即以 1 退出。"""
    checked = differences = without = 0
    for case in _read(file):
        expected = case.get("expect")
        if not isinstance(expected, dict):
            without += 1
            continue
        found = _outcome(case)
        checked += 1
        for field, wanted in expected.items():
            line = _difference(field, wanted, found)
            if line:
                differences += 1
                click.echo(f"{case.get('id')} {line}")
    click.echo(f"核对 {checked} 个案例，{differences} 处不符；{without} 个案例没有 expect，未核对。")
    if differences or not checked:
        raise SystemExit(1)


def _difference(field: str, wanted: Any, found: dict[str, Any]) -> str | None:
    if field not in COMPARED:
        return f"{field}：本版不判定此项，未能核对"
    wanted = sorted(wanted) if isinstance(wanted, list) else wanted
    return None if found[field] == wanted else f"{field}：应为 {wanted}，判定为 {found[field]}"


def _worth_telling(case: cases.Case) -> list[str]:
    """The four categories, and whatever else came out true."""
    decision = cases.book_of(case).evaluate_one(cases.facts_from_case(case))
    main = ["orphan", "ref_orphan", "defacto", "lb"]
    told = [n for n in decision.values if decision.values[n] is True and cases.RULES_WITH_CODE.get(n)]
    amount = ["monthly_due"] if decision.scheme else []
    return [*main, *(n for n in told if n not in main), *amount]


def _read(file: Path) -> list[dict[str, Any]]:
    try:
        return list(cases.read_cases(file))
    except RuleError as error:
        raise click.ClickException(str(error)) from error


def _outcome(case: cases.Case) -> dict[str, Any]:
    try:
        return cases.evaluate_case(case)
    except RuleError as error:
        raise click.ClickException(f"案例 {case.get('id')}：{error}") from error
