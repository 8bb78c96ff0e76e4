"""Rejected rows back to whoever sent them: as numbers and reasons, and as a workbook to correct and send again."""

from __future__ import annotations

from typing import Any

from hutong.domains.exchange.models import Batch
from hutong.domains.exchange.storage import store


def rejected_lines(batch: Batch) -> list[tuple[int, str]]:
    """(line in the sender's file, reason), in order."""
    table = _rejected(batch)
    return (
        list(zip(table["line"].to_pylist(), table["reason"].to_pylist(), strict=True))
        if table.num_rows
        else []
    )


def rejected_workbook(batch: Batch) -> bytes:
    """The rows as they came with the reason in the last column; of a sealed list without its detail."""
    from hutong.domains.exchange.storage import staging, workbooks

    return workbooks.rejected_xlsx(staging.without_detail(_rejected(batch), batch.mapping, batch.list_code))


def _rejected(batch: Batch) -> Any:
    import pyarrow as pa  # Arrow is loaded only where a file is opened
    import pyarrow.parquet

    found = store.read(batch.public_id, "rejected.parquet", compartment=batch.compartment)
    return pyarrow.parquet.read_table(pa.BufferReader(found))
