"""PDF by its bytes: nothing that acts, nothing hidden, nothing behind it (TM-10). Pure; no PDF is interpreted here.

Every step goes through the bytes once, whatever they are: a hostile file must not make the search itself slow.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from typing import Final

MAX_INFLATED: Final = 64 * 2**20
_GAP: Final = 256
"""Bytes before ``stream`` in which its dictionary must end."""
_MEND: Final = "请用“打印为 PDF”重新生成后上传。"


def _name(word: str) -> bytes:
    """A PDF name, each letter as such or as its #hex."""
    letters = (f"(?:{letter}|#{ord(letter):02x})" for letter in word)
    return f"/{''.join(letters)}".encode()


_LONG: Final = (
    "JavaScript",
    "Launch",
    "EmbeddedFile",
    "RichMedia",
    "XFA",
    "SubmitForm",
    "ImportData",
    "GoToE",
)
_END: Final = rb"(?![A-Za-z0-9])"
_ANYWHERE = re.compile(b"|".join(_name(one) + rb"s?" + _END for one in _LONG if len(one) > 5), re.IGNORECASE)
"""Long enough never to stand by chance in compressed noise: looked for in the bodies of streams too."""
_ACTIVE = re.compile(
    b"(?:" + b"|".join(map(_name, (*_LONG, "EmbeddedFiles", "JS"))) + b")" + _END, re.IGNORECASE
)
_OBJECTS = re.compile(_name("ObjStm"), re.IGNORECASE)
_LOCKED = re.compile(_name("Encrypt") + _END, re.IGNORECASE)
_ODD = re.compile(
    b"|".join(
        map(_name, ("LZWDecode", "ASCIIHexDecode", "ASCII85Decode", "RunLengthDecode", "Crypt", "Predictor"))
    ),
    re.IGNORECASE,
)


class BadPaper(ValueError):
    """The text is for the user."""


def inspect(content: bytes) -> None:
    """BadPaper when the PDF is cut, locked, active, or another file as well."""
    if b"%%EOF" not in content[-2048:]:
        raise BadPaper("PDF 文件不完整，可能没有传完。请重新导出或重新选择。")
    if _is_package(content):
        raise BadPaper(f"PDF 文件中还藏有压缩包，为安全起见不能接收。{_MEND}")
    outside, left, opened = [], MAX_INFLATED, 0
    for before, head, body in _streams(content):
        outside.append(before)
        if _OBJECTS.search(head):
            if _ODD.search(head):
                raise BadPaper(f"PDF 的内部压缩方式少见，无法检查。{_MEND}")
            unpacked, opened = _inflate(body, left), opened + 1
            left -= len(unpacked)
            if left <= 0:
                raise BadPaper(f"PDF 文件解开后过大，无法安全检查。{_MEND}")
            outside.append(unpacked)
    if len(_OBJECTS.findall(content)) > opened:
        raise BadPaper(f"PDF 的内部结构异常，无法检查。{_MEND}")
    if _ANYWHERE.search(content) or any(_ACTIVE.search(part) for part in outside):
        raise BadPaper(f"PDF 中含有脚本、程序或内嵌文件，为安全起见不能接收。{_MEND}")
    if any(_LOCKED.search(part) for part in outside):
        raise BadPaper("PDF 设有密码或权限限制，无法检查。请去除密码后再上传。")


def _streams(content: bytes) -> Iterator[tuple[bytes, bytes, bytes]]:
    """(bytes before with the dictionary, that dictionary, body) of each stream; last the rest, without a body."""
    place, start = 0, 0
    while (found := content.find(b"stream", place)) >= 0:
        place = found + 6
        if not content[max(start, found - _GAP) : found].rstrip().endswith(b">>"):
            continue
        head = content[max(start, content.rfind(b"obj", start, found)) : found]
        body = found + 6 + (2 if content[found + 6 : found + 8] == b"\r\n" else 1)
        ends = content.find(b"endstream", body)
        if ends < 0:
            break
        yield content[start:found], head, content[body:ends]
        start = place = ends + 9
    yield content[start:], b"", b""


def _inflate(body: bytes, limit: int) -> bytes:
    try:
        return zlib.decompressobj().decompress(body.lstrip(b"\r\n"), max(1, limit))
    except zlib.error:
        return body


def _is_package(content: bytes) -> bool:
    """Whether unzip would open it: an end record whose comment reaches exactly to the end."""
    tail = content[-(22 + 0xFFFF) :]
    place = tail.rfind(b"PK\x05\x06")
    while place >= 0:
        if place + 22 + int.from_bytes(tail[place + 20 : place + 22], "little") == len(tail):
            return True
        place = tail.rfind(b"PK\x05\x06", 0, place)
    return b"PK\x03\x04" in content[:1024]
