"""A file against its contract: columns recognised, values brought to one form, bad rows refused with a reason.

Columns other than names and IDs are handled by their distinct values (a million rows have few different dates), so the
parsers are plain Python and the work per row is Arrow's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hutong.linkage import files, standardise, values
from hutong.linkage.contract import Column, Table
from hutong.linkage.errors import ContractError

_SAMPLES = 5
ARROW: Mapping[str, pa.DataType] = {
    "text": pa.string(),
    "id": pa.string(),
    "name": pa.string(),
    "date": pa.date32(),
    "sex": pa.string(),
    "bool": pa.bool_(),
    "area": pa.string(),
    "grade": pa.int64(),
    "money": pa.int64(),
    "enum": pa.string(),
}
"""Arrow type of each column type; money in fen."""
Mask = np.ndarray[Any, np.dtype[np.bool_]]


@dataclass(slots=True)
class Checked:
    """A file after checking.

    ``accepted``: ``row`` (0-based in the file), then every column of the contract in order, missing ones null.
    ``rejected``: ``row``, ``line`` (as a person counts), ``reason`` (Chinese), then the original columns as text.
    """

    table: Table
    accepted: pa.Table
    rejected: pa.Table
    warnings: list[str] = field(default_factory=list)
    unknown_columns: list[str] = field(default_factory=list)
    digest: str = ""
    mapping: dict[str, str] = field(default_factory=dict)
    encoding: str = ""

    @property
    def rows(self) -> int:
        return int(self.accepted.num_rows + self.rejected.num_rows)


def guess_mapping(headers: Iterable[str], spec: Table) -> dict[str, str]:
    """{file header → column code} for every header that is a code, the Chinese header or a known other name."""
    by_name: dict[str, str] = {}
    for column in spec.columns:
        for name in (column.code, column.header, *column.aliases):
            by_name.setdefault(_key(name), column.code)
    guessed: dict[str, str] = {}
    for header in headers:
        code = by_name.get(_key(header))
        if code is not None and code not in guessed.values():
            guessed[header] = code
    return guessed


def check_table(
    path: Path, spec: Table, mapping: Mapping[str, str] | None = None, *, coded: bool = False
) -> Checked:
    """Read ``path`` as ``spec``. ``mapping`` overrides the guess; ContractError when a required column is missing.

    ``coded``: texts that repeat themselves may stay as numbers into a dictionary.
    """
    known = set(mapping or ())
    by_code = {column.code: column for column in spec.columns}

    def code_of(header: str) -> str | None:
        if mapping is not None:
            return mapping.get(header)
        return next(iter(guess_mapping([header], spec).values()), None)

    def is_id(header: str) -> bool:
        code = code_of(header)
        return code in by_code and by_code[code].type == "id"

    raw = files.read(path, is_id, lambda header: header in known or code_of(header) is not None)
    names = raw.table.column_names
    chosen = dict(mapping) if mapping is not None else guess_mapping(names, spec)
    chosen = {header: code for header, code in chosen.items() if header in names and code in by_code}
    _require(path, spec, chosen)
    checked = _check(spec, raw, {code: header for header, code in chosen.items()})
    if not coded:
        checked.accepted = _plain(checked.accepted)
    checked.mapping = chosen
    checked.unknown_columns = [name for name in names if name not in chosen]
    checked.digest = files.digest(path)
    checked.encoding = raw.encoding
    return checked


def _key(header: str) -> str:
    return values.tidy(header).replace(" ", "").lower().strip("*＊")


def _require(path: Path, spec: Table, chosen: Mapping[str, str]) -> None:
    present = set(chosen.values())
    missing = [c.header for c in spec.columns if c.required and c.code not in present]
    if missing:
        raise ContractError(
            f"文件“{path.name}”缺少必需的列“{'”“'.join(missing)}”，"
            f"无法作为“{spec.title}”读取，请补上该列或改正表头。"
        )
    if spec.any_of and not present & set(spec.any_of):
        either = "”或“".join(spec.column(code).header for code in spec.any_of)
        raise ContractError(f"文件“{path.name}”缺少列“{either}”，至少要有其中一列才能认人，请补上。")


class _Rows:
    """Reasons against rows, gathered column by column; the first reason of a row is kept."""

    def __init__(self, count: int) -> None:
        self.bad: Mask = np.zeros(count, dtype=bool)
        self.reasons: dict[int, str] = {}

    def refuse(self, mask: Mask, reason: str | Sequence[str]) -> None:
        for n in np.flatnonzero(mask & ~self.bad):
            self.reasons[int(n)] = reason if isinstance(reason, str) else reason[int(n)]
        self.bad |= mask


def _check(spec: Table, raw: files.RawFile, header_of: Mapping[str, str]) -> Checked:
    count = raw.table.num_rows
    rows = _Rows(count)
    warnings: list[str] = []
    columns: dict[str, pa.Array] = {}
    for column in spec.columns:
        header = header_of.get(column.code)
        if header is None:
            columns[column.code] = pa.nulls(count, ARROW[column.type])
            continue
        source = raw.table.column(header)
        columns[column.code] = _column(column, source, rows, warnings, raw)
        if (numbers := raw.numbers.get(header)) is not None:
            rows.refuse(
                numbers,
                f"“{column.header}”是数字格式，Excel 只保留 15 位，号码可能已经错了；请把该列设为文本并重新填写",
            )
    _refuse_blank(spec, columns, rows)
    _refuse_intervals(spec, columns, rows)
    _refuse_twice(spec, columns, rows)
    numbers_in_file = raw.rows if raw.rows is not None else np.arange(count, dtype=np.int64)
    accepted = pa.table({"row": pa.array(numbers_in_file), **columns})
    if rows.bad.any():
        accepted = accepted.filter(pa.array(~rows.bad))
    return Checked(spec, accepted, _rejected(raw, rows, numbers_in_file), warnings)


def _column(column: Column, source: Any, rows: _Rows, warnings: list[str], raw: files.RawFile) -> pa.Array:
    if column.type not in ("id", "name", "text") and pa.types.is_dictionary(source.type):
        return _by_distinct(column, _joined(source.unify_dictionaries()), rows, warnings, raw)
    if column.type == "id":
        return _each(source, standardise.id_numbers)
    if column.type in ("name", "text"):
        return _each(source, standardise.trimmed)
    array = _one(source)
    if column.type == "date" and pa.types.is_date32(array.type):
        return array
    if column.type == "bool" and pa.types.is_boolean(array.type):
        return array
    return _by_distinct(column, array, rows, warnings, raw)


def _by_distinct(
    column: Column, array: pa.Array, rows: _Rows, warnings: list[str], raw: files.RawFile
) -> pa.Array:
    """Parse each distinct value once and spread the results; unreadable ones refuse the row or are put aside."""
    if pa.types.is_dictionary(array.type) and array.dictionary.null_count:
        array = _decoded(array)
    encoded = array if pa.types.is_dictionary(array.type) else array.dictionary_encode()
    target = ARROW[column.type]
    if (
        column.type == "area"
        and encoded.dictionary.type == target
        and standardise.are_areas(encoded.dictionary)
    ):
        return array
    cells = encoded.dictionary.to_pylist()
    parsed = [values.parse(column, cell) for cell in cells]
    unchanged = encoded.dictionary.type == target and all(
        value == cell for (value, _), cell in zip(parsed, cells, strict=True)
    )
    result = array if unchanged else _spread(pa.array([v for v, _ in parsed], target), encoded.indices)
    faulty = {i for i, (_, reason) in enumerate(parsed) if reason}
    if faulty:
        _put_aside(column, encoded, {i: (cells[i], parsed[i][1]) for i in faulty}, rows, warnings, raw)
    return result


def _spread(parsed: pa.Array, places: pa.Array) -> pa.Array:
    """The value at each row's place; texts stay coded where every cell could be read."""
    if pa.types.is_string(parsed.type) and not parsed.null_count:
        return pa.DictionaryArray.from_arrays(places, parsed)
    return parsed.take(places)


