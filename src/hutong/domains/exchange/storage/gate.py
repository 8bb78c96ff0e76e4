"""Looks at an uploaded file before anything reads it: what it really is, how big it would become (TM-10).

Content decides, not the extension. Every refusal is a ``BadFile`` with the sentence for the sender: what it is, and
how to mend it.
"""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Kind = Literal["xlsx", "csv", "parquet"]


class BadFile(ValueError):
    """The file cannot be taken; the text is for the sender."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may be at most: bytes as sent, bytes unpacked, unpacked/packed, rows, columns."""

    size: int = 50 * 2**20
    unpacked: int = 400 * 2**20
    ratio: int = 120
    rows: int = 500_000
    columns: int = 200


LIMITS = Limits()
_HEAD = 64 * 1024
_FOREIGN = (
    (b"\x89PNG", "图片"),
    (b"\xff\xd8\xff", "图片"),
    (b"GIF8", "图片"),
    (b"BM", "图片"),
    (b"%PDF", "PDF 文件"),
    (b"Rar!", "压缩包"),
    (b"7z\xbc\xaf", "压缩包"),
    (b"\x1f\x8b", "压缩包"),
    (b"MZ", "程序"),
    (b"\x7fELF", "程序"),
)
_FORMULA = re.compile(rb'<c\s[^>]*?\br="([A-Z]{1,3}\d{1,7})"[^>]*>\s*<f[\s>/]')
_ENTITY = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.I)


def examine(path: Path, name: str, limits: Limits = LIMITS) -> Kind:
    """What ``path`` (sent as ``name``) is by its content; BadFile when it cannot be taken."""
    size = path.stat().st_size
    if size == 0:
        raise BadFile(f"文件“{name}”是空的（0 字节），请重新导出后再上传。")
    if size > limits.size:
        raise BadFile(
            f"文件“{name}”有 {size / 2**20:.0f} MB，超过上限 {limits.size // 2**20} MB，请按乡镇或时间分成几份上传。"
        )
    with path.open("rb") as source:
        head = source.read(_HEAD)
    if head.startswith(b"PK"):
        return _spreadsheet(path, name, limits)
    if head.startswith(b"PAR1"):
        return _parquet(path, name, limits)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise BadFile(_old_office(path, name))
    _refuse_foreign(head, name)
    return _text(path, head, name, limits)


def _refuse_foreign(head: bytes, name: str) -> None:
    what = next((label for magic, label in _FOREIGN if head.startswith(magic)), None)
    if what:
        raise BadFile(
            f"“{name}”实际上是{what}，不是表格（只改扩展名没有用）。请从业务系统导出 xlsx 或 csv 再上传。"
        )
    start = head.lstrip(b"\xef\xbb\xbf \r\n\t")[:200].lower()
    if start.startswith((b"<html", b"<!doctype", b"<table", b"<?xml", b"<meta")):
        raise BadFile(
            f"“{name}”实际上是网页，不是表格。请用 Excel 打开后另存为“Excel 工作簿（xlsx）”再上传。"
        )


def _old_office(path: Path, name: str) -> str:
    marker = "EncryptedPackage".encode("utf-16-le")
    if marker in path.read_bytes():
        return f"“{name}”设了打开密码，系统读不了。请在 Excel“文件—信息—保护工作簿”中取消密码，保存后再上传。"
    return f"“{name}”是旧版 Office 文件（如 xls）。请用 Excel 打开后另存为“Excel 工作簿（xlsx）”再上传。"


def _spreadsheet(path: Path, name: str, limits: Limits) -> Kind:
    damaged = f"“{name}”打不开，可能在传送中损坏。请重新导出或另存为 xlsx 后再上传。"
    try:
        with zipfile.ZipFile(path) as box:
            entries = box.infolist()
            _refuse_bomb(entries, name, limits)
            names = {entry.filename.lower() for entry in entries}
            _refuse_other_package(names, name)
            for entry in entries:
                if entry.filename.lower().endswith((".xml", ".rels")):
                    _scan(box, entry, name, limits)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise BadFile(damaged) from error
    except ValueError as error:
        raise error if isinstance(error, BadFile) else BadFile(damaged) from error
    return "xlsx"


