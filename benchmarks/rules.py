"""The whole catalogue of rules for 5,000,000 children, from Parquet facts with results written, by two threads.

Beside it a subset (``beside.py``) by our rules, by SQL and Polars written by hand, and by OpenFisca-core; their answers
must be equal. Then one child explained, and the first evaluation of a fresh process. Each contender runs in a process
of its own, several times; the best counts, since what else the machine does only ever adds. The last line is PASS or
FAIL. Polars and OpenFisca (AGPL) are fetched only with ``--beside``, into a venv of their own under ``var/``.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
import beside
import facts

ROOT = Path(__file__).parents[1]
PACK = "CQ-2021"
SUBSET = {name: name for name in beside.OUTPUTS} | {"lb": "lb_evident"}
BESIDE = ("polars==2.1.0", "openfisca-core==46.0.1", "duckdb==1.5.6")
GOAL_SECONDS, GOAL_MB, GOAL_EXPLAIN_MS, GOAL_FRESH = 2.0, 1536, 10.0, 1.0
FRESH = (
    "from datetime import date; from hutong.rulebook import book; "
    "book('CQ-2021', date(2021, 9, 30)).evaluate_one({'birth_date': date(2012, 5, 1), 'father_died_on': date(2020, 1, 1)})"
)
LABELS = {
    "scan": "bare DuckDB scan of all facts",
    "whole": "hutong, whole catalogue, facts in parts",
    "whole-one": "hutong, whole catalogue, one file",
    "subset": "hutong, subset, facts in parts",
    "subset-one": "hutong, subset, one file",
    "sql": "DuckDB SQL by hand, subset, one file",
    "polars": "Polars by hand, subset, one file",
    "openfisca": "OpenFisca-core, subset, one file",
}


def _files(folder: Path, name: str) -> list[Path]:
    one = name in ("scan", "sql") or name.endswith("-one")
    return [folder / "facts.parquet"] if one else sorted((folder / "parts").glob("*.parquet"))


def run(name: str, folder: Path) -> None:
    """One contender of those that need no venv of their own."""
    import duckdb

    out = folder / f"{name}.parquet"
    if name.startswith(("whole", "subset")):
        from hutong.rulebook import book, parquet

        rules = book(PACK, facts.AS_OF)
        small = name.startswith("subset")
        parquet.evaluate(
            rules, _files(folder, name), out, outputs=SUBSET if small else None, closed=small, threads=2
        )
        return
    with duckdb.connect(config={"threads": 2}) as con:
        con.execute("SET preserve_insertion_order = false")
        (file,) = _files(folder, name)
        if name == "scan":
            con.execute(f"SELECT count(COLUMNS(*)) FROM '{file}'").fetchall()
        else:
            con.execute(f"COPY ({beside.sql(repr(str(file)))}) TO '{out}' (FORMAT parquet)")


def one(name: str, folder: Path) -> None:
    """Ours and the bare scan, measured as ``beside`` measures itself."""
    before, started = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    run(name, folder)
    seconds, used = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_SELF)
    cpu = used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime
    print(json.dumps({"seconds": seconds, "cpu": cpu, "peak_mb": used.ru_maxrss // 1024}))


def measure(name: str, folder: Path, times: int, other: Path | None) -> dict[str, Any] | str:
    """The best run, or why there is none."""
    if name in ("polars", "openfisca"):
        if other is None:
            return 'not asked for; ARGS="--beside" fetches it into var/bench/beside'
        script = [str(Path(__file__).with_name("beside.py")), name]
        command = [str(other), *script, str(folder / "facts.parquet"), str(folder / f"{name}.parquet")]
    else:
        command = [sys.executable, __file__, "--one", name, "--folder", str(folder)]
    runs = []
    for _ in range(times):
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "POLARS_MAX_THREADS": "2"},
        )
        if done.returncode:
            return f"it failed: {done.stderr.strip().splitlines()[-1][:200]}"
        runs.append(json.loads(done.stdout.splitlines()[-1]))
    best = min(runs, key=lambda found: found["seconds"])
    return {**best, "cpu": min(r["cpu"] for r in runs), "peak_mb": max(r["peak_mb"] for r in runs)}


def prepare(folder: Path, children: int) -> None:
    """In a process of its own: what it holds would count as the memory of those it starts."""
    import duckdb

    from hutong.rulebook import parquet

    if (folder / "parts").exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(config={"threads": 2, "temp_directory": str(folder)}) as con:
        facts.generate(con, children, folder / "facts.parquet")
        parquet.parted(con, f"'{folder / 'facts.parquet'}'", folder / "parts")


def venv_beside() -> Path | str:
    """Python of the throw-away venv, or why there is none."""
    home = ROOT / "var" / "bench" / "beside"
    python = home / "bin" / "python"
    if not python.exists():
        venv.create(home, with_pip=True)
    done = subprocess.run(
        [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *BESIDE],
        capture_output=True,
        text=True,
        check=False,
    )
    return python if done.returncode == 0 else f"pip: {done.stderr.strip().splitlines()[-1][:200]}"


def differing(folder: Path, names: list[str]) -> list[str]:
    """Those of the subset's contenders whose answers are not those of the rules, child by child."""
    import duckdb

    shown = ", ".join(("child_id", *SUBSET))
    with duckdb.connect(config={"threads": 2, "temp_directory": str(folder)}) as con:

        def digest(name: str) -> Any:
            rows = f"SELECT {shown} FROM '{folder / name}.parquet'"
            return con.execute(f"SELECT count(*), bit_xor(hash(t)), sum(hash(t)) FROM ({rows}) t").fetchall()

        return [name for name in names if digest(name) != digest("subset")]


