"""What an uploaded file really is, by its content; whatever is not plainly harmless is refused (TM-10).

Bytes in, ``Verdict`` out, ``Refused`` with the sentence for the user. Images by signature and dimensions, PDF without active
content, Office files without macros, external links or bombs, text that can be decoded. ``examine`` does it in the sandbox:
no content is looked at in the web process.
"""

from __future__ import annotations

import re
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from hutong.foundation import sandbox
from hutong.foundation.documents import images, packages, papers

MAX_SIZE: Final = 20 * 2**20
TOO_LARGE: Final = "文件超过 20 MB 的上限。请压缩图片或拆分后再上传。"
MAX_LINE: Final = 2**20
_KILLED: Final = (
    "检查这个文件用去的内存或时间超过上限，已停止，没有接收。请用“打印为 PDF”或“另存为”重新生成后再上传。"
)
_ACT: Final = "hutong.foundation.documents.inspection:look"


class Refused(ValueError):
    """The file is not taken; the text says why and how to mend it, in Chinese."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """``kind``: image, pdf, sheet, doc; ``suffix`` with its dot; ``keep``: how many bytes from the start are the file."""

    kind: str
    mime: str
    suffix: str
    keep: int = 0


def examine(content: bytes, folder: Path | None = None) -> tuple[Verdict, bytes]:
    """What it is and the bytes to keep, found out in the sandbox; Refused. ``folder``: where the workspace is made."""
    if not content or len(content) > MAX_SIZE:  # nothing to look at
        inspect(content)
    with tempfile.TemporaryDirectory(dir=folder) as workspace:
        (Path(workspace) / "sent").write_bytes(content)
        try:
            told = sandbox.run(_ACT, Path(workspace))
        except sandbox.Killed:
            raise Refused(_KILLED) from None
    if "error" in told:
        raise Refused(str(told["error"]))
    verdict = Verdict(**told)
    return verdict, content[: verdict.keep]


def look(folder: Path, request: dict[str, Any]) -> dict[str, Any]:
    """The act of the sandbox: ``sent`` in the folder."""
    try:
        return asdict(inspect((folder / "sent").read_bytes()))
    except Refused as refused:
        return {"error": str(refused)}


def inspect(content: bytes) -> Verdict:
    """Kind of the content, or Refused."""
    if not content:
        raise Refused("文件是空的（0 字节），可能没有传完。请重新选择文件。")
    if len(content) > MAX_SIZE:
        raise Refused(TOO_LARGE)
    if form := images.kind(content):
        return _image(content, form)
    try:
        if content[:5] == b"%PDF-":
            papers.inspect(content)
            return Verdict("pdf", "application/pdf", ".pdf", len(content))
        if content[:4] == b"PK\x03\x04":
            return Verdict(*packages.inspect(content), len(content))
    except (packages.BadPackage, papers.BadPaper) as error:
        raise Refused(str(error)) from None
    return _text(content)


def _image(content: bytes, form: str) -> Verdict:
    size, end = images.size(content), images.end(content)
    if size is None or end is None:
        raise Refused("图片文件不完整，可能没有传完。请重新拍摄或重新选择。")
    if images.too_large(*size):
        raise Refused(f"图片尺寸为 {size[0]}×{size[1]}，超过单边 {images.MAX_SIDE} 的上限。请缩小后再上传。")
    # what hangs behind the picture (a film of the phone, or a page, a package) is cut off
    return Verdict("image", f"image/{form}", ".jpg" if form == "jpeg" else f".{form}", end)


_CONTROL: Final = bytes([*range(9), 0x0B, *range(0x0E, 0x20), 0x7F])
"""Bytes that stand in no text, neither in UTF-8 nor as half a character of GB18030."""
_MARKUP: Final = ("<script", "<html", "<svg", "<iframe", "<!doctype", "<?xml", "mime-version:")
_PROGRAMS: Final = ("{\\rtf", "%!ps", "par1", "#!")
"""First characters of texts that are something else."""
_WORDS: Final = ("|", "hyperlink", "webservice", "import", "dde", "call", "rtd", "exec")
_REACHING_OUT = re.compile(
    r"""(?:^|[,;\t"])[ '"]{0,20}[=+@＝＋＠-][^,\n]{0,200}?"""
    r"(?:\|[^,\n]{0,200}?!|(?:hyperlink|webservice|import\w{0,10}|dde|call|rtd|exec)\s?\()",
    re.IGNORECASE,
)
"""A cell that would start a program or call an address when the table is opened in a spreadsheet program."""


def _text(content: bytes) -> Verdict:
    """CSV or plain text: decodable as a whole, without control characters."""
    text = _decoded(content)
    small = text.lower() if text else ""
    if text is None or small.startswith(_PROGRAMS) or any(word in small for word in _MARKUP):
        raise Refused(
            "不接收这种类型的文件。可以上传照片（JPG、PNG、WebP）、PDF、Excel（xlsx）、Word（docx）和 CSV。"
        )
    for line in small.split("\n"):
        if len(line) > MAX_LINE:
            raise Refused("文件中有一行超过 100 万字，不像表格。请从业务系统重新导出后再上传。")
        if any(word in line for word in _WORDS) and _REACHING_OUT.search(line):
            raise Refused("表格中有会启动程序或访问网址的公式，为安全起见不能接收。请改为普通文字后再上传。")
    return Verdict("sheet", "text/csv", ".csv", len(content))


def _decoded(content: bytes) -> str | None:
    if len(content.translate(None, _CONTROL)) != len(content):
        return None
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            if content.startswith(b"\xef\xbb\xbf"):  # says it is UTF-8 and is not
                return None
    return None
