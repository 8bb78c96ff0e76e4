"""What becomes of a checked list: the rows to keep in contract form, the rows to give back, the summary. No Django.

Kept rows are written so that reading them again as a file of the same list changes nothing: the comparison of the page
reads exactly what the comparison of the command line reads.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hutong.domains.exchange.storage.marks import EXAMPLE_NAME, ROW
from hutong.linkage.catalogue import LISTS
from hutong.linkage.contract import Column
from hutong.linkage.read import Checked

PERSON = ("name", "id_number", "sex", "birth_date", "area_code")


def settle(checked: Checked) -> tuple[pa.Table, pa.Table]:
    """(kept, given back): the template's example row goes back, money becomes yuan text again."""
    accepted, rejected = checked.accepted, checked.rejected
    example = np.asarray(pc.equal(accepted["name"], EXAMPLE_NAME).fill_null(False)).astype(bool)
    if example.any():
        reason = "这是模板的示例行，请删除"
        back = accepted.filter(pa.array(example))
        rejected = pa.concat_tables(
            [rejected, _as_rejected(back, checked, reason)], promote_options="default"
        )
        accepted = accepted.filter(pa.array(~example))
    return _contract_form(accepted, checked.table.columns, _offset(checked)), rejected.sort_by("line")


def _offset(checked: Checked) -> int:
    """From a row's 0-based number to the line a person counts; spreadsheets may begin with a title."""
    if checked.rejected.num_rows:
        first = checked.rejected.slice(0, 1).to_pylist()[0]
        return int(first["line"]) - int(first["row"])
    return 1 if checked.encoding == "parquet" else 2


def _as_rejected(rows: pa.Table, checked: Checked, reason: str) -> pa.Table:
    count = rows.num_rows
    head = {
        "row": rows["row"].cast(pa.int64()),
        "line": pc.add(rows["row"].cast(pa.int64()), _offset(checked)),
        "reason": pa.array([reason] * count, pa.string()),
    }
    back = {header: rows[code].cast(pa.string()) for header, code in checked.mapping.items()}
    return pa.table({**head, **back})


def _contract_form(rows: pa.Table, columns: tuple[Column, ...], offset: int) -> pa.Table:
    kept: dict[str, Any] = {}
    for column in columns:
        values = rows[column.code]
        if column.type == "money":
            values = pa.array([None if fen is None else f"{fen // 100}.{fen % 100:02d}" for fen in values.to_pylist()],
                              pa.string())  # fmt: skip
        elif column.type in ("bool", "grade"):
            values = values.cast(pa.string())
        kept[column.code] = values
    kept[ROW] = pc.add(rows["row"].cast(pa.int64()), offset)
    return pa.table(kept)


def report(checked: Checked, accepted: pa.Table, rejected: pa.Table) -> dict[str, Any]:
    """Counts and grouped reasons; no row's content other than what a reason quotes."""
    groups = Counter(str(reason) for reason in rejected["reason"].to_pylist())
    doubtful = doubtful_rows(accepted)
    warnings = list(checked.warnings)
    if doubtful:
        warnings.append(
            f"有 {doubtful} 行身份证号校验不符或为空，将按姓名、出生日期和区划核对，可能进入人工确认。"
        )
    if checked.unknown_columns:
        warnings.append(f"下列列未使用：{'、'.join(checked.unknown_columns[:20])}。")
    return {
        "passed": accepted.num_rows,
        "refused": rejected.num_rows,
        "warned": doubtful,
        "warnings": warnings,
        "reasons": [[_short(reason), count] for reason, count in groups.most_common(30)],
        "mapping": checked.mapping,
        "encoding": checked.encoding,
    }


def doubtful_rows(accepted: pa.Table) -> int:
    """Rows kept although their ID number is missing or cannot be right."""
    from hutong.linkage.standardise import valid_ids

    numbers = accepted["id_number"].combine_chunks()
    if isinstance(numbers, pa.ChunkedArray):
        numbers = pa.concat_arrays(numbers.chunks) if numbers.num_chunks else pa.array([], pa.string())
    old = np.asarray(pc.match_substring_regex(numbers, "^[0-9]{15}$").fill_null(False)).astype(bool)
    return int((~(valid_ids(numbers) | old)).sum())


def _short(reason: str) -> str:
    return reason if len(reason) <= 120 else f"{reason[:120]}…"


def without_detail(rejected: pa.Table, mapping: dict[str, str], list_code: str) -> pa.Table:
    """Rejected rows of a sealed list: who and why, never what about."""
    if not LISTS[list_code].table.sealed:
        return rejected
    person = [
        header for header, code in mapping.items() if code in PERSON and header in rejected.column_names
    ]
    return rejected.select(["line", *person, "reason"])
