"""Office files (zip packages): what they are, and what must not be in them (TM-10: bombs, macros, links, XXE)."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from typing import Final

MAX_ENTRIES: Final = 3000
MAX_UNPACKED: Final = 200 * 2**20
MAX_RATIO: Final = 100
RATIO_FROM: Final = 10 * 2**20
"""Below this size unpacked, the ratio does not matter: empty sheets compress very well."""

_SHEET = ("sheet", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx")
_DOC = ("doc", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx")
_MAIN = {"xl/workbook.xml": _SHEET, "word/document.xml": _DOC}

_FORBIDDEN = (
    (re.compile(r"vbaproject|macrosheets/|vbadata"), "含有宏"),
    (re.compile(r"embeddings/|oleobject|activex/"), "含有内嵌对象"),
    (re.compile(r"externallinks/"), "引用了外部文件"),
    (re.compile(r"\.(exe|dll|js|vbs|bat|cmd|ps1|scr|jar|lnk)$"), "含有程序"),
)
_ENTITY = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_RELATION = re.compile(rb"<Relationship\b[^>]*>", re.IGNORECASE)
_OUTSIDE = re.compile(rb"""TargetMode\s*=\s*["']External["']""", re.IGNORECASE)
_HYPERLINK = re.compile(rb"""Type\s*=\s*["'][^"']*/hyperlink["']""", re.IGNORECASE)
_MEND = "请另存为不含宏和外部链接的 xlsx 或 docx 后再上传。"


class BadPackage(ValueError):
    """The text is for the user."""


def inspect(content: bytes) -> tuple[str, str, str]:
    """(kind, media type, suffix) of an xlsx or docx; BadPackage for any other or harmful package."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            found = _named(package)
            _unpack(package, len(content))
    except (
        zipfile.BadZipFile,
        NotImplementedError,
        RuntimeError,
        EOFError,
        ValueError,
        OSError,
        zlib.error,
    ) as error:
        if isinstance(error, BadPackage):
            raise
        raise BadPackage("文件已损坏或没有传完，无法打开。请重新导出后再上传。") from None
    return found


def _named(package: zipfile.ZipFile) -> tuple[str, str, str]:
    entries = package.infolist()
    if len(entries) > MAX_ENTRIES:
        raise BadPackage(f"文件内部有 {len(entries)} 个部分，超过上限。{_MEND}")
    names = [entry.filename for entry in entries]
    if any(entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for entry in entries):
        raise BadPackage(f"文件使用了不常见的压缩方式，无法检查。{_MEND}")
    if any(entry.flag_bits & 1 for entry in entries):
        raise BadPackage("文件设有密码，无法检查。请去除密码后再上传。")
    for name in names:
        if name.startswith(("/", "\\")) or ".." in name.replace("\\", "/").split("/"):
            raise BadPackage(f"文件内部结构异常。{_MEND}")
        for pattern, what in _FORBIDDEN:
            if pattern.search(name.lower()):
                raise BadPackage(f"文件{what}，为安全起见不能接收。{_MEND}")
    main = [kind for name, kind in _MAIN.items() if name in names]
    if len(main) != 1 or "[Content_Types].xml" not in names:
        raise BadPackage("不接收压缩包和这种类型的文件。请解压后逐个上传，表格用 xlsx，文档用 docx。")
    return main[0]


def _unpack(package: zipfile.ZipFile, packed: int) -> None:
    """Read everything once, counting real bytes: the sizes a package declares may lie."""
    total = 0
    for entry in package.infolist():
        xml = entry.filename.lower().endswith((".xml", ".rels"))
        tail = b""
        with package.open(entry) as stream:
            while block := stream.read(1 << 18):
                total += len(block)
                if total > MAX_UNPACKED or (total > RATIO_FROM and total > packed * MAX_RATIO):
                    raise BadPackage("文件解压后过大，疑似压缩炸弹，不能接收。请核对文件来源。")
                if xml:
                    _look(tail + block, entry.filename)
                    tail = block[-4096:]


def _look(part: bytes, name: str) -> None:
    if _ENTITY.search(part):
        raise BadPackage(f"文件内部含有不安全的声明，不能接收。{_MEND}")
    if name.lower().endswith(".rels"):
        for relation in _RELATION.findall(part):
            if _OUTSIDE.search(relation) and not _HYPERLINK.search(relation):
                raise BadPackage(f"文件引用了外部文件，为安全起见不能接收。{_MEND}")
