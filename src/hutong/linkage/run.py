"""The whole comparison: two folders in, leads and their grounds out (data contract §3).

Stages: read, link, facts, evaluate, difference, explain, write. Nothing appears under ``out`` until everything is
done; same inputs give the same bytes.
"""

from __future__ import annotations

import json
import resource
import shutil
import tempfile
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet

from hutong.kernel import sheets
from hutong.linkage import difference, facts, files, people
from hutong.linkage.catalogue import LISTS
from hutong.linkage.contract import REGISTRY, REQUIRED_REGISTRY
from hutong.linkage.difference import Terms
from hutong.linkage.engine import Engine
from hutong.linkage.errors import Cancelled, ContractError
from hutong.linkage.link import Thresholds, result
from hutong.linkage.read import Checked, check_table

Evaluator = Callable[[str], str]
"""Name of a table of facts → the SQL query that gives ``child_id`` and ``difference.OUTPUTS``."""
Explain = Callable[[dict[str, Any], str], dict[str, Any]]
"""(facts of one child, rule) → the tree of conditions."""
Progress = Callable[[str, int, int], bool | None]
"""(stage in Chinese, done, total); False cancels."""

_FILES = {"leads.parquet", "leads.csv", "links.parquet", "review.parquet", "rejected.parquet", "summary.json"}
STAGES = ("读取", "关联", "归集情形", "规则判定", "与在册名单比较", "说明理由", "写出结果")


@dataclass(slots=True)
class Summary:
    """What ``summary.json`` holds. Seconds and memory differ from run to run, everything else does not."""

    as_of: str = ""
    engine: str = ""
    pack: str = ""
    pack_version: str = ""
    inputs: dict[str, dict[str, Any]] = field(default_factory=dict)
    lists_missing: list[str] = field(default_factory=list)
    stale: list[dict[str, Any]] = field(default_factory=list)
    not_compared: list[str] = field(default_factory=list)
    links: dict[str, dict[str, int]] = field(default_factory=dict)
    review: int = 0
    rejected: int = 0
    leads: dict[str, int] = field(default_factory=dict)
    schemes: dict[str, dict[str, int]] = field(default_factory=dict)
    undecided: int = 0
    warnings: list[str] = field(default_factory=list)
    stages: dict[str, dict[str, float]] = field(default_factory=dict)
    peak_memory_mb: int = 0


class _Clock:
    """Times the stages and asks between them whether to go on."""

    def __init__(self, progress: Progress | None, summary: Summary) -> None:
        self._progress, self._summary, self._started = progress, summary, time.perf_counter()

    def begin(self, stage: str) -> None:
        if self._progress and self._progress(stage, STAGES.index(stage), len(STAGES)) is False:
            raise Cancelled("比对已按要求取消，没有写出任何结果。")
        self._started = time.perf_counter()

    def end(self, stage: str, rows: int) -> None:
        seconds = round(time.perf_counter() - self._started, 3)
        self._summary.stages[stage] = {"seconds": seconds, "rows": rows}


def compare(
    registry: Path,
    lists: Path,
    as_of: date,
    evaluator: Evaluator,
    explain: Explain | None,
    out: Path,
    *,
    csv: bool = False,
    progress: Progress | None = None,
    terms: Terms | None = None,
    thresholds: Thresholds | None = None,
    pack: str = "",
    pack_version: str = "",
    supplied: Mapping[str, date] | None = None,
    stale_before: date | None = None,
    memory: str = "2GB",
    threads: int | None = None,
) -> Summary:
    """Run a comparison and write its results to ``out`` (replaced whole).

    ``supplied``: the day each list was delivered, where known; those before ``stale_before`` are reported stale.
    Raises ContractError (bad input) or Cancelled; neither leaves anything behind.
    """
    summary = Summary(as_of=as_of.isoformat(), pack=pack, pack_version=pack_version)
    _may_replace(out)
    clock = _Clock(progress, summary)
    terms, thresholds = terms or Terms(), thresholds or Thresholds()
    clock.begin("读取")
    pa.set_memory_pool(_pool())
    checked = read_folders(registry, lists, summary)
    _stale(summary, supplied or {}, stale_before)
    clock.end("读取", sum(c.rows for c in checked.values()))
    with Engine(memory, threads, beside=_held()) as engine:
        summary.engine = engine.name
        children, listed = _stages(engine, checked, as_of, evaluator, terms, thresholds, clock)
        clock.begin("说明理由")
        leads = _leads(engine, explain)
        clock.end("说明理由", leads.num_rows)
        clock.begin("写出结果")
        links = result.rows(
            engine, "SELECT seq, child, subject, link, probability FROM links", children, listed
        )
        _count(engine, links, summary, terms)
        summary.rejected = sum(c.rejected.num_rows for c in checked.values())
        tables = {
            "leads": leads,
            "links": links,
            "review": result.rows(
                engine, "SELECT seq, child, subject, probability, reason FROM review", children, listed
            ),
            "rejected": rejected_rows(checked),
        }
        clock.end("写出结果", sum(t.num_rows for t in tables.values()))
    summary.peak_memory_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    _write(out, tables, summary, csv)
    if progress:
        progress("完成", len(STAGES), len(STAGES))
    return summary


