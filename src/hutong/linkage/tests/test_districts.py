"""The sample districts with planted truth: precision and recall of leads (item 15)."""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from hutong.linkage.run import compare
from hutong.linkage.tests.world import book

DATA = Path(__file__).parents[5] / "shared" / "data"
Lead = tuple[str, str, str]


def score(found: set[Lead], truth: set[Lead]) -> tuple[float, float]:
    """(precision, recall)."""
    right = len(found & truth)
    return right / max(len(found), 1), right / max(len(truth), 1)


def rows(path: Path) -> list[tuple[str, ...]]:
    with path.open(encoding="utf-8-sig", newline="") as source:
        return [tuple(row.values()) for row in csv.DictReader(source)]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["tiedong", "qianjiang"])
def test_leads_of_a_sample_district(name: str, tmp_path: Path) -> None:
    district = DATA / name
    if not district.is_dir():
        pytest.skip(f"NOT RUN: sample district {name} is not beside the repository")
    meta = json.loads((district / "meta.json").read_text("utf-8"))
    day = date.fromisoformat(meta["as_of"])
    chosen = book(meta["pack"], day)
    compare(district / "registry", district / "lists", day, chosen.evaluate_table, None, tmp_path / "out")
    leads = {
        (r["child_id"], r["kind"], r["scheme"])
        for r in pq.read_table(tmp_path / "out/leads.parquet").to_pylist()
    }
    precision, recall = score(leads, {r for r in rows(district / "truth/leads.csv") if len(r) == 3})
    assert precision >= 0.99
    assert recall >= 0.99
    assert not {lead[:2] for lead in leads} & set(rows(district / "truth/must_not.csv"))

    key = ["list", "row", "child_id", "subject"]
    links = {tuple(r.values()) for r in pq.read_table(tmp_path / "out/links.parquet").select(key).to_pylist()}
    known = pq.read_table(district / "truth/links.parquet").select(key).to_pylist()
    precision, recall = score(links, {tuple(r.values()) for r in known if r["child_id"]})
    assert precision >= 0.998
    assert recall >= 0.99
