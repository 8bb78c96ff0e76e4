"""A list of places as somebody sends it: CSV or Parquet with a code and a name. Read inside the sandbox (ADR 0026); no Django here."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from hutong.kernel import areas

MOST: Final = 900_000
"""The country has some 660,000 places."""
NAME: Final = 80
_PROBLEMS: Final = 50
_CODE, _NAME = ("code", "区划代码", "代码"), ("name", "名称", "区划名称")
_NO_COLUMNS = "清单第一行应有 code 和 name 两列（或“区划代码”“名称”）。请按模板整理，另存为 CSV 后再上传。"
_NO_PARQUET = "文件不是含 code、name 两列的 Parquet。请重新导出后再上传。"


class BadList(ValueError):
    """The list cannot be taken; the text is for the sender, ``problems`` names lines."""

    def __init__(self, sentence: str, problems: list[str] | None = None) -> None:
        super().__init__(sentence)
        self.problems = problems or []


def look(folder: Path, request: dict[str, Any]) -> dict[str, Any]:
    """The act of the sandbox: ``sent`` in the folder becomes ``listed.json``, code → name in and below ``request["within"]``."""
    try:
        listed = parse((folder / "sent").read_bytes(), request["within"])
    except BadList as bad:
        return {"error": str(bad), "problems": bad.problems}
    (folder / "listed.json").write_text(json.dumps(listed, ensure_ascii=False), "utf-8")
    return {}


def parse(content: bytes, within: str) -> dict[str, str]:
    """Code → name, in the order of the list. A single bad line refuses it whole."""
    rows = _parquet(content) if content.startswith(b"PAR1") else _csv(content)
    lo, hi = areas.bounds(within)
    found: dict[str, str] = {}
    problems: list[str] = []
    for number, (code, name) in enumerate(rows, start=2):
        if number > MOST or len(problems) >= _PROBLEMS:
            break
        try:
            full = areas.pad(code)
        except areas.AreaCodeError as error:
            problems.append(f"第 {number} 行：{error}")
            continue
        tidy = "".join(name.split())
        if not tidy:
            problems.append(f"第 {number} 行：{full} 没有名称。")
        elif len(tidy) > NAME or not tidy.isprintable():
            problems.append(f"第 {number} 行：{full} 的名称过长或含有不可见的字符。")
        elif found.setdefault(full, tidy) != tidy:
            problems.append(f"第 {number} 行：{full} 出现两次，名称不同。")
    if problems:
        raise BadList("清单有错误，没有比对。请更正后重新上传。", problems)
    inside = {code: name for code, name in found.items() if lo <= code < hi}
    if not inside:
        raise BadList("清单里没有这个范围内的区划。请核对文件和范围。")
    return inside


def _parquet(content: bytes) -> Iterator[tuple[str, str]]:
    try:
        file = pq.ParquetFile(io.BytesIO(content))
        if file.metadata.num_rows > MOST:
            raise BadList("清单的行数超过全国区划总数。请核对文件。")
        table = file.read(columns=["code", "name"])
        codes, names = table.column("code").to_pylist(), table.column("name").to_pylist()
    except (pa.ArrowException, OSError, KeyError):
        raise BadList(_NO_PARQUET) from None
    return ((str(code or ""), str(name or "")) for code, name in zip(codes, names, strict=True))


def _csv(content: bytes) -> Iterator[tuple[str, str]]:
    reader = csv.reader(line for line in io.StringIO(_text(content), newline="") if not line.startswith("#"))
    try:
        header = [one.strip().lower() for one in next(reader, [])]
        code_at, name_at = _position(header, _CODE), _position(header, _NAME)
        for row in reader:
            if any(row):
                yield _cell(row, code_at), _cell(row, name_at)
    except csv.Error:
        raise BadList(
            "清单不是正确的 CSV。请用 Excel 打开，另存为“CSV UTF-8（逗号分隔）”后再上传。"
        ) from None


def _text(content: bytes) -> str:
    if b"\x00" not in content:
        for encoding in ("utf-8-sig", "gb18030"):
            try:
                return content.decode(encoding)
            except UnicodeDecodeError:
                continue
    raise BadList(
        "文件不是 CSV 或 Parquet 表格，或文字编码无法识别。请用 Excel 另存为“CSV UTF-8（逗号分隔）”后再上传。"
    )


def _position(header: list[str], names: tuple[str, ...]) -> int:
    for name in names:
        if name in header:
            return header.index(name)
    raise BadList(_NO_COLUMNS)


def _cell(row: list[str], at: int) -> str:
    return row[at].strip() if at < len(row) else ""
