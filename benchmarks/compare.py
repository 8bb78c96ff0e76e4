"""A comparison of 1,000,000 children: ours, the same job in pandas, and the bare scan of the columns it needs.

Each contender runs in its own process on the same files, so that peak memory is its own. The last line is PASS or
FAIL with the goals and the figures. pandas does the exact link, the facts, the four categories and the difference;
ours ("exact") does the same and also checks every cell against the contract, writes results and digests; ours
("whole") adds links without a usable number and the explanation of every lead.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
import synthesis

AS_OF = synthesis.AS_OF
PACK = "CQ-2021"
GOAL_PANDAS = 5.0
GOAL_FLOOR = 5.0
GOAL_MEMORY_MB = 2048
"""In CPU-seconds, which a busy machine spoils least; peak memory is that of the dearer of our two runs."""


def ours(folder: Path, *, whole: bool) -> dict[str, Any]:
    from hutong.linkage.link import Thresholds
    from hutong.linkage.run import compare
    from hutong.rulebook import book

    chosen = book(PACK, AS_OF)
    summary = compare(
        folder / "registry",
        folder / "lists",
        AS_OF,
        chosen.evaluate_table,
        chosen.explain if whole else None,
        folder / f"out-{whole}",
        thresholds=Thresholds(by_likelihood=whole),
    )
    return {
        "leads": sum(summary.leads.values()),
        "stages": {k: v["seconds"] for k, v in summary.stages.items()},
    }


def floor(folder: Path) -> dict[str, Any]:
    """Read and hash every column once: what any engine must do."""
    import duckdb

    for path in sorted(folder.glob("registry/*.parquet")) + sorted(folder.glob("lists/*.parquet")):
        duckdb.sql(f"SELECT bit_xor(hash(t)) FROM (SELECT COLUMNS(*) FROM '{path}') t").fetchall()
    return {}


def in_pandas(folder: Path) -> dict[str, Any]:
    """The same job as one would write it in pandas: one merge a list, flags a parent, masks for the rules."""
    import numpy as np
    import pandas as pd

    def table(place: str, name: str) -> Any:
        return pd.read_parquet(folder / place / f"{name}.parquet", dtype_backend="pyarrow")

    today = pd.Timestamp(AS_OF)
    children, kin, roll = (table("registry", name) for name in ("children", "kin", "roll"))
    people = pd.concat(
        [
            children[["child_id", "name", "id_number"]].assign(subject="child"),
            kin[["child_id", "name", "id_number", "relation"]].rename(columns={"relation": "subject"}),
        ]
    ).dropna(subset="id_number")

    def linked(name: str) -> Any:
        rows = table("lists", name)
        rows["id_number"] = rows["id_number"].str.strip().str.upper()
        # merge would pair every missing number with every other
        rows = rows.dropna(subset="id_number")
        found = rows.merge(people, on="id_number", suffixes=("", "_person"))
        return found[found["name"].str[0] == found["name_person"].str[0]]

    circumstances = table("registry", "circumstances")
    by_kind = dict(tuple(circumstances.groupby("kind")))

    def days(column: Any) -> Any:
        return column.astype("datetime64[ns]")

    holds: dict[tuple[str, str], list[Any]] = {
        (kind, parent): [] for kind in ("gone", "c8", "ended") for parent in ("father", "mother")
    }

    def note(kind: str, rows: Any) -> None:
        for parent in ("father", "mother"):
            holds[kind, parent].append(rows.loc[rows["subject"] == parent, "child_id"])

    def dated(rows: Any, first: str, last: str | None, kind: str) -> None:
        rows = rows[rows["subject"] != "child"]
        start = days(rows[first])
        end = days(rows[last]) if last else pd.Series(pd.NaT, index=rows.index)
        began, over = start <= today, end <= today
        note(kind, rows[began & ~over])
        note("ended", rows[began & over])

    deaths = linked("deaths")
    dated(deaths, "death_date", None, "gone")
    dated(linked("declared_missing"), "declared_on", "revoked_on", "gone")
    dated(by_kind["deaths"], "from", None, "gone")
    custody = linked("custody")
    long = (days(custody["end_date"]) - days(custody["start_date"])).dt.days >= 183
    dated(custody[long], "start_date", "end_date", "c8")
    for name, first, last in (
        ("guardianship_revoked", "revoked_on", "restored_on"),
        ("deported", "deported_on", "reentry_on"),
        ("serious_illness", "diagnosed_on", None),
    ):
        dated(linked(name), first, last, "c8")
    dated(by_kind["custody"], "from", "to", "c8")
    dated(by_kind["serious_illness"], "from", None, "c8")
    lost = linked("lost_contact")
    dated(
        lost[lost["receipt_no"].notna() & ((today - days(lost["accepted_on"])).dt.days > 183)],
        "lost_since",
        None,
        "c8",
    )
    disability = linked("disability")
    heavy = (disability["grade"] <= 2) | disability["kind"].isin(["智力", "精神"])
    disability = disability[heavy & (disability["subject"] != "child")]
    valid = days(disability["valid_to"]) >= today
    note("c8", disability[valid])
    note("ended", disability[~valid])
    adopted = linked("adoptions")["child_id"]
    enrolled = linked("enrolment").drop_duplicates("child_id").set_index("child_id")["stage"]
    linked("hiv"), linked("low_income"), linked("migrant_work")
    emergencies = linked("emergencies")["child_id"].unique()

    ids = children["child_id"]
    flags = {key: ids.isin(pd.concat(found)) for key, found in holds.items()}
    stage = children["school"].fillna(ids.map(enrolled))
    age = (today - days(children["birth_date"])).dt.days // 365.25
    free = ~(
        children["adopted"].fillna(False)
        | ids.isin(adopted)
        | ids.isin(deaths.loc[deaths["subject"] == "child", "child_id"])
    )
    held = ids.isin(roll["child_id"])
    young = (age < 18) | (stage.isin(["senior"]) & held)
    gone_f, gone_m = flags["gone", "father"], flags["gone", "mother"]
    c8_f, c8_m = flags["c8", "father"], flags["c8", "mother"]
    orphan = free & young & gone_f & gone_m
    defacto = free & young & ~orphan & ((gone_f & c8_m) | (c8_f & gone_m) | (c8_f & c8_m))
    form = np.where(children["place"] == "institution", "ORPHAN-I", "ORPHAN-S")
    scheme = np.where(orphan, form, np.where(defacto, "DEFACTO", ""))
    now = ids.map(roll.drop_duplicates("child_id").set_index("child_id")["scheme"]).fillna("")
    ended = flags["ended", "father"] | flags["ended", "mother"] | ~free | ((age >= 18) & (stage != "senior"))
    suspected = (scheme != "") & (now == "")
    changed = (scheme != "") & (now != "") & (now != scheme)
    exits = (scheme == "") & (now != "") & ended
    leads = int(suspected.sum() + changed.sum() + exits.sum()) + len(emergencies)
    children.assign(scheme=scheme)[suspected | changed | exits].to_parquet(folder / "pandas.parquet")
    return {"leads": leads}


CONTENDERS = {
    "floor": floor,
    "pandas": in_pandas,
    "exact": lambda folder: ours(folder, whole=False),
    "whole": lambda folder: ours(folder, whole=True),
}
LABELS = {
    "floor": "bare DuckDB scan",
    "pandas": "pandas (exact link, facts, diff)",
    "exact": "hutong (exact)",
    "whole": "hutong (whole: likely links, why)",
}


def one(name: str, folder: Path) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF)
    started = time.perf_counter()
    found = CONTENDERS[name](folder)
    seconds = time.perf_counter() - started
    used = resource.getrusage(resource.RUSAGE_SELF)
    cpu = used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime
    print(
        json.dumps(
            {**found, "seconds": seconds, "cpu": cpu, "peak_mb": used.ru_maxrss // 1024}, ensure_ascii=False
        )
    )


def measure(name: str, folder: Path) -> dict[str, Any]:
    command = [sys.executable, __file__, "--one", name, "--folder", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{name} failed:\n{done.stderr[-3000:]}")
    return dict(json.loads(done.stdout.splitlines()[-1]))


def report(found: dict[str, dict[str, Any]], children: int, rows: int) -> bool:
    scan, other = found["floor"], found["pandas"]
    print(f"\n{children:,} children, {rows:,} rows, {date.today():%Y-%m-%d}")
    print(f"{'':36}{'seconds':>9}{'CPU-s':>9}{'peak MB':>9}{'× scan':>8}{'÷ pandas':>10}{'leads':>9}")
    for name, one_run in found.items():
        print(
            f"{LABELS[name]:36}{one_run['seconds']:9.2f}{one_run['cpu']:9.2f}{one_run['peak_mb']:9d}"
            f"{one_run['cpu'] / scan['cpu']:8.1f}{other['cpu'] / one_run['cpu']:10.2f}{one_run.get('leads', 0):9,d}"
        )
    for name in ("exact", "whole"):
        print(f"stages of {LABELS[name]}: {found[name]['stages']}")
    exact = found["exact"]
    faster, times = other["cpu"] / exact["cpu"], exact["cpu"] / scan["cpu"]
    peak = max(found[name]["peak_mb"] for name in ("exact", "whole"))
    good = faster >= GOAL_PANDAS and times <= GOAL_FLOOR and peak <= GOAL_MEMORY_MB
    print(
        f"{'PASS' if good else 'FAIL'} exact run in CPU-seconds: {faster:.1f}× faster than pandas (goal ≥ {GOAL_PANDAS}), "
        f"{times:.1f}× the scan (goal ≤ {GOAL_FLOOR:g}), peak {peak} MB (goal ≤ {GOAL_MEMORY_MB})"
    )
    return good


def rows_of(folder: Path) -> int:
    """Rows of the files generated earlier, if any."""
    from pyarrow.parquet import read_metadata

    return sum(
        read_metadata(path).num_rows
        for path in (*folder.glob("registry/*.parquet"), *folder.glob("lists/*.parquet"))
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--children", type=int, default=1_000_000)
    parser.add_argument("--folder", type=Path, help="keep or reuse the generated files here")
    parser.add_argument("--one", choices=sorted(CONTENDERS), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        one(options.one, options.folder)
        return
    with tempfile.TemporaryDirectory(prefix="hutong-bench-") as scratch:
        folder = options.folder or Path(scratch)
        rows = rows_of(folder) if options.folder else 0
        rows = rows or sum(synthesis.generate(folder, options.children).values())
        found = {name: measure(name, folder) for name in CONTENDERS}
    sys.exit(0 if report(found, options.children, rows) else 1)


if __name__ == "__main__":
    main()
