"""From a run's files to what leads are told: where each cited row came from, and whether that list is stale.

Evidence cites ``list`` and ``row`` of the merged list the comparison read; here each becomes the batch, department, line
in the sender's file and quarter. ``leads`` takes out what belongs to a sealed compartment.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet

from hutong.domains.compartments.services import Listed
from hutong.domains.exchange import selectors
from hutong.domains.exchange.models import Batch, Push
from hutong.domains.exchange.selectors import Delivery
from hutong.domains.exchange.storage import store
from hutong.domains.exchange.storage.marks import ROW
from hutong.linkage.catalogue import LISTS
from hutong.linkage.contract import DEPARTMENTS


@dataclass(frozen=True, slots=True)
class Source:
    """Where rows came from: a batch or a push, by its public id."""

    public_id: str
    provider: str
    quarter: str
    stale: bool = False


@dataclass(slots=True)
class Merged:
    """One list as the comparison read it: which rows came from which batch."""

    starts: list[int] = field(default_factory=list)
    sources: list[tuple[Source, list[int]]] = field(default_factory=list)

    def add(self, source: Source, lines: list[int]) -> None:
        self.starts.append(self.rows)
        self.sources.append((source, lines))

    @property
    def rows(self) -> int:
        return (self.starts[-1] + len(self.sources[-1][1])) if self.starts else 0

    def origin(self, row: int) -> dict[str, Any]:
        """Where 0-based ``row`` came from; {} for a row outside (registry tables)."""
        at = bisect_right(self.starts, row) - 1
        if at < 0 or row >= self.rows:
            return {}
        source, lines = self.sources[at]
        return {
            "batch": source.public_id,
            "line": lines[row - self.starts[at]],
            "provider": DEPARTMENTS.get(source.provider, source.provider),
            "quarter": source.quarter,
            "stale": source.stale,
        }


def write_lists(
    folder: Path,
    deliveries: Mapping[str, list[Delivery]],
    pushes: Iterable[Push] = (),
    about: Path | None = None,
) -> dict[str, Merged]:
    """Open the confirmed rows into ``folder`` (a workspace), one file a list: departments, supplements and pushes together.

    Rows that were taken back are left out. ``about``: a registry folder; only rows that may speak of its persons.
    """
    folder.mkdir()
    named = _persons(about) if about else None
    merged: dict[str, Merged] = {}
    parts: dict[str, list[pa.Table]] = {}

    def add(code: str, source: Source, table: pa.Table) -> None:
        table = _speaking_of(table, named) if named else table
        if named and not table.num_rows:
            return
        merged.setdefault(code, Merged()).add(source, table[ROW].to_pylist())
        parts.setdefault(code, []).append(table.drop_columns([ROW]))

    for code, found in deliveries.items():
        for delivery in found:
            for batch in delivery.batches:
                source = Source(
                    batch.public_id, delivery.root.provider, delivery.root.quarter, delivery.stale
                )
                gone = selectors.lines_taken_back(batch)
                add(code, source, _without(_accepted(batch.public_id), gone))
    for push in pushes:
        add(push.list_code, Source(push.public_id, push.provider, push.quarter), _accepted(push.public_id))
    for code, tables in parts.items():
        pyarrow.parquet.write_table(pa.concat_tables(tables), folder / f"{code}.parquet")
    return merged


def _accepted(owner: str) -> pa.Table:
    return pyarrow.parquet.read_table(pa.BufferReader(store.read(owner, "accepted.parquet")))


def _without(table: pa.Table, lines: frozenset[int]) -> pa.Table:
    if not lines:
        return table
    return table.filter(pc.invert(pc.is_in(table[ROW], value_set=pa.array(sorted(lines), table[ROW].type))))


def _persons(registry: Path) -> tuple[pa.Array, pa.Array]:
    """ID numbers and names of everybody in a registry folder."""
    tables = [pyarrow.parquet.read_table(registry / f"{name}.parquet") for name in ("children", "kin")]
    columns = (
        pa.chunked_array([chunk for table in tables for chunk in table[name].chunks], pa.string()).unique()
        for name in ("id_number", "name")
    )
    numbers, names = columns
    return numbers.drop_null(), names


def _speaking_of(table: pa.Table, named: tuple[pa.Array, pa.Array]) -> pa.Table:
    numbers, names = named
    return table.filter(
        pc.or_(pc.is_in(table["id_number"], value_set=numbers), pc.is_in(table["name"], value_set=names))
    )


def listed(batch: Batch) -> list[Listed]:
    """The confirmed rows of a sealed list, opened with its compartment's key: number and day, nothing else."""
    raw = store.read(batch.public_id, "accepted.parquet", compartment=batch.compartment)
    table = pyarrow.parquet.read_table(pa.BufferReader(raw))
    day = LISTS[batch.list_code].opens
    return [
        Listed(row["id_number"] or "", row[day], row[ROW])
        for row in table.select(["id_number", day, ROW]).to_pylist()
    ]


def inputs(deliveries: Mapping[str, list[Delivery]]) -> list[dict[str, Any]]:
    """What the run record keeps of each batch read."""
    return [
        {
            "list": code,
            "provider": delivery.root.provider,
            "batch": batch.public_id,
            "sha256": batch.sha256,
            "rows": batch.passed,
            "quarter": batch.quarter,
            "late": batch.late,
            "stale": delivery.stale,
            "supplement": batch.supplements_id is not None,
        }
        for code, found in deliveries.items()
        for delivery in found
        for batch in delivery.batches
    ]


def leads(path: Path, merged: Mapping[str, Merged]) -> Iterator[dict[str, Any]]:
    """Rows of ``leads.parquet`` in the columns of the data contract §3, the evidence with its origin."""
    file = pyarrow.parquet.ParquetFile(path)
    for block in file.iter_batches(batch_size=2_000):
        for row in block.to_pylist():
            evidence = [told(item, merged) for item in json.loads(row["evidence"])]
            yield row | {"evidence": json.dumps(evidence, ensure_ascii=False)}


def townships(path: Path) -> dict[str, dict[str, int]]:
    """Leads by township and kind: {12-digit code: {kind: count}}."""
    table = pyarrow.parquet.read_table(path, columns=["area_code", "kind"])
    found: dict[str, dict[str, int]] = {}
    for code, kind in zip(table["area_code"].to_pylist(), table["kind"].to_pylist(), strict=True):
        kinds = found.setdefault(f"{code[:9]}000", {})
        kinds[kind] = kinds.get(kind, 0) + 1
    return found


def told(item: dict[str, Any], merged: Mapping[str, Merged]) -> dict[str, Any]:
    """One piece of evidence as leads keep it."""
    spec = LISTS.get(item["list"])
    if spec is None:
        return item
    origin = merged[item["list"]].origin(item["row"]) if item["list"] in merged else {}
    return {**item, "title": spec.table.title, **origin}
