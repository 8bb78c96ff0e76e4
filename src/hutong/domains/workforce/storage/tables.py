"""Rows of an uploaded workbook or csv. The act runs in the sandbox's child: no Django here."""

from __future__ import annotations

import csv
import io
import tempfile
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import python_calamine

from hutong.foundation import sandbox
from hutong.foundation.documents import inspection

COLUMNS: Final = 60
_ACT: Final = f"{__name__}:read"
_KILLED: Final = (
    "读取这个文件用去的内存或时间超过上限，已停止，没有导入任何内容。请把数据复制到模板里，另存后再上传。"
)
_NO_TABLE: Final = "这不是 xlsx 或 csv 表格，没有导入任何内容。请下载模板填写后再上传。"
_BROKEN: Final = "工作簿读不出来，没有导入任何内容。请用 Excel 另存为 xlsx 后再上传。"


class Refused(ValueError):
    """The file is not taken; the sentence is for whoever sent it."""


def rows(content: bytes, most: int) -> list[list[str]]:
    """The first sheet's cells as text, at most so many lines (and one more, so that too many shows)."""
    with tempfile.TemporaryDirectory() as workspace:
        (Path(workspace) / "sent").write_bytes(content)
        try:
            told = sandbox.run(_ACT, Path(workspace), most=most)
        except sandbox.Killed:
            raise Refused(_KILLED) from None
    if "error" in told:
        raise Refused(str(told["error"]))
    cells: list[list[str]] = told["rows"]
    return cells


def read(folder: Path, request: dict[str, Any]) -> dict[str, Any]:
    """The act: ``sent`` in the folder, inspected like any attachment before it is read."""
    content = (folder / "sent").read_bytes()
    try:
        suffix = inspection.inspect(content).suffix
    except inspection.Refused as refused:
        return {"error": str(refused)}
    most = int(request["most"]) + 1
    if suffix == ".xlsx":
        return _workbook(content, most)
    return {"rows": _csv(content, most)} if suffix == ".csv" else {"error": _NO_TABLE}


def _csv(content: bytes, most: int) -> list[list[str]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("gb18030")
    lines = csv.reader(io.StringIO(text))
    return [[cell.strip() for cell in line[:COLUMNS]] for line, _ in zip(lines, range(most), strict=False)]


def _workbook(content: bytes, most: int) -> dict[str, Any]:
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        found = book.get_sheet_by_index(0).to_python(skip_empty_area=False, nrows=most)
    except (python_calamine.CalamineError, IndexError):
        return {"error": _BROKEN}
    return {"rows": [[_text(cell) for cell in line[:COLUMNS]] for line in found]}


def _text(cell: Any) -> str:
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        # a number of more than fifteen digits is already wrong; said as what it is, it fails the check of the number
        return str(int(cell))
    return str(cell).strip()
