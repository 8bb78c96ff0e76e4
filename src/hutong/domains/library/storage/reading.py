"""The text of an uploaded .txt or .docx, read and cut in the sandbox's child (ADR 0026). The act itself knows no Django."""

from __future__ import annotations

import io
import tempfile
import zipfile
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree

from hutong.domains.library.storage import splitting
from hutong.foundation import sandbox
from hutong.foundation.documents import inspection

LARGEST: Final = 4 * 2**20
TOO_LARGE: Final = "文件超过 4 MB。请另存为纯文本（txt）或去掉图片后再上传。"
_CHARACTERS: Final = 400_000
_TOO_LONG: Final = "文件文字超过 40 万字，不像一份政策文件。请拆分后再上传。"
_ACT: Final = f"{__name__}:read"
_KILLED: Final = (
    "读取这个文件用去的内存或时间超过上限，已停止，没有导入任何内容。请另存为纯文本（txt）后再上传。"
)
_NOT_TEXT: Final = "这不是 txt 或 docx 文字文件，没有导入任何内容。PDF、图片和表格请先转为文字，另存为 txt 或 docx 后再上传。"
_NO_TEXT: Final = "文件里没有文字（可能是扫描图片），没有导入任何内容。请先识别成文字后再上传。"
_BROKEN: Final = "Word 文件读不出来，没有导入任何内容。请用 Word 或 WPS 另存为 docx 后再上传。"
_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SKIP: Final = (
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback", f"{_W}instrText", f"{_W}delText", f"{_W}pPr",
)  # fmt: skip


class Refused(ValueError):
    """The file is not taken; the sentence is for whoever sent it."""


def cut(content: bytes) -> dict[str, Any]:
    """What ``splitting.Split`` says of an upload, as plain data. Raises Refused."""
    if len(content) > LARGEST:
        raise Refused(TOO_LARGE)
    with tempfile.TemporaryDirectory() as workspace:
        (Path(workspace) / "sent").write_bytes(content)
        try:
            told = sandbox.run(_ACT, Path(workspace))
        except sandbox.Killed:
            raise Refused(_KILLED) from None
    if "error" in told:
        raise Refused(str(told["error"]))
    return told


def read(folder: Path, request: dict[str, Any]) -> dict[str, Any]:
    """The act: ``sent`` in the folder, inspected like any attachment before it is read."""
    content = (folder / "sent").read_bytes()
    try:
        suffix = inspection.inspect(content).suffix
    except inspection.Refused as refused:
        return {"error": str(refused)}
    if suffix not in (".docx", ".csv"):  # any text is a csv to the inspection
        return {"error": _NOT_TEXT}
    try:
        text = _word(content) if suffix == ".docx" else _plain(content)
    except (ElementTree.ParseError, KeyError, zipfile.BadZipFile, RecursionError):
        return {"error": _BROKEN}
    if not text.strip():
        return {"error": _NO_TEXT}
    if len(text) > _CHARACTERS:
        return {"error": _TOO_LONG}
    return splitting.split(text).plain()


def _plain(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("gb18030")  # the inspection has decoded it before


def _word(content: bytes) -> str:
    """Paragraphs of the main part, one a line; what was deleted, fields and fallbacks of drawings are not text."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        root = ElementTree.fromstring(package.read("word/document.xml"))  # noqa: S314  see above
    lines: list[str] = []
    line: list[str] = []
    # in document order without recursion: a file may nest ten thousand deep
    walk = [root]
    while walk:
        node = walk.pop()
        if node.tag in _SKIP:
            continue
        if node.tag == f"{_W}p":
            lines.append("".join(line))
            line = []
        elif node.tag == f"{_W}t":
            line.append(node.text or "")
        elif node.tag in (f"{_W}tab", f"{_W}br", f"{_W}cr"):
            line.append(" " if node.tag.endswith("tab") else "\n")
        walk.extend(reversed(node))
    lines.append("".join(line))
    return "\n".join(lines)
