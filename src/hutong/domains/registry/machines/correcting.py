"""How each fact of a file is corrected, by dated lines with their source (``data/corrections.yaml``)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

import yaml

from hutong.kernel import clock

FILE: Final = Path(__file__).parent.parent / "data" / "corrections.yaml"
Risk = Literal["high", "low"]
Level = Literal["township", "county"]

LABELS: Final = {
    "name": "姓名", "id_kind": "证件", "id_number": "身份证件号码", "sex": "性别", "birth_date": "出生日期", "ethnic": "民族",
    "hukou_area": "户籍地", "residence_area": "居住地", "guardian": "监护方式和监护人", "address": "详细地址", "phone": "联系电话",
    "lives_with": "同住人", "place": "安置方式", "rural": "农村户籍或居住在农村", "single": "单亲家庭", "entrusted": "已签委托照护协议",
    "adopted": "已被收养", "payee_name": "收款户名", "payee_bank": "开户银行", "payee_account": "银行账号",
}  # fmt: skip
AREAS: Final = ("hukou_area", "residence_area")


@dataclass(frozen=True, slots=True)
class FieldRule:
    """``risk`` high: only by proposal once the file is in care; ``approve``: the lowest level that decides."""

    field: str
    risk: Risk
    approve: Level
    papers: tuple[str, ...]
    source: str

    @property
    def label(self) -> str:
        return LABELS[self.field]


@cache
def _read() -> dict[str, dict[str, list[dict[str, Any]]]]:
    found: dict[str, dict[str, list[dict[str, Any]]]] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    if unknown := found["fields"].keys() ^ LABELS.keys():
        raise ValueError(f"{FILE.name}: fields {sorted(unknown)} are unknown or missing")
    return found


def _live(lines: list[dict[str, Any]], on: date) -> dict[str, Any] | None:
    begun = [line for line in lines if line["from"] <= on]
    return max(begun, key=lambda line: line["from"], default=None)


def rule(field: str, on: date | None = None) -> FieldRule:
    """The rule for a field on a day; KeyError for one that is not corrected."""
    line = _live(_read()["fields"][field], on or clock.today())
    if line is None:
        raise KeyError(field)
    return FieldRule(field, line["risk"], line["approve"], tuple(line["papers"]), line["source"])


def high(on: date | None = None) -> frozenset[str]:
    """The fields that need a second person."""
    return frozenset(field for field in LABELS if rule(field, on).risk == "high")


def papers(fields: Iterable[str], on: date | None = None) -> list[str]:
    """Every paper these fields ask for, once, in the order of the table."""
    wanted = set(fields)
    asked = [paper for field in LABELS if field in wanted for paper in rule(field, on).papers]
    return list(dict.fromkeys(asked))


def term(name: str, area_code: str, on: date) -> int | None:
    """A dated amount of time, for the clocks of the engine; None for a name this app does not know."""
    line = _live(_read()["terms"].get(name, []), on)
    return int(line["value"]) if line else None
