"""One cell's text → its value, by column type. Run on distinct values only, so plain Python is fast enough."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from hutong.kernel import areas, money
from hutong.linkage.contract import Column

Parsed = tuple[Any, str]
"""(value or None, reason it could not be read or '')."""

_DATE = re.compile(
    r"(\d{4})\s*(?:[-/.]|年)\s*(\d{1,2})\s*(?:[-/.]|月)\s*(\d{1,2})\s*日?(?:[ T]00:00(?::00(?:\.0+)?)?)?"
)
_PLAIN_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})")
_SEX = {"男": "1", "女": "2", "男性": "1", "女性": "2", "1": "1", "2": "2", "1.0": "1", "2.0": "2"}
_BOOL = {
    "是": True,
    "否": False,
    "1": True,
    "0": False,
    "true": True,
    "false": False,
    "有": True,
    "无": False,
}
_GRADES = {
    form.format(d=digit, n=number): number
    for number, digit in enumerate("一二三四", start=1)
    for form in ("{d}级", "{n}级", "{n}", "{d}", "{n}.0")
}


def tidy(text: str) -> str:
    """Half-width, without blanks at the ends."""
    return unicodedata.normalize("NFKC", text).strip()


def parse_date(text: str) -> Parsed:
    found = _DATE.fullmatch(text) or _PLAIN_DATE.fullmatch(text)
    try:
        return date(*map(int, found.groups()[:3])) if found else None, "" if found else "不是日期"
    except ValueError:
        return None, "不是存在的日期"


def _sex(text: str) -> Parsed:
    value = _SEX.get(text)
    return value, "" if value else "应为男或女"


def _bool(text: str) -> Parsed:
    value = _BOOL.get(text.lower())
    return value, "" if value is not None else "应为是或否"


def _grade(text: str) -> Parsed:
    value = _GRADES.get(text)
    return value, "" if value else "应为一级至四级"


def _area(text: str) -> Parsed:
    digits = text.removesuffix(".0")
    if len(digits) not in (6, 9, 12):
        return None, "应为 6、9 或 12 位区划代码"
    try:
        return areas.pad(digits), ""
    except areas.AreaCodeError:
        return None, "区划代码应全部为数字"


def _money(text: str) -> Parsed:
    try:
        fen = money.parse_yuan(text)
    except money.MoneyError:
        return None, "不是有效金额"
    return (None, "金额不能为负") if fen < 0 else (int(fen), "")


_PARSERS: dict[str, Callable[[str], Parsed]] = {
    "date": parse_date,
    "sex": _sex,
    "bool": _bool,
    "grade": _grade,
    "area": _area,
    "money": _money,
}


def parse(column: Column, cell: Any) -> Parsed:
    """Value of one cell, whatever its Python type; blank is (None, '')."""
    if cell is None:
        return None, ""
    if isinstance(cell, datetime):
        cell = cell.date()
    if column.type == "date" and isinstance(cell, date):
        return cell, ""
    text = tidy(str(cell))
    if not text:
        return None, ""
    if column.type == "enum":
        value = column.values.get(text) or column.values.get(text.removesuffix("儿童"))
        allowed = "、".join(dict.fromkeys(column.values.values()))
        return value, "" if value else f"应为{allowed}之一"
    return _PARSERS[column.type](text) if column.type in _PARSERS else (text, "")
