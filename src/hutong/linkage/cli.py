"""The command ``compare`` over files alone. It is handed the rulebook by whoever wires the command line (ADR 0009)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any, NoReturn

import click

from hutong.kernel import calendar
from hutong.linkage.catalogue import LISTS
from hutong.linkage.difference import Terms
from hutong.linkage.errors import Cancelled, LinkageError
from hutong.linkage.run import STAGES, Summary, compare

LoadBook = Callable[[str, date], Any]
"""(pack, day) → an object with ``evaluate_table(table)``, ``explain(facts, rule)``, ``pack.version`` and
``pack.param("lead_due_working_days", day)``: working days to look into each kind of lead."""
LABELS = {
    "SUSPECTED": "疑似应保未保",
    "SHOULD_EXIT": "应退未退",
    "CHANGED": "情形变化",
    "EMERGENCY": "急需关爱",
}


def make_command(load_book: LoadBook) -> click.Command:
    """The click command, with the rulebook to use."""

    @click.command("compare", help="比对：档案文件夹 + 部门名单文件夹 → 线索。不需要数据库。")
    @click.option(
        "--registry",
        type=click.Path(path_type=Path),
        required=True,
        help="档案文件夹（children、kin、roll 等）",
    )
    @click.option("--lists", type=click.Path(path_type=Path), required=True, help="部门名单文件夹")
    @click.option("--as-of", "as_of", required=True, help="比对基准日，如 2026-09-30")
    @click.option("--pack", required=True, help="政策包，如 CQ-2021")
    @click.option(
        "--out", type=click.Path(path_type=Path), required=True, help="结果文件夹（已有的会被替换）"
    )
    @click.option("--csv", is_flag=True, help="线索另写一份 CSV")
    @click.option("--memory", default="2GB", show_default=True, help="内存上限，超出时用磁盘")
    @click.option("--threads", type=int, default=None, help="线程数（默认全部）")
    def command(
        registry: Path,
        lists: Path,
        as_of: str,
        pack: str,
        out: Path,
        csv: bool,
        memory: str,
        threads: int | None,
    ) -> None:
        try:
            day = _day(as_of)
            book = load_book(pack, day)
            summary = compare(
                registry,
                lists,
                day,
                book.evaluate_table,
                book.explain,
                out,
                csv=csv,
                progress=_progress,
                terms=Terms(due=due_dates(day, book.pack.param("lead_due_working_days", day))),
                pack=pack,
                pack_version=str(book.pack.version),
                memory=memory,
                threads=threads,
            )
        except Cancelled as stopped:
            _fail(str(stopped))
        except (LinkageError, ValueError, OSError) as error:
            _fail(str(error))
        click.echo(describe(summary, out))

    return command


def due_dates(as_of: date, days: Mapping[str, int]) -> dict[str, date]:
    """The due day of each kind of lead, in working days from the day of comparison."""
    years = calendar.WorkingCalendar.load()
    return {kind: years.add_working_days(as_of, count) for kind, count in days.items()}


def describe(summary: Summary, out: Path) -> str:
    """What an official wants to know at the end of a run."""
    linked = sum(n for links in summary.links.values() for n in links.values())
    exact = sum(links.get("exact", 0) for links in summary.links.values())
    leads = "，".join(f"{LABELS[kind]} {count} 条" for kind, count in summary.leads.items())
    lines = [
        f"比对完成：政策包 {summary.pack}（{summary.pack_version}），基准日 {summary.as_of}。",
        f"关联 {linked} 行，其中按身份证号 {exact} 行，按其他信息推定 {linked - exact} 行；待人工核对 {summary.review} 行。",
        f"读不出来的行 {summary.rejected} 行，原因见 rejected.parquet。",
        f"线索：{leads}。",
    ]
    if summary.undecided:
        lines.append(f"尚不能判定的儿童 {summary.undecided} 名（缺少情况）。")
    if summary.lists_missing:
        missing = "、".join(LISTS[code].table.title for code in summary.lists_missing)
        lines.append(f"本次没有收到的名单：{missing}。没有收到不等于没有，不据此产生线索。")
    if "LB" in summary.not_compared:
        lines.append("在册名单中没有留守儿童，本次未比对留守儿童。")
    lines += summary.warnings
    seconds = sum(stage["seconds"] for stage in summary.stages.values())
    lines.append(f"用时 {seconds:.1f} 秒，内存峰值 {summary.peak_memory_mb} MB，结果在 {out}。")
    return "\n".join(lines)


def _progress(stage: str, done: int, total: int) -> None:
    if stage in STAGES:
        click.echo(f"[{done + 1}/{total}] {stage}…", err=True)


def _day(text: str) -> date:
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 - a calendar day, no clock
    except ValueError:
        raise LinkageError(f"基准日“{text}”不是日期，请写成 2026-09-30 这样的形式。") from None


def _fail(sentence: str) -> NoReturn:
    click.echo(sentence, err=True)
    raise SystemExit(2)
