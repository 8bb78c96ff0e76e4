"""The ``rules`` commands: evaluate a file of cases, explain one, check them against what they expect; validate and
compare packs.

Results go to standard output and nothing else does; what is wrong with single cases goes to the error output, the other
cases go on, and the command ends with 1.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import click

from hutong.kernel import clock
from hutong.rulebook import case_facts, case_files, cases, differing, packs, validating
from hutong.rulebook.book import Book
from hutong.rulebook.explain import to_chinese
from hutong.rulebook.expr import RuleError, Value
from hutong.rulebook.nearest import hint
from hutong.rulebook.outlook import Outlook
from hutong.rulebook.outlook import lines as outlook_lines
from hutong.rulebook.timeline import Timeline

FILE = click.Path(path_type=Path)
Result = TypeVar("Result")


class Day(click.ParamType[date]):
    """A day as an option."""

    name = "DATE"

    def convert(self, value: Any, param: Any, ctx: Any) -> date:
        try:
            return value if isinstance(value, date) else date.fromisoformat(value)
        except ValueError:
            raise click.UsageError(f"日期“{value}”不对，应写成 2025-01-01，且确有这一天。", ctx) from None


@click.group("rules")
def rules() -> None:
    """按政策包判定、解释和核对案例；校验、比较政策包。"""


@rules.command("packs")
def list_packs() -> None:
    """列出可用的政策包及其版本摘要。"""
    for name in packs.names():
        pack = packs.load(name)
        click.echo(f"{name}\t{pack.label}\t{pack.version}")


@rules.command("evaluate")
@click.argument("file", type=FILE)
def evaluate(file: Path) -> None:
    """判定 FILE（YAML 或 JSON 行）中的每个案例，逐行输出 JSON。有问题的案例在错误输出中说明，其余照常判定，最后以 1 退出。"""
    found = _Run(file)
    for entry in found.entries:
        result = found.tried(entry, cases.evaluate_case)
        if result is not None:
            click.echo(json.dumps(result, ensure_ascii=False))
            found.unpriced(entry, result)
    found.end()


@rules.command("explain")
@click.argument("file", type=FILE)
@click.option("--id", "case_id", required=True, help="案例编号")
@click.option("--rule", "rule_name", default=None, help="只解释一条规则（规则名）")
@click.option(
    "--why-not",
    "why_not",
    default=None,
    metavar="规则名",
    help="说明这条规则为什么不成立、怎样才成立、何时会变",
)
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
def explain(file: Path, case_id: str, rule_name: str | None, why_not: str | None, as_json: bool) -> None:
    """用中文说明 FILE 中一个案例的判定理由；未满足的，说明还差什么。"""
    found = _read(file)
    entry = next((one for one in found if one.name == case_id), None)
    if entry is None:
        names = [one.name for one in found if one.name]
        raise click.ClickException(f"{file.name} 中没有编号为“{case_id}”的案例{hint(case_id, names)}")
    try:
        case = entry.case
        asked = why_not or rule_name
        book, trees = cases.explained(case, [asked] if asked else None)
        looked_at = [tree["rule"] for tree in trees if why_not or tree["rule"] in cases.MAIN]
        outlooks = _outlooks(book, case_facts.checked(case)[0], looked_at)
    except RuleError as error:
        raise click.ClickException(str(error)) from error
    if as_json:
        told_data = [{**tree, "outlook": outlooks[tree["rule"]]} if why_not else tree for tree in trees]
        click.echo(json.dumps(told_data, ensure_ascii=False, indent=1))
        return
    click.echo(f"{case_id} {case.get('title', '')}（{book.pack.label}，{book.as_of}）")
    told: set[str] = set()
    for tree in trees:
        click.echo("\n".join(to_chinese(tree, told)))
        for line in _still_missing(tree, outlooks.get(tree["rule"]), asked=bool(why_not)):
            click.echo("　" + line)


def _outlooks(book: Book, facts: Mapping[str, Value], names: list[str]) -> dict[str, dict[str, Any]]:
    outlook = Outlook(Timeline.of_pack(book.pack, book.as_of), facts)
    return {name: outlook.of(name) for name in names}


def _still_missing(tree: dict[str, Any], outlook: dict[str, Any] | None, *, asked: bool) -> list[str]:
    """What the rule lacks and when it changes; only where the question was why not, also that it lacks nothing."""
    if outlook is None:
        return []
    if asked and tree["value"] is True:
        return ["这条规则已经成立，没有未满足的条件。", *outlook_lines(outlook)]
    if asked and not outlook["remedies"]:
        return ["未满足时：没有可以补办或可以等到的条件使它成立。", *outlook_lines(outlook)]
    return outlook_lines(outlook)


@rules.command("check")
@click.argument("file", type=FILE)
def check(file: Path) -> None:
    """把 FILE（案例文件，或装有案例文件的文件夹）中案例的判定与其 expect 核对；有一处不符、有一个案例读不出来即以 1 退出。"""
    found = _Run(file)
    checked = differences = without = 0
    for entry in found.entries:
        wrong = found.tried(entry, _differences)
        if wrong is None:
            continue
        if not isinstance(entry.case.get("expect"), dict):
            without += 1
            continue
        checked += 1
        differences += len(wrong)
        for line in wrong:
            click.echo(f"{entry.name} {line}")
    click.echo(f"核对 {checked} 个案例，{differences} 处不符；{without} 个案例没有 expect，未核对。")
    found.end(failed=bool(differences) or not checked)


def _differences(case: cases.Case) -> list[str]:
    found = cases.evaluate_case(case)
    return list(cases.differences(case, found)) if isinstance(case.get("expect"), dict) else []


def _read(file: Path) -> list[case_files.Entry]:
    try:
        return case_files.entries(file)
    except RuleError as error:
        raise click.ClickException(str(error)) from error


class _Run:
    """One file gone through: what failed is told at once, and counted for the end."""

    def __init__(self, file: Path) -> None:
        self.entries = _read(file)
        self.failed = 0
        self._told: set[str] = set()

    def tried(self, entry: case_files.Entry, act: Callable[[Any], Result]) -> Result | None:
        try:
            return act(entry.case)
        except RuleError as error:
            self.failed += 1
            name = f"案例 {entry.name}：" if entry.name and not str(error).startswith("案例") else ""
            click.echo(f"{entry.file}第 {entry.line} 行　{name}{error}", err=True)
            return None

    def unpriced(self, entry: case_files.Entry, result: dict[str, Any]) -> None:
        """Amounts that exist in law and are not in the pack are told once a pack."""
        names = cases.not_loaded(result)
        pack = str(entry.case["pack"])
        if names and pack not in self._told:
            self._told.add(pack)
            click.echo(f"提示：{pack} 的标准尚未录入，金额以 null 给出：{'、'.join(names)}。", err=True)

    def end(self, *, failed: bool = False) -> None:
        if self.failed:
            click.echo(
                f"{self.failed} 个案例未能判定，原因见上；其余 {len(self.entries) - self.failed} 个已判定。",
                err=True,
            )
        if failed or self.failed:
            raise SystemExit(1)


@rules.command("validate")
@click.argument("what", required=False, metavar="[PACK|DIR]")
def validate(what: str | None) -> None:
    """校验政策包（名称、pack.yaml 或目录；不写即全部已安装的包）：逐条列出全部问题，有问题即以 1 退出。"""
    faulty = False
    try:
        found = validating.reports(what)
    except RuleError as error:
        raise click.ClickException(str(error)) from error
    for report in found:
        faulty |= bool(report.faults)
        click.echo(f"{report.name}：" + (f"{len(report.faults)} 处问题" if report.faults else "通过"))
        for fault in report.faults:
            click.echo(f"  {fault}")
        if report.not_loaded:
            click.echo(f"  标准尚未录入：{'、'.join(report.not_loaded)}")
    if faulty:
        raise SystemExit(1)


@rules.command("diff")
@click.argument("first", metavar="A")
@click.argument("second", metavar="[B]", required=False)
@click.option("--on", type=Day(), default=None, help="按哪一天比较（默认今天）")
@click.option("--from", "since", type=Day(), default=None, help="同一个包比较两天：较早的一天")
@click.option("--to", "until", type=Day(), default=None, help="同一个包比较两天：较晚的一天（默认今天）")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
def diff(
    first: str, second: str | None, on: date | None, since: date | None, until: date | None, as_json: bool
) -> None:
    """比较政策包 A 和 B（或 A 在两天）：参数的增、减、变，规则的施行、停用和变化。A、B 可以是名称或 pack.yaml。"""
    if second is None and since is None:
        raise click.UsageError("请写出第二个政策包，或用 --from 指明同一个包较早的一天。")
    if since is not None and on is not None:
        raise click.UsageError("--on 和 --from 不能同用：比较两个包用 --on，比较两天用 --from、--to。")
    today = clock.today()
    try:
        before, after = validating.pack_named(first), validating.pack_named(second or first)
        found = differing.compare(before, since or on or today, after, until or on or today)
    except RuleError as error:
        raise click.ClickException(str(error)) from error
    if as_json:
        click.echo(json.dumps(found.as_data(), ensure_ascii=False, indent=1))
    else:
        click.echo("\n".join(found.lines()))
