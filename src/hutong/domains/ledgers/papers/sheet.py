"""What a table on paper consists of, before it is written as a workbook or a document."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Head:
    """A column on paper; ``width`` in characters."""

    label: str
    width: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """``left`` and ``right`` stand below the title (填报单位, 截止日期); ``foot`` below the table; ``mark`` on every page."""

    name: str
    title: str
    left: str
    right: str
    heads: tuple[Head, ...]
    rows: Iterable[tuple[str, ...]]
    foot: tuple[str, ...] = ()
    mark: str = ""
    note: str = ""


FOOT = ("制表人：", "审核人：", "负责人：", "日期：    年  月  日")
"""Who made, checked and answers for it: signed by hand."""