def _pool() -> pa.MemoryPool:
    """The pool that asks the system least: fresh pages cost as much as what is written on them."""
    if "jemalloc" in pa.supported_memory_backends():
        return pa.jemalloc_memory_pool()
    return pa.system_memory_pool()


def _held() -> int:
    """Bytes this process holds now; where the system does not tell, the most it ever held."""
    pa.default_memory_pool().release_unused()
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _stages(
    engine: Engine,
    checked: Mapping[str, Checked],
    as_of: date,
    evaluator: Evaluator,
    terms: Terms,
    thresholds: Thresholds,
    clock: _Clock,
) -> tuple[pa.Table, pa.Table]:
    """Everything up to the leads; the children and the rows of all lists as the engine numbered them."""
    clock.begin("关联")
    numbers = people.Numbers()
    children = people.load_registry(engine, {code: checked[code].accepted for code in REGISTRY}, numbers)
    listed = people.load_lists(engine, {c: checked[c].accepted for c in LISTS if c in checked}, numbers)
    result.link(engine, thresholds)
    clock.end("关联", int(engine.value("SELECT count(*) FROM links")))
    clock.begin("归集情形")
    facts.derive(engine, as_of, children, listed)
    clock.end("归集情形", int(engine.value("SELECT count(*) FROM evidence")))
    clock.begin("规则判定")
    difference.evaluate(engine, evaluator)
    clock.end("规则判定", int(engine.value("SELECT count(*) FROM evaluated")))
    clock.begin("与在册名单比较")
    difference.leads(engine, terms, as_of)
    clock.end("与在册名单比较", int(engine.value("SELECT count(*) FROM leads")))
    return children, listed


def read_folders(registry: Path, lists: Path, summary: Summary) -> dict[str, Checked]:
    """Check every file of both folders, two at a time; a missing list is noted, a missing registry table an error."""
    found = {code: files.find(registry, code) for code in REGISTRY}
    for code in REQUIRED_REGISTRY:
        if found[code] is None:
            raise ContractError(
                f"档案文件夹“{registry}”中没有 {code}（{REGISTRY[code].title}）的 xlsx、csv 或 parquet 文件，"
                "无法比对，请先导出档案。"
            )
    wanted = {code: (path, REGISTRY[code]) for code, path in found.items() if path}
    for code, spec in LISTS.items():
        path = files.find(lists, code) if lists.exists() else None
        if path:
            wanted[code] = (path, spec.table)
    if not lists.is_dir():
        raise ContractError(f"找不到名单文件夹“{lists}”，请核对路径。")
    summary.lists_missing = [code for code in LISTS if code not in wanted]
    with ThreadPoolExecutor(2) as pool:
        jobs = {
            code: pool.submit(check_table, path, spec, coded=True) for code, (path, spec) in wanted.items()
        }
        checked = {code: job.result() for code, job in jobs.items()}
    if "circumstances" not in checked:
        checked["circumstances"] = _nothing(REGISTRY["circumstances"])
    for code, one in checked.items():
        if code in wanted:
            summary.inputs[code] = _input(wanted[code][0], one)
            summary.warnings += [f"{one.table.title}：{warning}" for warning in one.warnings]
    return checked


def _nothing(table: Any) -> Checked:
    from hutong.linkage.read import ARROW

    columns = {"row": pa.array([], pa.int64())}
    columns |= {c.code: pa.array([], ARROW[c.type]) for c in table.columns}
    return Checked(table, pa.table(columns), pa.table({}))


def _input(path: Path, checked: Checked) -> dict[str, Any]:
    return {
        "file": path.name,
        "sha256": checked.digest,
        "encoding": checked.encoding,
        "rows": checked.rows,
        "rejected": checked.rejected.num_rows,
        "unknown_columns": checked.unknown_columns,
    }


def _stale(summary: Summary, supplied: Mapping[str, date], before: date | None) -> None:
    if before is not None:
        summary.stale = [
            {"list": code, "supplied": day.isoformat()}
            for code, day in sorted(supplied.items())
            if day < before
        ]


