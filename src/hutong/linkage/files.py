"""Files as they come: xlsx, csv (UTF-8 with or without BOM, GB18030) or parquet → one raw Arrow table.

Excel and csv cells come out as text. Numbers typed into an Excel ID column are found here, because afterwards nobody
can tell them from text: Excel keeps 15 digits, the rest is already wrong.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import fastexcel
import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
import python_calamine

from hutong.linkage.errors import ContractError

T = TypeVar("T")
SUFFIXES = (".parquet", ".csv", ".xlsx")
_TITLE_ROWS = 8
"""How many leading rows may hold a title before the header row of a spreadsheet."""


@dataclass(slots=True)
class RawFile:
    """A file before any judgement. ``lines`` are the numbers a person sees (header row included), one a row."""

    table: pa.Table
    lines: np.ndarray[Any, np.dtype[np.int64]]
    broken: list[tuple[int, int, str]] = field(default_factory=list)
    """(row, line, text) that could not be cut into columns."""
    numbers: dict[str, np.ndarray[Any, np.dtype[np.bool_]]] = field(default_factory=dict)
    """Header → mask of rows whose cell is a number (xlsx only)."""
    rows: np.ndarray[Any, np.dtype[np.int64]] | None = None
    """0-based row numbers in the file where they are not simply 0…n-1."""
    encoding: str = ""


def digest(path: Path) -> str:
    """SHA-256 of the file, hex."""
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def find(folder: Path, code: str) -> Path | None:
    """The one file of this code in a folder; two of them are an error."""
    found = [path for suffix in SUFFIXES if (path := folder / f"{code}{suffix}").exists()]
    if len(found) > 1:
        names = "、".join(path.name for path in found)
        raise ContractError(
            f"文件夹“{folder.name}”中有多份 {code}（{names}），无法确定用哪一份，请只保留一份。"
        )
    return found[0] if found else None


def read(path: Path, is_id: Callable[[str], bool], known: Callable[[str], bool]) -> RawFile:
    """Read a file whole; ``is_id`` tells ID columns by header, ``known`` any recognised header."""
    if not path.exists():
        raise ContractError(f"找不到文件“{path.name}”，请核对文件夹和文件名。")
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise ContractError(f"文件“{path.name}”不是 xlsx、csv 或 parquet，请另存为其中一种再导入。")
    return _or_unreadable(path, lambda: reader(path, is_id, known))


def headers(path: Path, known: Callable[[str], bool]) -> list[str]:
    """The column headers alone, as the mapping page needs them; the rows are not read."""
    if path.suffix.lower() == ".xlsx":
        return _or_unreadable(path, lambda: _unique(_header_row(fastexcel.read_excel(path), known)[1], path))
    if path.suffix.lower() == ".parquet":
        return _or_unreadable(path, lambda: _unique(pyarrow.parquet.read_schema(path).names, path))
    for encoding in ("utf8", "gb18030"):
        try:
            return _unique(next(_rows_of(path, encoding)), path)
        except UnicodeDecodeError:
            continue
        except (csv.Error, StopIteration):
            break
    raise ContractError(f"文件“{path.name}”的表头读不出来，请用 Excel 另存为“CSV UTF-8”再导入。")


def _or_unreadable(path: Path, act: Callable[[], T]) -> T:
    """A file the readers cannot take is an error of the file, never of ours."""
    try:
        return act()
    except (OSError, pa.ArrowException, fastexcel.FastExcelError, python_calamine.CalamineError) as error:
        raise ContractError(
            f"文件“{path.name}”读不出来，可能已损坏或并非真正的 {path.suffix} 文件，请重新导出后再试。"
        ) from error


def _unique(names: Sequence[str], path: Path) -> list[str]:
    clean = [name.strip().lstrip("\ufeff") for name in names]
    twice = sorted({name for name in clean if name and clean.count(name) > 1})
    if twice:
        raise ContractError(f"文件“{path.name}”的表头“{twice[0]}”出现了不止一次，请删去多余的一列。")
    return [name or f"(空表头{i + 1})" for i, name in enumerate(clean)]


def _parquet(path: Path, is_id: Callable[[str], bool], known: Callable[[str], bool]) -> RawFile:
    """Column by column: all at once takes twice the time. Columns of few different texts come as dictionaries."""
    with pyarrow.parquet.ParquetFile(path) as source:
        codes = source.schema_arrow.names
        names = _unique(codes, path)
        few = _few(source)
    with pyarrow.parquet.ParquetFile(path, read_dictionary=few) as source:
        if any("." in code for code in codes):  # would be taken for a path
            table = source.read().rename_columns(names)
        else:
            table = pa.table([source.read([code]).column(0) for code in codes], names=names)
    return RawFile(table, np.arange(table.num_rows, dtype=np.int64) + 1, encoding="parquet")


def _few(source: pyarrow.parquet.ParquetFile) -> list[str]:
    """Text columns taking up to three bytes a row: they repeat themselves."""
    if not source.metadata.num_row_groups or source.metadata.num_columns != len(source.schema_arrow):
        return []
    group = source.metadata.row_group(0)
    return [
        field.name
        for i, field in enumerate(source.schema_arrow)
        if pa.types.is_string(field.type)
        and group.column(i).total_uncompressed_size <= 3 * group.column(i).num_values
    ]


def _csv(path: Path, is_id: Callable[[str], bool], known: Callable[[str], bool]) -> RawFile:
    if path.stat().st_size == 0:
        raise ContractError(f"文件“{path.name}”是空的，请重新导出。")
    last: Exception | None = None
    for encoding in ("utf8", "gb18030"):
        try:
            return _csv_as(path, encoding)
        except (pa.ArrowInvalid, UnicodeDecodeError, LookupError, csv.Error) as error:
            last = error
    raise ContractError(
        f"文件“{path.name}”既不是 UTF-8 也不是 GB18030 编码的 csv，请用 Excel 另存为“CSV UTF-8”再导入。"
    ) from last


def _csv_as(path: Path, encoding: str) -> RawFile:
    with path.open("rb") as source:
        first = source.readline()
    quote = first.count(b'"') > 0 and first.count(b'"') % 2 == 1
    names = next(_rows_of(path, encoding))
    columns = _unique(names, path)
    broken: list[Any] = []
    options = {
        "read_options": pa.csv.ReadOptions(column_names=columns, skip_rows=1, encoding=encoding),
        "convert_options": pa.csv.ConvertOptions(
            column_types={name: pa.string() for name in columns}, strings_can_be_null=False
        ),
    }

    def skip(row: Any) -> str:
        broken.append(row)
        return "skip"

    parse = pa.csv.ParseOptions(newlines_in_values=quote, invalid_row_handler=skip)
    try:
        table = pa.csv.read_csv(path, parse_options=parse, **options)
        table = _valid_text(table)
        again = bool(broken)
    except pa.ArrowInvalid:
        if encoding == "utf8":
            _must_be_utf8(path)
        again = True
    if again:
        # Row numbers and line breaks inside quotes need the slow, single-threaded reader.
        broken.clear()
        options["read_options"].use_threads = False
        parse.newlines_in_values = True
        table = pa.csv.read_csv(path, parse_options=parse, **options)
    return _with_broken(table, broken, encoding)


def _with_broken(table: pa.Table, broken: list[Any], encoding: str) -> RawFile:
    """Rows that could not be cut keep their places: later rows count as they stand in the file."""
    gaps = np.array([row.number - 2 for row in broken], dtype=np.int64)
    rows = np.setdiff1d(np.arange(table.num_rows + len(gaps), dtype=np.int64), gaps)
    texts = [(int(g), int(g) + 2, row.text) for g, row in zip(gaps, broken, strict=True)]
    return RawFile(table, rows + 2, broken=texts, rows=rows, encoding=encoding)


def _rows_of(path: Path, encoding: str) -> Any:
    with path.open(encoding="utf-8-sig" if encoding == "utf8" else encoding, newline="") as source:
        yield from csv.reader(source)


def _valid_text(table: pa.Table) -> pa.Table:
    table.validate(full=True)
    return table


def _must_be_utf8(path: Path) -> None:
    """Tell a wrong encoding (caller tries the next one) from a badly cut file."""
    with path.open(encoding="utf-8") as source:
        while source.read(1 << 20):
            pass


def _xlsx(path: Path, is_id: Callable[[str], bool], known: Callable[[str], bool]) -> RawFile:
    book = fastexcel.read_excel(path)
    if not book.sheet_names:
        raise ContractError(f"文件“{path.name}”没有工作表。")
    at, names = _header_row(book, known)
    columns = _unique(names, path)
    sheet = book.load_sheet(0, header_row=None, skip_rows=at + 1, column_names=columns, dtypes="string")
    table = pa.table(sheet.to_arrow())
    if table.num_columns > len(columns):
        table = table.select(range(len(columns)))
    raw = RawFile(table, np.arange(table.num_rows, dtype=np.int64) + at + 2, encoding="xlsx")
    for i, name in enumerate(columns):
        if is_id(name) and (mask := _number_cells(path, book, i, at + 1, table.num_rows)) is not None:
            raw.numbers[name] = mask
    return raw


def _header_row(book: Any, known: Callable[[str], bool]) -> tuple[int, list[str]]:
    """The row among the first few with most recognised headers; spreadsheets often begin with a title."""
    top = pa.table(
        book.load_sheet(0, header_row=None, skip_rows=0, n_rows=_TITLE_ROWS, dtypes="string").to_arrow()
    )
    rows = [["" if cell is None else str(cell) for cell in row.values()] for row in top.to_pylist()]
    if not rows:
        raise ContractError("工作表是空的，请重新导出。")
    best = max(range(len(rows)), key=lambda i: (sum(known(cell.strip()) for cell in rows[i]), -i))
    names = rows[best]
    while names and not names[-1].strip():
        names.pop()
    return best, names


def _number_cells(
    path: Path, book: Any, column: int, skip: int, length: int
) -> np.ndarray[Any, np.dtype[np.bool_]] | None:
    """Mask of number cells of one column; the common case (text only) is settled without touching cells."""
    try:
        sheet = book.load_sheet(
            0,
            header_row=None,
            skip_rows=skip,
            use_columns=[column],
            dtype_coercion="strict",
            schema_sample_rows=None,
        )
        values = pa.table(sheet.to_arrow()).column(0)
        if pa.types.is_string(values.type) or pa.types.is_large_string(values.type):
            return None
        return np.asarray(values.is_valid()).astype(bool)[:length]
    except fastexcel.FastExcelError:
        rows = python_calamine.CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()[skip:]
        mask = np.zeros(length, dtype=bool)
        for i, row in enumerate(rows[:length]):
            mask[i] = column < len(row) and isinstance(row[column], (int, float)) and row[column] != ""
        return mask


_READERS: dict[str, Callable[[Path, Callable[[str], bool], Callable[[str], bool]], RawFile]] = {
    ".parquet": _parquet,
    ".csv": _csv,
    ".xlsx": _xlsx,
}
