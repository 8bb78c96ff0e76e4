"""What one part of an Office package holds that must not be there, piece by piece (TM-10). Pure.

XML is not parsed: a declaration, a foreign encoding, a field or formula that reaches outside is found in the bytes, and a part
in an encoding that would hide it from such a search is refused.
"""

from __future__ import annotations

import re
from typing import Final

from hutong.foundation.documents import images

_FILES: Final = (
    b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"MZ\x90", b"\x7fELF", b"%PDF-", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b\x08", b"{\\rtf",
)  # fmt: skip
_ENCODING = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_RELATION = re.compile(rb"<(?:\w{1,20}:)?Relationship\b[^>]*>", re.IGNORECASE)
_OUTSIDE = re.compile(rb"""TargetMode\s*=\s*["']External["']""", re.IGNORECASE)
_HYPERLINK = re.compile(rb"""Type\s*=\s*["'][^"']*/hyperlink["']""", re.IGNORECASE)
_SAFE_TARGET = re.compile(
    rb"""Target\s*=\s*["'](?!\s*(?:file:|javascript:|vbscript:|data:|ms-|\\\\|//))""", re.IGNORECASE
)
_FORMULA = re.compile(rb"<(?:\w{1,20}:)?f(?:\s[^<>]{0,400})?>([^<]*)")
_REACHING = re.compile(rb"WEBSERVICE|FILTERXML|REGISTER|\b(?:RTD|CALL|EXEC|DDE|IMAGE)\s*\(", re.IGNORECASE)
_FIELD = re.compile(
    rb"""<(?:\w{1,20}:)?instrText\b[^<>]{0,200}>([^<]*)|\binstr\s*=\s*["']([^"'<]{0,2000})["']"""
)
_FETCHING = re.compile(rb"DDEAUTO|DDE\s|INCLUDETEXT|INCLUDEPICTURE", re.IGNORECASE)
_DRAWING_ACTS = re.compile(
    rb"<(?:\w{1,20}:)?(?:script|foreignObject)\b|\son[a-z]{3,20}\s*=|javascript:|"
    rb"""\b(?:href|src)\s*=\s*["']\s*(?:https?:|file:|ftp:|//|\\\\)""",
    re.IGNORECASE,
)


def is_file(start: bytes) -> bool:
    """Whether the part is a package, a program, an old Office file … under whatever name."""
    return start.startswith(_FILES)


def is_markup(name: str, start: bytes) -> bool:
    """Whether programs will take the part for XML, whatever it is called."""
    known = name.endswith((".xml", ".rels", ".svg", ".vml"))
    return known or start.lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n")[:1] == b"<"


def hidden(start: bytes) -> bool:
    """Markup in an encoding in which a search for ASCII words finds nothing."""
    if start[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in start[:8]:
        return True
    said = _ENCODING.match(start.removeprefix(b"\xef\xbb\xbf")[:400])
    return bool(said and said[1].lower() not in (b"utf-8", b"utf8", b"us-ascii", b"ascii"))


def declares(piece: bytes) -> bool:
    """A document type or an entity: no Office program writes one."""
    place = piece.find(b"<!")
    while place >= 0:
        if piece[place + 2 : place + 9].upper().startswith((b"DOCTYPE", b"ENTITY", b"ATTLIST", b"ELEMENT")):
            return True
        place = piece.find(b"<!", place + 2)
    return False


class Look:
    """One part, piece after piece."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._markup = self._drawing = False
        self._fields = b""

    def harm(self, piece: bytes, *, first: bool) -> str:
        """What is wrong with it, after 文件…; '' for nothing."""
        if first:
            if is_file(piece):
                return "内部还藏有其他文件"
            size = images.size(piece)
            if size is not None and images.too_large(*size):
                return f"中的图片尺寸为 {size[0]}×{size[1]}，大得异常"
            self._markup = is_markup(self.name, piece)
            self._drawing = self.name.endswith(".svg") or (self._markup and b"<svg" in piece[:4096].lower())
            if self._markup and hidden(piece):
                return "内部使用了不常见的文字编码"
        if not self._markup:
            return ""
        if declares(piece):
            return "内部含有不安全的声明"
        if self.name.endswith(".rels") and _leads_outside(piece):
            return "引用了外部文件"
        if self._drawing and _DRAWING_ACTS.search(piece):
            return "中的矢量图含有脚本或外部引用"
        return self._acts(piece)

    def _acts(self, piece: bytes) -> str:
        formulas = _FORMULA.finditer(piece) if b"<f" in piece or b":f" in piece else ()
        if any(_reaches(one[1]) for one in formulas):
            return "中有会启动程序或访问网址的公式"
        if b"instr" in piece:
            self._fields += b"".join(one[1] or one[2] or b"" for one in _FIELD.finditer(piece))[: 1 << 20]
            if _FETCHING.search(self._fields):
                return "中有会启动程序或读取其他文件的域"
        return ""


def _leads_outside(piece: bytes) -> bool:
    """Only a hyperlink may point outside, and only where clicking it opens a page or a letter."""
    return any(
        _OUTSIDE.search(one) and not (_HYPERLINK.search(one) and _SAFE_TARGET.search(one))
        for one in _RELATION.findall(piece)
    )


def _reaches(formula: bytes) -> bool:
    if _REACHING.search(formula):
        return True
    if b"HYPERLINK" in formula.upper() and (b"://" in formula or b"\\\\" in formula):
        return True
    pipe = formula.find(b"|")  # =program|topic!item
    return pipe >= 0 and formula.find(b"!", pipe) >= 0