def _plain(table: pa.Table) -> pa.Table:
    for at, name in enumerate(table.column_names):
        if pa.types.is_dictionary(table.column(at).type):
            table = table.set_column(at, name, table.column(at).cast(pa.string()))
    return table


def _put_aside(
    column: Column,
    encoded: pa.Array,
    faulty: Mapping[int, tuple[Any, str]],
    rows: _Rows,
    warnings: list[str],
    raw: files.RawFile,
) -> None:
    """Rows holding a faulty cell, {place in the dictionary: (cell, reason)}: refused, or a warning."""
    codes = np.asarray(encoded.indices.fill_null(-1))
    mask: Mask = np.isin(codes, list(faulty))
    if not mask.any():  # a dictionary may hold what no row does
        return
    if column.who:
        first = "、".join(str(n) for n in raw.lines[mask][:_SAMPLES])
        warnings.append(f"“{column.header}”有 {int(mask.sum())} 行读不懂，已按空白处理（第 {first} 行等）。")
        return
    for i, (cell, reason) in faulty.items():
        rows.refuse(codes == i, f"“{column.header}”的“{_short(cell)}”{reason}")


def _refuse_blank(spec: Table, columns: Mapping[str, pa.Array], rows: _Rows) -> None:
    for column in spec.columns:
        if column.required and columns[column.code].null_count:
            rows.refuse(_blank(columns[column.code]), f"“{column.header}”为空，此列必填")
    if spec.any_of:
        blank = np.logical_and.reduce([_blank(columns[code]) for code in spec.any_of])
        either = "”和“".join(spec.column(code).header for code in spec.any_of)
        rows.refuse(blank, f"“{either}”都为空，无法认人，请至少填一项")


