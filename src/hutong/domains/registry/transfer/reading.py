"""A registry folder as rows: parquet or csv (UTF-8 with or without BOM, GB18030), Chinese headers or codes."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from hutong.domains.registry.services.errors import Refused
from hutong.domains.registry.transfer.tables import REQUIRED, TABLES, TITLES, CellError, Column

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that was not taken: ``row`` counts from 1 without the heading."""

    table: str
    row: int
    child_id: str
    reason: str


@dataclass(slots=True)
class Folder:
    """What could be read: (row number, cells by code), and what could not."""

    rows: dict[str, list[tuple[int, Row]]] = field(default_factory=dict)
    rejected: list[Rejected] = field(default_factory=list)
    unknown: dict[str, list[str]] = field(default_factory=dict)
    digest: str = ""


def read_folder(directory: Path) -> Folder:
    """Every table of the folder. Refused when one is missing or lacks a required column."""
    folder, digest = Folder(), hashlib.sha256()
    for name, columns in TABLES.items():
        path = _find(directory, name)
        if path is None:
            folder.rows[name] = []
            continue
        content = path.read_bytes()
        digest.update(content)
        _read_table(folder, name, columns, _table(path, content))
    folder.digest = digest.hexdigest()
    return folder


def _find(directory: Path, name: str) -> Path | None:
    for suffix in (".parquet", ".csv"):
        if (path := directory / f"{name}{suffix}").is_file():
            return path
    if name in REQUIRED:
        raise Refused(f"文件夹中缺少“{TITLES[name]}”（{name}.parquet 或 {name}.csv）。")
    return None


def _table(path: Path, content: bytes) -> pa.Table:
    try:
        if path.suffix == ".parquet":
            return pq.read_table(io.BytesIO(content))
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = content.decode("gb18030")
        headers = pacsv.read_csv(io.BytesIO(text.encode())).column_names
        options = pacsv.ConvertOptions(
            column_types=dict.fromkeys(headers, pa.string()), strings_can_be_null=True, null_values=[""]
        )
        return pacsv.read_csv(io.BytesIO(text.encode()), convert_options=options)
    except (pa.ArrowInvalid, UnicodeDecodeError) as error:
        raise Refused(f"文件 {path.name} 无法读取：内容不是表格，或编码不是 UTF-8、GB18030。") from error


def _read_table(folder: Folder, name: str, columns: tuple[Column, ...], table: pa.Table) -> None:
    by_name = {key: column for column in columns for key in (column.code, column.header)}
    given = {by_name[head.strip()].code: head for head in table.column_names if head.strip() in by_name}
    folder.unknown[name] = [head for head in table.column_names if head.strip() not in by_name]
    for column in columns:
        if column.required and column.code not in given:
            raise Refused(f"“{TITLES[name]}”缺少必需的列“{column.header}”（{column.code}）。")
    cells = {code: table.column(head).to_pylist() for code, head in given.items()}
    rows = folder.rows.setdefault(name, [])
    for i in range(table.num_rows):
        try:
            rows.append((i + 1, _row(columns, {code: values[i] for code, values in cells.items()})))
        except CellError as error:
            child = str((cells["child_id"][i] if "child_id" in cells else "") or "")
            folder.rejected.append(Rejected(name, i + 1, child, str(error)))


def _row(columns: tuple[Column, ...], cells: Row) -> Row:
    row: Row = {}
    for column in columns:
        value = cells.get(column.code)
        if value is None or value == "":
            if column.required:
                raise CellError(f"“{column.header}”为空。")
            row[column.code] = None
        else:
            row[column.code] = column.read(value)
    return row
