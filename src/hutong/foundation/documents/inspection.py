"""What an uploaded file really is, by its content; whatever is not plainly harmless is refused (TM-10).

Pure: bytes in, ``Verdict`` out, ``Refused`` with the sentence for the user. Images by signature and dimensions, PDF
without active content, Office files without macros, external links or bombs, text that can be decoded.
"""

from __future__ import annotations

import re
import struct
import zlib
from dataclasses import dataclass
from typing import Final

from hutong.foundation.documents import packages

MAX_SIZE: Final = 20 * 2**20
MAX_SIDE: Final = 12_000
MAX_PIXELS: Final = 80_000_000
MAX_INFLATED: Final = 64 * 2**20

_STREAM = re.compile(rb"<<(?P<head>[^\x00]{0,4096}?)>>\s*stream\r?\n(?P<body>.*?)endstream", re.DOTALL)
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_ACTIVE = re.compile(
    rb"/(JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|XFA|SubmitForm|ImportData|GoToE)(?![A-Za-z0-9])"
)


class Refused(ValueError):
    """The file is not taken; the text says why and how to mend it, in Chinese."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """``kind``: image, pdf, sheet, doc; ``suffix`` with its dot."""

    kind: str
    mime: str
    suffix: str


def inspect(content: bytes) -> Verdict:
    """Kind of the content, or Refused."""
    if not content:
        raise Refused("文件是空的（0 字节），可能没有传完。请重新选择文件。")
    if len(content) > MAX_SIZE:
        raise Refused(f"文件有 {len(content) / 2**20:.0f} MB，超过 20 MB 的上限。请压缩图片或拆分后再上传。")
    if content[:3] == b"\xff\xd8\xff":
        return _image(jpeg_size(content), "image/jpeg", ".jpg")
    if content[:8] == b"\x89PNG\r\n\x1a\n":
        return _image(_png_size(content), "image/png", ".png")
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return _image(_webp_size(content), "image/webp", ".webp")
    if content[:5] == b"%PDF-":
        return _pdf(content)
    if content[:4] == b"PK\x03\x04":
        try:
            return Verdict(*packages.inspect(content))
        except packages.BadPackage as error:
            raise Refused(str(error)) from None
    return _text(content)


def _image(size: tuple[int, int] | None, mime: str, suffix: str) -> Verdict:
    if size is None:
        raise Refused("图片文件不完整，可能没有传完。请重新拍摄或重新选择。")
    width, height = size
    if not width or not height or max(size) > MAX_SIDE or width * height > MAX_PIXELS:
        raise Refused(f"图片尺寸为 {width}×{height}，超过单边 {MAX_SIDE} 的上限。请缩小后再上传。")
    return Verdict("image", mime, suffix)


def jpeg_size(content: bytes) -> tuple[int, int] | None:
    """Width and height from the frame header; None if there is none."""
    place = 2
    while place + 9 < len(content):
        if content[place] != 0xFF:
            return None
        marker = content[place + 1]
        if marker == 0xFF:
            place += 1
            continue
        length = int.from_bytes(content[place + 2 : place + 4], "big")
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", content[place + 5 : place + 9])
            return width, height
        if length < 2:
            return None
        place += 2 + length
    return None


def _png_size(content: bytes) -> tuple[int, int] | None:
    if content[12:16] != b"IHDR" or len(content) < 33:
        return None
    width, height = struct.unpack(">II", content[16:24])
    return width, height


def _webp_size(content: bytes) -> tuple[int, int] | None:
    if len(content) < 30:
        return None
    form = content[12:16]
    if form == b"VP8X":
        return int.from_bytes(content[24:27], "little") + 1, int.from_bytes(content[27:30], "little") + 1
    if form == b"VP8L":
        bits = int.from_bytes(content[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if form == b"VP8 ":
        width, height = struct.unpack("<HH", content[26:30])
        return width & 0x3FFF, height & 0x3FFF
    return None


def _pdf(content: bytes) -> Verdict:
    if b"%%EOF" not in content[-2048:]:
        raise Refused("PDF 文件不完整，可能没有传完。请重新导出或重新选择。")
    # bodies of streams are compressed noise; objects hidden in object streams are looked at unpacked
    plain, left = _STREAM.sub(rb"<<\g<head>>>", content), MAX_INFLATED
    parts = [plain]
    for found in _STREAM.finditer(content):
        if b"ObjStm" in _unescaped(found["head"]):
            unpacked = _inflate(found["body"], left)
            left -= len(unpacked)
            if left <= 0:
                raise Refused("PDF 文件解开后过大，无法安全检查。请用“打印为 PDF”重新生成后上传。")
            parts.append(unpacked)
    if any(_ACTIVE.search(_unescaped(part)) for part in parts):
        raise Refused("PDF 中含有脚本、程序或内嵌文件，为安全起见不能接收。请用“打印为 PDF”重新生成后上传。")
    if b"/Encrypt" in plain:
        raise Refused("PDF 设有密码或权限限制，无法检查。请去除密码后再上传。")
    return Verdict("pdf", "application/pdf", ".pdf")


def _unescaped(part: bytes) -> bytes:
    return _ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), part)


def _inflate(body: bytes, limit: int) -> bytes:
    try:
        return zlib.decompressobj().decompress(body.lstrip(b"\r\n"), max(1, limit))
    except zlib.error:
        return body


def _text(content: bytes) -> Verdict:
    """CSV or plain text: decodable and without control characters."""
    if b"\x00" not in content:
        for encoding in ("utf-8-sig", "gb18030"):
            try:
                text = content.decode(encoding)
            except UnicodeDecodeError:
                continue
            if not re.search(
                r"[\x01-\x08\x0b\x0e-\x1f\x7f]|<(?:script|html|svg|!doctype)", text[:1_000_000], re.IGNORECASE
            ):
                return Verdict("sheet", "text/csv", ".csv")
            break
    raise Refused(
        "不接收这种类型的文件。可以上传照片（JPG、PNG、WebP）、PDF、Excel（xlsx）、Word（docx）和 CSV。"
    )