def explained(folder: Path) -> float:
    """p95 in CPU-ms of what the page needs: every rule, the trees of the four categories and of the amount, in Chinese; of
    children whose parents something grave befell."""
    import duckdb

    from hutong.rulebook import book, to_chinese

    rules = book(PACK, facts.AS_OF)
    with duckdb.connect() as con:
        befell = "father_prison_from IS NOT NULL OR mother_died_on IS NOT NULL"
        table = con.execute(
            f"FROM '{folder}/facts.parquet' WHERE {befell} ORDER BY child_id LIMIT 1000"
        ).to_arrow_table()
    taken = []
    for row in table.to_pylist():
        started = time.process_time()
        rules.evaluate_one(row)
        told: set[str] = set()
        for name in ("orphan", "ref_orphan", "defacto", "lb", "monthly_due"):
            to_chinese(rules.explain(row, name), told)
        taken.append(time.process_time() - started)
    return sorted(taken)[int(len(taken) * 0.95)] * 1000


def fresh() -> float:
    """Seconds from nothing to one child decided, the best of five processes."""
    found = []
    for _ in range(5):
        started = time.perf_counter()
        subprocess.run([sys.executable, "-c", FRESH], check=True)
        found.append(time.perf_counter() - started)
    return min(found)


def report(found: dict[str, dict[str, Any] | str], folder: Path, children: int) -> bool:
    whole, ours = found["whole"], found["subset-one"]
    if isinstance(whole, str) or isinstance(ours, str):
        raise SystemExit(f"FAIL ours: {whole} {ours}")
    print(f"\n{children:,} children, {len(facts.FACTS_BY_NAME)} facts, load average {os.getloadavg()[0]:.1f}")
    print(f"{'':42}{'seconds':>9}{'CPU-s':>8}{'peak MB':>9}{'÷ ours, same file':>19}")
    for name, run_found in found.items():
        if isinstance(run_found, str):
            print(f"{LABELS[name]:42} NOT RUN: {run_found}")
            continue
        ratio = run_found["cpu"] / ours["cpu"] if name in ("sql", "polars", "openfisca") else None
        print(
            f"{LABELS[name]:42}{run_found['seconds']:9.2f}{run_found['cpu']:8.2f}{run_found['peak_mb']:9d}"
            + (f"{ratio:18.2f}×" if ratio else "")
        )
    compared = [n for n in ("subset-one", "sql", "polars", "openfisca") if isinstance(found[n], dict)]
    wrong = differing(folder, compared)
    print(f"equal answers for every child: {', '.join(n for n in compared if n not in wrong)}")
    if wrong:
        print(f"DIFFERENT answers: {', '.join(wrong)}")
    explain_ms, fresh_seconds = explained(folder), fresh()
    good = (
        not wrong
        and whole["seconds"] <= GOAL_SECONDS
        and whole["peak_mb"] <= GOAL_MB
        and explain_ms <= GOAL_EXPLAIN_MS
        and fresh_seconds <= GOAL_FRESH
    )
    print(
        f"{'PASS' if good else 'FAIL'} whole catalogue {whole['seconds']:.2f} s (goal ≤ {GOAL_SECONDS:g}), "
        f"{whole['cpu']:.1f} CPU-s, peak {whole['peak_mb']} MB (goal ≤ {GOAL_MB}); one child explained p95 {explain_ms:.1f} CPU-ms "
        f"(goal ≤ {GOAL_EXPLAIN_MS:g}); fresh process {fresh_seconds:.2f} s (goal ≤ {GOAL_FRESH:g})"
    )
    return good


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--children", type=int, default=5_000_000)
    parser.add_argument("--folder", type=Path, help="keep or reuse the generated facts here")
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument(
        "--beside", action="store_true", help="fetch Polars and OpenFisca-core and measure them too"
    )
    parser.add_argument("--one", choices=["facts", *LABELS], help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one == "facts":
        prepare(options.folder, options.children)
        return
    if options.one:
        one(options.one, options.folder)
        return
    other = venv_beside() if options.beside else None
    if isinstance(other, str):
        print(f"NOT RUN: Polars and OpenFisca-core cannot be fetched ({other})")
        other = None
    with tempfile.TemporaryDirectory(prefix="hutong-bench-") as scratch:
        folder = options.folder or Path(scratch)
        made = ("--one", "facts", "--folder", str(folder), "--children", str(options.children))
        subprocess.run([sys.executable, __file__, *made], check=True)
        found = {name: measure(name, folder, options.times, other) for name in LABELS}
        good = report(found, folder, options.children)
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
