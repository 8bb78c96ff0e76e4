"""The check of a list without taking it in: what the trial desk answers, and how a pushed row is read."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from hutong.domains.exchange.services import delivering
from hutong.domains.exchange.services.errors import NotPossible
from hutong.domains.exchange.storage import sandbox, store
from hutong.kernel import sheets
from hutong.linkage.catalogue import LISTS

NAME = "接口推送.csv"
"""What rows sent as JSON are called wherever a file name is shown."""


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What the check would say; ``rejected``: (line, reason), ``sha256`` of the bytes as sent."""

    sha256: str
    size: int
    kind: str
    rows: int
    passed: int
    warned: int
    refused: int
    warnings: list[str]
    reasons: list[list[Any]]
    rejected: list[tuple[int, str]]


def rehearse(
    *, list_code: str, name: str, source: BinaryIO, agreed: delivering.Agreed | None = None
) -> Rehearsal:
    """Read and check as ``deliver`` and ``check_now`` do, keep nothing. Persons must be fictitious."""
    with store.workspace() as folder:
        seen = delivering.look(folder, source, name, list_code)
        if agreed is not None:
            agreed(seen.rows)
        report = sandbox.run(
            "check", folder, name, file=seen.path.name, list=list_code, mapping=None, programs=True, fictitious=True
        )  # fmt: skip
        return Rehearsal(
            sha256=seen.sha256, size=seen.size, kind=seen.kind, rows=report["passed"] + report["refused"],
            passed=report["passed"], warned=report["warned"], refused=report["refused"], warnings=report["warnings"],
            reasons=report["reasons"], rejected=_rejected(folder / "rejected.parquet"),
        )  # fmt: skip


def _rejected(path: Path) -> list[tuple[int, str]]:
    import pyarrow.parquet

    table = pyarrow.parquet.read_table(path)
    if not table.num_rows:
        return []
    return list(zip(table["line"].to_pylist(), table["reason"].to_pylist(), strict=True))


def as_csv(list_code: str, rows: Iterable[Mapping[str, Any]]) -> bytes:
    """Rows given as {column code: text} as a file of the list, columns in the order of the contract.

    NotPossible for a key that is no column: a misspelt one must not be lost silently.
    """
    table = LISTS[list_code].table
    known = {name: column.code for column in table.columns for name in (column.code, column.header)}
    codes = [column.code for column in table.columns]
    lines = []
    for number, row in enumerate(rows, 1):
        if unknown := [name for name in row if name not in known]:
            raise NotPossible(
                f"第 {number} 行有“{table.title}”清单没有的列（{len(unknown)} 个）。请使用：{'、'.join(codes)}。"
            )
        values = {known[name]: "" if value is None else str(value) for name, value in row.items()}
        if len(values) < len(row):
            raise NotPossible(f"第 {number} 行同一列给了两次（中文表头和代码各一次），请只留一个。")
        lines.append([values.get(code, "") for code in codes])
    sink = io.StringIO(newline="")
    sheets.write_csv(sink, codes, lines)
    try:
        return sink.getvalue().encode()
    except UnicodeEncodeError:
        raise NotPossible("有的内容不是有效的文字（含残缺的字符），请检查导出程序的编码。") from None


def rehearse_row(*, list_code: str, row: Mapping[str, Any]) -> None:
    """Check one row as a push is checked, keep nothing; the person must be fictitious."""
    from hutong.domains.exchange.services import pushing

    pushing.read_row(list_code, row, fictitious=True)
