"""From a run's files to what leads are told: where each cited row came from, and whether that list is stale.

Evidence cites ``list`` and ``row`` of the merged list the comparison read; here each becomes the batch, department, line
in the sender's file and quarter. ``leads`` takes out what belongs to a sealed compartment.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet

from hutong.domains.exchange.selectors import Delivery
from hutong.domains.exchange.storage import store
from hutong.domains.exchange.storage.marks import ROW
from hutong.linkage.catalogue import LISTS
from hutong.linkage.contract import DEPARTMENTS


@dataclass(slots=True)
class Merged:
    """One list as the comparison read it: which rows came from which batch."""

    starts: list[int] = field(default_factory=list)
    sources: list[tuple[Delivery, str, list[int]]] = field(default_factory=list)

    def add(self, delivery: Delivery, batch_id: str, lines: list[int]) -> None:
        self.starts.append(self.rows)
        self.sources.append((delivery, batch_id, lines))

    @property
    def rows(self) -> int:
        return (self.starts[-1] + len(self.sources[-1][2])) if self.starts else 0

    def origin(self, row: int) -> dict[str, Any]:
        """Where 0-based ``row`` came from; {} for a row outside (registry tables)."""
        at = bisect_right(self.starts, row) - 1
        if at < 0 or row >= self.rows:
            return {}
        delivery, batch_id, lines = self.sources[at]
        root = delivery.root
        return {
            "batch": batch_id,
            "line": lines[row - self.starts[at]],
            "provider": DEPARTMENTS.get(root.provider, root.provider),
            "quarter": root.quarter,
            "stale": delivery.stale,
        }


def write_lists(folder: Path, deliveries: Mapping[str, list[Delivery]]) -> dict[str, Merged]:
    """Open the confirmed rows into ``folder`` (a workspace), one file a list, supplements and departments together."""
    folder.mkdir()
    merged: dict[str, Merged] = {}
    for code, found in deliveries.items():
        parts, index = [], Merged()
        for delivery in found:
            for batch in delivery.batches:
                raw = store.read(batch.public_id, "accepted.parquet")
                table = pyarrow.parquet.read_table(pa.BufferReader(raw))
                index.add(delivery, batch.public_id, table[ROW].to_pylist())
                parts.append(table.drop_columns([ROW]))
        pyarrow.parquet.write_table(pa.concat_tables(parts), folder / f"{code}.parquet")
        merged[code] = index
    return merged


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
