"""Pictures by their bytes: how large they become when drawn, and where they end (TM-10). Pure.

Nothing is decoded here. What stands behind the end of a picture (a page, a package, a film) belongs to another file.
"""

from __future__ import annotations

import struct
from typing import Final

MAX_SIDE: Final = 12_000
MAX_PIXELS: Final = 80_000_000
_PNG: Final = b"\x89PNG\r\n\x1a\n"


def kind(content: bytes) -> str:
    """'jpeg', 'png', 'webp' or ''."""
    if content[:3] == b"\xff\xd8\xff":
        return "jpeg"
    if content[:8] == _PNG:
        return "png"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "webp"
    return ""


def size(content: bytes) -> tuple[int, int] | None:
    """Width and height as the header says; None where it says nothing."""
    read = {"jpeg": jpeg_size, "png": _png_size, "webp": _webp_size}.get(kind(content))
    return read(content) if read else None


def too_large(width: int, height: int) -> bool:
    return not width or not height or max(width, height) > MAX_SIDE or width * height > MAX_PIXELS


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


def end(content: bytes) -> int | None:
    """Where the picture ends; None when it does not (cut, or its parts do not join)."""
    read = {"jpeg": _jpeg_end, "png": _png_end, "webp": _webp_end}.get(kind(content))
    return read(content) if read else None


def _jpeg_end(content: bytes) -> int | None:
    """Segment by segment; behind a start of scan until the next marker that is neither stuffing nor a restart."""
    place = 2
    while (place := content.find(b"\xff", place)) >= 0 and place + 1 < len(content):
        marker = content[place + 1]
        if marker == 0xD9:
            return place + 2
        if marker == 0xFF:
            place += 1
        elif marker in (0x00, 0x01) or 0xD0 <= marker <= 0xD8:
            place += 2
        else:
            place += 2 + max(2, int.from_bytes(content[place + 2 : place + 4], "big"))
    return None


def _png_end(content: bytes) -> int | None:
    place = 8
    while place + 12 <= len(content):
        length, name = struct.unpack(">I4s", content[place : place + 8])
        place += 12 + length
        if name == b"IEND":
            return place if place <= len(content) else None
    return None


def _webp_end(content: bytes) -> int | None:
    ends = 8 + int.from_bytes(content[4:8], "little")
    return ends if ends <= len(content) else None
