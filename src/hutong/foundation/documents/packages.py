"""Zip packages (xlsx, docx): what they are, and what must not be in them (TM-10: bombs, macros, links, XXE). Pure.

``parts`` is the one place where a package is unpacked: it counts the bytes that really come, and shows every part in pieces.
"""

from __future__ import annotations

import io
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Final

from hutong.foundation.documents import contents


@dataclass(frozen=True, slots=True)
class Limits:
    """Parts, bytes unpacked, and unpacked/packed once ``ratio_from`` bytes came: empty sheets compress very well."""

    entries: int = 3000
    unpacked: int = 200 * 2**20
    ratio: int = 100
    ratio_from: int = 10 * 2**20


LIMITS: Final = Limits()
_BLOCK: Final = 1 << 20
OVERLAP: Final = 4096
"""Bytes of a piece shown again with the next, so that nothing hides on the border."""
_SHEET = ("sheet", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx")
_DOC = ("doc", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx")
_MAIN = {"xl/workbook.xml": _SHEET, "word/document.xml": _DOC}

_FORBIDDEN = (
    (re.compile(r"vbaproject|macrosheets/|vbadata|dialogsheets/|attachedtoolbars"), "含有宏"),
    (re.compile(r"embeddings/|oleobject|activex/|afchunk|webextensions/"), "含有内嵌对象"),
    (re.compile(r"externallinks/|connections\.xml$|querytables/"), "引用了外部文件"),
    (re.compile(r"\.(exe|dll|js|vbs|bat|cmd|ps1|scr|jar|lnk|hta|html?|mht|swf|xll)$"), "含有程序"),
)
_MEND = "请另存为不含宏和外部链接的 xlsx 或 docx 后再上传。"
_ODD = f"文件内部结构异常。{_MEND}"


class BadPackage(ValueError):
    """The text is for the user; ``why`` is one word for who says it in other words: damaged, locked, odd, bomb, declared."""

    def __init__(self, told: str, why: str = "odd") -> None:
        super().__init__(told)
        self.why = why


def inspect(content: bytes) -> tuple[str, str, str]:
    """(kind, media type, suffix) of an xlsx or docx; BadPackage for any other or harmful package."""
    with opened(io.BytesIO(content), len(content), LIMITS) as package:
        found = _named(package)
        looks: dict[str, contents.Look] = {}
        for name, piece, first in parts(package, len(content), LIMITS):
            look = looks.setdefault(name, contents.Look(name))
            if harm := look.harm(piece, first=first):
                raise BadPackage(f"文件{harm}，为安全起见不能接收。{_MEND}")
    return found


class opened:
    """A package whose directory is sound; whatever a reader stumbles over inside becomes BadPackage."""

    def __init__(self, source: IO[bytes], size: int, limits: Limits) -> None:
        self._source, self._size, self._limits = source, size, limits

    def __enter__(self) -> zipfile.ZipFile:
        try:
            self._package = zipfile.ZipFile(self._source)
        except (*_BROKEN, ValueError) as error:
            raise _damaged() from error
        _check_directory(self._package, self._size, self._limits)
        return self._package

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        self._package.close()
        if (
            isinstance(error, _BROKEN) or type(error) is ValueError
        ):  # sentences are ValueErrors of their own class
            raise _damaged() from error


_BROKEN = (
    zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, UnicodeError, OSError, zlib.error, KeyError,
    OverflowError, struct.error,
)  # fmt: skip


def _damaged() -> BadPackage:
    return BadPackage("文件已损坏或没有传完，无法打开。请重新导出后再上传。", "damaged")


def _check_directory(package: zipfile.ZipFile, size: int, limits: Limits) -> None:
    entries = package.infolist()
    if len(entries) > limits.entries:
        raise BadPackage(f"文件内部有 {len(entries)} 个部分，超过上限。{_MEND}", "bomb")
    if any(entry.flag_bits & 0x2041 for entry in entries):
        raise BadPackage("文件设有密码，无法检查。请去除密码后再上传。", "locked")
    if any(entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for entry in entries):
        raise BadPackage(f"文件使用了不常见的压缩方式，无法检查。{_MEND}")
    names = [entry.filename.replace("\\", "/").lower() for entry in entries]
    odd = any(name.startswith("/") or ".." in name.split("/") or not name.isprintable() for name in names)
    links = any(stat.S_ISLNK(entry.external_attr >> 16) for entry in entries)
    if odd or links or len(set(names)) != len(names) or not _in_line(package, entries, size):
        raise BadPackage(_ODD)


def _in_line(package: zipfile.ZipFile, entries: list[zipfile.ZipInfo], size: int) -> bool:
    """The parts stand one behind the other from the first byte on, none inside another, nothing before or behind them."""
    place = 0
    for entry in sorted(entries, key=lambda one: one.header_offset):
        if entry.header_offset < place or (place == 0 and entry.header_offset != 0):
            return False
        place = entry.header_offset + 30 + entry.compress_size
    return place <= package.start_dir < size and len(package.comment) <= 1024


def parts(package: zipfile.ZipFile, packed: int, limits: Limits) -> Iterator[tuple[str, bytes, bool]]:
    """(name in lower case, piece, whether it is the part's first): the real bytes, for the sizes a package declares may lie."""
    total = 0
    for entry in package.infolist():
        declared, entry.file_size = entry.file_size, limits.unpacked + 1
        tail, first, seen = b"", True, 0
        with package.open(entry) as stream:
            while block := stream.read(_BLOCK):
                total, seen = total + len(block), seen + len(block)
                if total > limits.unpacked or (total > limits.ratio_from and total > packed * limits.ratio):
                    raise BadPackage("文件解压后过大，疑似压缩炸弹，不能接收。请核对文件来源。", "bomb")
                yield entry.filename.lower(), tail + block, first
                tail, first = (tail + block)[-OVERLAP:], False
        if seen != declared:
            raise _damaged()


def _named(package: zipfile.ZipFile) -> tuple[str, str, str]:
    names = package.namelist()
    for name in names:
        for pattern, what in _FORBIDDEN:
            if pattern.search(name.lower()):
                raise BadPackage(f"文件{what}，为安全起见不能接收。{_MEND}")
    main = [kind for name, kind in _MAIN.items() if name in names]
    if len(main) != 1 or "[Content_Types].xml" not in names:
        raise BadPackage("不接收压缩包和这种类型的文件。请解压后逐个上传，表格用 xlsx，文档用 docx。")
    return main[0]