def _refuse_intervals(spec: Table, columns: Mapping[str, pa.Array], rows: _Rows) -> None:
    for start, end in spec.intervals:
        early = pc.less(columns[end], columns[start]).fill_null(False)
        rows.refuse(_mask(early), f"“{spec.column(end).header}”早于“{spec.column(start).header}”，请核对")


def _refuse_twice(spec: Table, columns: Mapping[str, pa.Array], rows: _Rows) -> None:
    for code in spec.unique:
        if _ascending(columns[code]):
            continue
        encoded = _one(columns[code]).dictionary_encode()
        if len(encoded.dictionary) == len(encoded):
            continue
        codes = np.asarray(encoded.indices.fill_null(-1))
        _, first = np.unique(codes, return_index=True)
        again: Mask = np.ones(len(codes), dtype=bool)
        again[first] = False
        rows.refuse(
            again & (codes >= 0), f"“{spec.column(code).header}”重复，前面已有同一{spec.column(code).header}"
        )


def _ascending(column: Any) -> bool:
    """Whether each value is above the one before: so exports are ordered, and nothing can stand twice."""
    if len(column) < 2:
        return True
    above = pc.less(column.slice(0, len(column) - 1), column.slice(1))
    return above.null_count == 0 and bool(pc.all(above).as_py())


def _rejected(raw: files.RawFile, rows: _Rows, numbers: Any) -> pa.Table:
    bad = np.flatnonzero(rows.bad)
    found = raw.table.take(pa.array(bad)) if len(bad) else raw.table.slice(0, 0)
    head = {
        "row": pa.array(numbers[bad], pa.int64()),
        "line": pa.array(raw.lines[bad], pa.int64()),
        "reason": pa.array([rows.reasons[int(i)] for i in bad], pa.string()),
    }
    body = {n: found.column(n).cast(pa.string()) for n in found.column_names if n not in head}
    table = pa.table({**head, **body})
    if not raw.broken:
        return table
    extra = {
        "row": pa.array([row for row, _, _ in raw.broken], pa.int64()),
        "line": pa.array([line for _, line, _ in raw.broken], pa.int64()),
        "reason": pa.array(
            [f"列数与表头不符，无法拆分：{_short(text)}" for _, _, text in raw.broken], pa.string()
        ),
    }
    return pa.concat_tables([table, pa.table(extra)], promote_options="default").sort_by("row")


def _short(cell: Any) -> str:
    text = str(cell)
    return text if len(text) <= 20 else f"{text[:20]}…"


def _each(source: Any, tidy: Callable[[pa.Array], pa.Array]) -> pa.ChunkedArray:
    """Piece by piece: putting long columns together first would copy them."""
    pieces = source.chunks if isinstance(source, pa.ChunkedArray) else [source]
    return pa.chunked_array([tidy(_text(_decoded(piece))) for piece in pieces], pa.string())


def _one(source: Any) -> pa.Array:
    return _decoded(_joined(source))


def _joined(source: Any) -> pa.Array:
    array = source.combine_chunks() if isinstance(source, pa.ChunkedArray) else source
    if isinstance(array, pa.ChunkedArray):
        array = pa.concat_arrays(array.chunks) if array.num_chunks else pa.array([], array.type)
    return array


def _decoded(array: pa.Array) -> pa.Array:
    return array.dictionary_decode() if pa.types.is_dictionary(array.type) else array


def _text(array: pa.Array) -> pa.Array:
    if pa.types.is_large_string(array.type) or not pa.types.is_string(array.type):
        return array.cast(pa.string())
    return array


def _mask(array: Any) -> Mask:
    return np.asarray(array).astype(bool)


def _blank(array: pa.Array) -> Mask:
    return _mask(array.is_null())