def _refuse_bomb(entries: list[zipfile.ZipInfo], name: str, limits: Limits) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    packed = max(1, sum(entry.compress_size for entry in entries))
    if len(entries) > 2_000 or unpacked > limits.unpacked:
        raise BadFile(
            f"“{name}”解开后过大（{unpacked / 2**20:.0f} MB），已拒收。请只保留清单一张工作表后另存再上传。"
        )
    if unpacked > 2**20 and unpacked / packed > limits.ratio:
        raise BadFile(
            f"“{name}”压缩得异常（解开是原来的 {unpacked // packed} 倍），为安全起见已拒收。请把数据复制到新工作簿再上传。"
        )
    if any(entry.flag_bits & 1 for entry in entries):
        raise BadFile(f"“{name}”设了打开密码，系统读不了。请取消密码，保存后再上传。")


def _refuse_other_package(names: set[str], name: str) -> None:
    if any(one.startswith("word/") for one in names):
        raise BadFile(f"“{name}”是 Word 文件，不是表格。请把表格复制到 Excel，存为 xlsx 再上传。")
    if not any(one.startswith("xl/workbook") for one in names):
        raise BadFile(f"“{name}”是压缩包，不是表格。请解压后上传其中的 xlsx 或 csv。")
    if any("vbaproject" in one for one in names):
        raise BadFile(f"“{name}”带有宏，已拒收。请另存为不带宏的“Excel 工作簿（xlsx）”再上传。")
    if "xl/workbook.bin" in names:
        raise BadFile(f"“{name}”是二进制工作簿（xlsb）。请另存为“Excel 工作簿（xlsx）”再上传。")


def _scan(box: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str, limits: Limits) -> None:
    """Stream one XML part: no entities anywhere, no formulas in sheets, never more bytes than the entry declares."""
    sheet = entry.filename.lower().startswith("xl/worksheets/")
    tail, seen = b"", 0
    with box.open(entry) as source:
        while block := source.read(1 << 20):
            seen += len(block)
            if seen > limits.unpacked:
                raise BadFile(f"“{name}”解开后过大，已拒收。请只保留清单一张工作表后另存再上传。")
            text = tail + block
            if not tail and _ENTITY.search(block):  # declarations can only stand at the head
                raise BadFile(
                    f"“{name}”含有不该出现的外部引用，为安全起见已拒收。请把数据复制到新工作簿再上传。"
                )
            if sheet and b"<f" in text and (found := _FORMULA.search(text)):
                raise BadFile(
                    f"“{name}”的 {found[1].decode()} 单元格是公式。请选中全表复制，“选择性粘贴—数值”后保存再上传。"
                )
            tail = text[-400:]


def _parquet(path: Path, name: str, limits: Limits) -> Kind:
    import pyarrow as pa
    import pyarrow.parquet

    try:
        about = pyarrow.parquet.ParquetFile(path).metadata
        unpacked = sum(about.row_group(i).total_byte_size for i in range(about.num_row_groups))
    except (pa.ArrowException, OSError) as error:
        raise BadFile(f"“{name}”不是完整的 parquet 文件，请重新导出。") from error
    if about.num_rows > limits.rows:
        raise BadFile(_too_many(name, about.num_rows, limits))
    if unpacked > limits.unpacked or about.num_columns > limits.columns:
        raise BadFile(f"“{name}”解开后过大，已拒收。请分成几份导出再上传。")
    return "parquet"


def _text(path: Path, head: bytes, name: str, limits: Limits) -> Kind:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise BadFile(f"“{name}”是“Unicode 文本”。请用 Excel 另存为“CSV UTF-8（逗号分隔）”再上传。")
    if b"\x00" in head or not _decodes(head):
        raise BadFile(f"“{name}”不是 xlsx、csv 或 parquet 表格。请从业务系统重新导出后再上传。")
    lines = 0
    with path.open("rb") as source:
        while block := source.read(1 << 20):
            lines += block.count(b"\n")
    if lines > limits.rows + 1:
        raise BadFile(_too_many(name, lines, limits))
    if len(head) < _HEAD and not b"".join(head.splitlines()[1:]).strip(b", \t"):
        raise BadFile(f"“{name}”只有表头，没有数据行。没有人员时无须上传；如导出有误请重新导出。")
    if head.split(b"\n", 1)[0].count(b",") > limits.columns:
        raise BadFile(f"“{name}”的列数超过 {limits.columns}，不像一份清单。请对照模板检查。")
    return "csv"


def _decodes(head: bytes) -> bool:
    for encoding in ("utf-8", "gb18030"):
        for cut in range(4):  # the block may end inside a character
            try:
                head[: len(head) - cut].decode(encoding)
            except UnicodeDecodeError:
                continue
            return True
    return False


def _too_many(name: str, rows: int, limits: Limits) -> str:
    return f"“{name}”有 {rows:,} 行，超过一次 {limits.rows:,} 行的上限，请按乡镇或时间分成几份上传。"