def _leads(engine: Engine, explain: Explain | None) -> pa.Table:
    """The leads in order, with ``why``: for an exit the contradiction, else the entitlement."""
    table = engine.arrow("SELECT * FROM leads ORDER BY child_id, kind, scheme")
    whys = ["{}"] * table.num_rows
    if explain is not None and table.num_rows:
        known = engine.arrow("FROM facts")
        by_child = {row["child_id"]: row for row in known.to_pylist()}
        keys = table.select(["child_id", "kind", "scheme"]).to_pylist()
        for i, key in enumerate(keys):
            rule = difference.rule_of(key["kind"], key["scheme"])
            if rule is not None:
                why = explain(by_child[key["child_id"]], rule)
                whys[i] = json.dumps(why, ensure_ascii=False, default=str)
    at = table.column_names.index("due_on")
    return table.add_column(at, "why", pa.array(whys, pa.string()))


def rejected_rows(checked: Mapping[str, Checked]) -> pa.Table:
    """Refused rows of all files: file code, row, line, reason. No values: they may hold ID numbers."""
    parts = [
        c.rejected.select(["row", "line", "reason"]).add_column(
            0, "list", pa.array([code] * c.rejected.num_rows, pa.string())
        )
        for code, c in sorted(checked.items())
        if c.rejected.num_rows
    ]
    schema = pa.schema(
        [("list", pa.string()), ("row", pa.int64()), ("line", pa.int64()), ("reason", pa.string())]
    )
    return pa.concat_tables(parts).cast(schema) if parts else schema.empty_table()


def _count(engine: Engine, links: pa.Table, summary: Summary, terms: Terms) -> None:
    counted = links.group_by(["list", "link"]).aggregate([([], "count_all")]).to_pylist()
    for one in sorted(counted, key=lambda one: (one["list"], one["link"])):
        summary.links.setdefault(one["list"], {})[one["link"]] = one["count_all"]
    summary.review = int(engine.value("SELECT count(*) FROM review"))
    summary.leads = dict.fromkeys(difference.KINDS, 0)
    for kind, scheme, count in engine.rows(
        "SELECT kind, scheme, count(*) FROM leads GROUP BY ALL ORDER BY ALL"
    ):
        summary.leads[kind] += count
        summary.schemes.setdefault(scheme or "EMERGENCY", {})[kind] = count
    summary.undecided = int(engine.value("SELECT count(*) FROM evaluated WHERE undecided"))
    if not difference.compares_left_behind(engine, terms):
        summary.not_compared = ["LB"]


def _may_replace(out: Path) -> None:
    """Only a folder of earlier results is replaced; anything else there belongs to somebody."""
    if out.is_dir():
        others = sorted(path.name for path in out.iterdir() if path.name not in _FILES)
        if others:
            raise ContractError(
                f"结果文件夹“{out}”里有别的文件（{others[0]} 等），为免误删没有比对，请换一个文件夹。"
            )
    elif out.exists():
        raise ContractError(f"“{out}”是一个文件，不是文件夹，请换一个结果文件夹。")


def _inert(table: pa.Table) -> pa.Table:
    """The table as a CSV may show it to a spreadsheet program: ``kernel.sheets.inert`` by column."""
    for at, name in enumerate(table.column_names):
        cells = table[name]
        if pa.types.is_string(cells.type) or pa.types.is_large_string(cells.type):
            acts = pc.and_not(
                pc.match_substring_regex(cells, sheets.FORMULA),
                pc.match_substring_regex(cells, sheets.HARMLESS),
            ).fill_null(False)
            if pc.any(acts).as_py():
                marked = pc.binary_join_element_wise("'", cells, "")
                table = table.set_column(at, name, pc.if_else(acts, marked, cells))
    return table


def _write(out: Path, tables: Mapping[str, pa.Table], summary: Summary, csv: bool) -> None:
    """Into a temporary folder beside ``out``, then renamed: a reader sees all of it or nothing."""
    out.parent.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    try:
        for name, table in tables.items():
            pa.parquet.write_table(table, scratch / f"{name}.parquet", compression="zstd")
        if csv:
            pa.csv.write_csv(_inert(tables["leads"]), scratch / "leads.csv")
        text = json.dumps(asdict(summary), ensure_ascii=False, indent=2)
        (scratch / "summary.json").write_text(text + "\n", encoding="utf-8")
        scratch.chmod(0o755)
        if out.exists():
            shutil.rmtree(out)
        scratch.rename(out)
    except BaseException:
        shutil.rmtree(scratch, ignore_errors=True)
        raise
