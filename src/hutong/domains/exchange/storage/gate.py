"""Looks at an uploaded file before anything reads it: what it really is, how big it would become (TM-10).

Content decides, not the extension. Every refusal is a ``BadFile`` with the sentence for the sender: what it is, and
how to mend it. Runs in the sandbox; no Django here.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from hutong.foundation.documents import contents, packages

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


@dataclass(frozen=True, slots=True)
class Seen:
    """What a file that can be taken is; ``rows`` with something in them, the header not counted."""

    kind: Kind
    rows: int


LIMITS = Limits()
MAX_LINE = 1 << 20
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
_FORMULA = re.compile(rb"<(?:\w{1,20}:)?c\b([^<>]{0,400})>\s{0,20}<(?:\w{1,20}:)?f[\s/>]")
_AT = re.compile(rb"""\br\s*=\s*["']([A-Z]{1,3}\d{1,7})["']""")
_WIDE = re.compile(rb""" r=["']([A-Z]{2,3})\d""")
_DEEP = re.compile(rb"""row [^<>]{0,400}?\br=["'](\d{6,9})["']""")


def examine(path: Path, name: str, limits: Limits = LIMITS) -> Seen:
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
    if start.startswith((b"#!", b"{\\rtf", b"%!ps")):
        raise BadFile(f"“{name}”实际上是程序或文书，不是表格。请从业务系统导出 xlsx 或 csv 再上传。")
    if start.startswith((b"<html", b"<!doctype", b"<table", b"<?xml", b"<meta", b"<svg", b"mime-version:")):
        raise BadFile(
            f"“{name}”实际上是网页，不是表格。请用 Excel 打开后另存为“Excel 工作簿（xlsx）”再上传。"
        )


def _old_office(path: Path, name: str) -> str:
    marker = "EncryptedPackage".encode("utf-16-le")
    if marker in path.read_bytes():
        return f"“{name}”设了打开密码，系统读不了。请在 Excel“文件—信息—保护工作簿”中取消密码，保存后再上传。"
    return f"“{name}”是旧版 Office 文件（如 xls）。请用 Excel 打开后另存为“Excel 工作簿（xlsx）”再上传。"


def _spreadsheet(path: Path, name: str, limits: Limits) -> Seen:
    size = path.stat().st_size
    bounds = packages.Limits(2_000, limits.unpacked, limits.ratio, 2**20)
    rows = 0
    try:
        with path.open("rb") as source, packages.opened(source, size, bounds) as box:
            _refuse_other_package({one.lower() for one in box.namelist()}, name)
            sheets: dict[str, _Sheet] = {}
            for part, piece, first in packages.parts(box, size, bounds):
                if first and contents.is_file(piece):
                    raise BadFile(
                        f"“{name}”内部还藏有其他文件，为安全起见已拒收。请把数据复制到新工作簿再上传。"
                    )
                if first and contents.is_markup(part, piece) and contents.hidden(piece):
                    raise BadFile(
                        f"“{name}”内部使用了不常见的文字编码，已拒收。请把数据复制到新工作簿再上传。"
                    )
                if contents.declares(piece):
                    raise BadFile(
                        f"“{name}”含有不该出现的外部引用，为安全起见已拒收。请把数据复制到新工作簿再上传。"
                    )
                sheets.setdefault(part, _Sheet(name, limits)).take(piece)
            rows = max(one.rows() for one in sheets.values())
    except packages.BadPackage as error:
        raise BadFile(_bad_package(error, name)) from error
    if rows > limits.rows + 1:
        raise BadFile(_too_many(name, rows, limits))
    if rows == 1:
        raise BadFile(_NO_ROWS.format(name=name))
    return Seen("xlsx", max(0, rows - 1))


def _bad_package(error: packages.BadPackage, name: str) -> str:
    return {
        "damaged": f"“{name}”打不开，可能在传送中损坏。请重新导出或另存为 xlsx 后再上传。",
        "locked": f"“{name}”设了打开密码，系统读不了。请取消密码，保存后再上传。",
        "bomb": f"“{name}”压缩得异常或解开后过大，为安全起见已拒收。请把数据复制到新工作簿，只保留清单一张工作表再上传。",
    }.get(error.why, f"“{name}”的内部结构异常，为安全起见已拒收。请把数据复制到新工作簿再上传。")


def _refuse_other_package(names: set[str], name: str) -> None:
    if any(one.startswith("word/") for one in names):
        raise BadFile(f"“{name}”是 Word 文件，不是表格。请把表格复制到 Excel，存为 xlsx 再上传。")
    if not any(one.startswith("xl/workbook") for one in names):
        raise BadFile(f"“{name}”是压缩包，不是表格。请解压后上传其中的 xlsx 或 csv。")
    if any("vbaproject" in one or "macrosheets/" in one for one in names):
        raise BadFile(f"“{name}”带有宏，已拒收。请另存为不带宏的“Excel 工作簿（xlsx）”再上传。")
    if "xl/workbook.bin" in names:
        raise BadFile(f"“{name}”是二进制工作簿（xlsb）。请另存为“Excel 工作簿（xlsx）”再上传。")
    if any(
        "externallinks/" in one or "embeddings/" in one or one.endswith("connections.xml") for one in names
    ):
        raise BadFile(f"“{name}”引用了其他文件或内嵌了对象，已拒收。请把数据复制到新工作簿再上传。")


class _Sheet:
    """One part of a workbook, piece after piece: formulas, cells far out, rows that hold something."""

    def __init__(self, name: str, limits: Limits) -> None:
        self._name, self._limits = name, limits
        self._rows, self._open, self._shown = 0, b"", 0

    def take(self, piece: bytes) -> None:
        if found := _FORMULA.search(piece) if b"<f" in piece or b":f" in piece else None:
            at = _AT.search(found[1])
            where = f" {at[1].decode()} " if at else ""
            raise BadFile(
                f"“{self._name}”的{where}单元格是公式。请选中全表复制，“选择性粘贴—数值”后保存再上传。"
            )
        if b"row" in piece:
            self._refuse_far_cells(piece)
            self._count(piece[self._shown :])
        self._shown = min(len(piece), packages.OVERLAP)

    def _refuse_far_cells(self, piece: bytes) -> None:
        if any(_column(one) > self._limits.columns for one in set(_WIDE.findall(piece))):
            raise BadFile(_TOO_WIDE.format(name=self._name, most=self._limits.columns))
        if any(int(one) > 2 * self._limits.rows for one in _DEEP.findall(piece)):
            raise BadFile(f"“{self._name}”的数据散落在很远的行，不像一份清单。请把数据复制到新工作簿再上传。")

    def _count(self, fresh: bytes) -> None:
        """A row counts when it is over and has a value; the last one stays open until more comes."""
        rows = (self._open + fresh).split(b"<row" if b"<row" in fresh else b":row")
        self._rows += sum(map(_has_value, rows[:-1]))
        self._open = rows[-1][-2 * packages.OVERLAP :]

    def rows(self) -> int:
        return self._rows + _has_value(self._open)


def _has_value(row: bytes) -> bool:
    return b"<v" in row or b"<t" in row or b":v>" in row or b":t>" in row


def _column(letters: bytes) -> int:
    """'AB' → 28."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _parquet(path: Path, name: str, limits: Limits) -> Seen:
    import pyarrow as pa
    import pyarrow.parquet

    try:
        about = pyarrow.parquet.ParquetFile(path).metadata
        groups = [about.row_group(i) for i in range(about.num_row_groups)]
    except (pa.ArrowException, OSError) as error:
        raise BadFile(f"“{name}”不是完整的 parquet 文件，请重新导出。") from error
    unpacked = sum(group.total_byte_size for group in groups)
    if about.num_rows < 0 or about.num_rows != sum(group.num_rows for group in groups) or unpacked < 0:
        raise BadFile(f"“{name}”的内部记录前后矛盾，不是完整的 parquet 文件，请重新导出。")
    if about.num_rows > limits.rows:
        raise BadFile(_too_many(name, about.num_rows, limits))
    if unpacked > limits.unpacked or about.num_columns > limits.columns:
        raise BadFile(f"“{name}”解开后过大，已拒收。请分成几份导出再上传。")
    if not about.num_rows:
        raise BadFile(_NO_ROWS.format(name=name))
    return Seen("parquet", about.num_rows)


def _text(path: Path, head: bytes, name: str, limits: Limits) -> Seen:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise BadFile(f"“{name}”是“Unicode 文本”。请用 Excel 另存为“CSV UTF-8（逗号分隔）”再上传。")
    lines, filled, longest = 0, 0, 0
    for line in _lines(path):
        if b"\x00" in line:
            raise BadFile(f"“{name}”不是 xlsx、csv 或 parquet 表格。请从业务系统重新导出后再上传。")
        lines += 1
        filled += bool(line.strip(b', \t\r\n"'))
        longest = max(longest, len(line))
        if longest > MAX_LINE:
            raise BadFile(f"“{name}”第 {lines} 行超过 1 MB，不像一份清单。请从业务系统重新导出后再上传。")
    if lines > limits.rows + 1:
        raise BadFile(_too_many(name, lines, limits))
    if not _decodes(path):
        raise BadFile(
            f"“{name}”的文字编码前后不一致，系统读不了。请用 Excel 另存为“CSV UTF-8（逗号分隔）”再上传。"
        )
    if filled < 2 and b"\r" in head.replace(b"\r\n", b"").strip():
        raise BadFile(
            f"“{name}”的换行方式太旧，系统只看到一行。请用 Excel 另存为“CSV UTF-8（逗号分隔）”再上传。"
        )
    if filled < 2:
        raise BadFile(_NO_ROWS.format(name=name))
    if head.split(b"\n", 1)[0].count(b",") > limits.columns:
        raise BadFile(_TOO_WIDE.format(name=name, most=limits.columns))
    return Seen("csv", filled - 1)


def _lines(path: Path) -> Iterator[bytes]:
    """Never more of a line than shows that it is too long."""
    with path.open("rb") as source:
        while line := source.readline(MAX_LINE + 1):
            yield line


def _decodes(path: Path) -> bool:
    """Whole, in one of the two encodings; who begins with the mark of UTF-8 is held to it."""
    with path.open("rb") as source:
        marked = source.read(3) == codecs.BOM_UTF8
    for encoding in ("utf-8",) if marked else ("utf-8", "gb18030"):
        try:
            with path.open(encoding=encoding, newline="") as source:
                while source.read(1 << 20):
                    pass
        except UnicodeDecodeError:
            continue
        return True
    return False


_NO_ROWS = "“{name}”只有表头，没有数据行。没有人员时无须上传；如导出有误请重新导出。"
_TOO_WIDE = "“{name}”的列数超过 {most}，不像一份清单。请对照模板检查。"


def _too_many(name: str, rows: int, limits: Limits) -> str:
    return f"“{name}”有 {rows:,} 行，超过一次 {limits.rows:,} 行的上限，请按乡镇或时间分成几份上传。"
