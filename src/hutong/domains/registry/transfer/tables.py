"""The four tables of a registry folder: columns, headers, and how a cell is read."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import pyarrow as pa

from hutong.domains.registry.machines import wording
from hutong.kernel import areas, money

_STRING: Final = pa.string()
_DAY: Final = re.compile(r"(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?(?:[ T]00:00:00)?", re.ASCII)
_YES: Final = {
    "是": True,
    "1": True,
    "true": True,
    "有": True,
    "否": False,
    "0": False,
    "false": False,
    "无": False,
}


class CellError(ValueError):
    """A cell that cannot be read; the text is the reason in Chinese."""


def _text(value: Any) -> str:
    return (
        unicodedata.normalize("NFKC", str(value)).strip()
        if max(str(value), default="") >= "\uff00"
        else str(value).strip()
    )


def _day(value: Any) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    match = _DAY.fullmatch(_text(value))
    if match:
        try:
            return date(*map(int, match.groups()))
        except ValueError:
            pass
    raise CellError(f"“{value}”不是有效日期，请写成 2026-09-30。")


def _sex(value: Any) -> int:
    found = {"男": 1, "1": 1, "女": 2, "2": 2}.get(_text(value).removesuffix(".0"))
    if found is None:
        raise CellError(f"性别“{value}”不能识别，请写男或女。")
    return found


def _yes(value: Any) -> bool:
    found = value if isinstance(value, bool) else _YES.get(_text(value).lower())
    if found is None:
        raise CellError(f"“{value}”不能识别，请写是或否。")
    return bool(found)


def _area(value: Any) -> str:
    digits = _text(value)
    if len(digits) not in (6, 9, 12):
        raise CellError(f"区划代码“{value}”应为 6、9 或 12 位数字。")
    try:
        return areas.pad(digits)
    except areas.AreaCodeError as error:
        raise CellError(str(error)) from None


def _number(value: Any) -> str:
    if isinstance(value, int | float):
        raise CellError("证件号码是数字格式，后几位可能已丢失，请改为文本后重填。")
    return _text(value)


def _fen(value: Any) -> int:
    try:
        return money.parse_yuan(_text(value))
    except money.MoneyError as error:
        raise CellError(str(error)) from None


def _one_of(codes: Mapping[str, str], **also: str) -> Callable[[Any], str]:
    known = {code: code for code in codes} | {label: code for code, label in codes.items()} | also

    def read(value: Any) -> str:
        found = known.get(_text(value))
        if found is None:
            raise CellError(f"“{value}”不在可选范围内（{'、'.join(codes.values())}）。")
        return found

    return read


@dataclass(frozen=True, slots=True)
class Column:
    code: str
    header: str
    read: Callable[[Any], Any] = _text
    arrow: Any = _STRING
    required: bool = False


_CHILD: Final = Column("child_id", "档案号", required=True)
_NUMBER: Final = Column("id_number", "身份证件号码", _number)

CHILDREN: Final = (
    _CHILD,
    Column("name", "姓名", required=True),
    _NUMBER,
    Column("sex", "性别", _sex, pa.int64(), True),
    Column("birth_date", "出生日期", _day, pa.date32(), True),
    Column("hukou_area", "户籍地代码", _area, required=True),
    Column("residence_area", "居住地代码", _area, required=True),
    Column("rural", "农村", _yes, pa.bool_()),
    Column(
        "lives_with", "同住人", _one_of(wording.LIVES_WITH, 祖父母="grandparents", 外祖父母="grandparents")
    ),
    Column("place", "安置方式", _one_of(wording.PLACES)),
    Column("guard", "监护状况", _one_of(wording.GUARD)),
    Column("school", "学段", _one_of(wording.STAGES, 无="none", 幼儿园="preschool", 大学="undergrad")),
    Column("full_time", "全日制", _yes, pa.bool_()),
    Column("single", "单亲", _yes, pa.bool_()),
    Column("entrusted", "已签委托照护", _yes, pa.bool_()),
    Column("adopted", "已收养", _yes, pa.bool_()),
    Column("was", "18岁前认定类别"),
)
PARENTS: Final = {code: wording.RELATIONS[code] for code in ("father", "mother", "guardian")}
KIN: Final = (
    _CHILD,
    Column("relation", "关系", _one_of(PARENTS, 父="father", 母="mother"), required=True),
    Column("name", "姓名", required=True),
    _NUMBER,
    Column("sex", "性别", _sex, pa.int64()),
    Column("birth_date", "出生日期", _day, pa.date32()),
    Column("area_code", "户籍地代码", _area),
)
ROLL: Final = (
    _CHILD,
    Column("scheme", "类别", _one_of(wording.SCHEMES), required=True),
    Column("since", "起始日期", _day, pa.date32(), True),
    Column("monthly", "月标准", _fen),
)
CIRCUMSTANCES: Final = (
    Column("subject", "主体", _one_of({k: v for k, v in wording.SUBJECTS.items() if k != "person"}, 父="father", 母="mother",本人="child",儿童="child"), required=True),
    _CHILD,
    Column("kind", "情形", _one_of({**wording.CIRCUMSTANCES, "hiv": "艾滋病病毒感染"}), required=True),
    Column("from", "起", _day, pa.date32(), True),
    Column("to", "止", _day, pa.date32()),
    Column("detail", "说明"),
    Column("evidence", "依据"),
    Column("verified_on", "核实日期", _day, pa.date32()),
)  # fmt: skip
TABLES: Final[Mapping[str, tuple[Column, ...]]] = {
    "children": CHILDREN,
    "kin": KIN,
    "roll": ROLL,
    "circumstances": CIRCUMSTANCES,
}
TITLES: Final = {"children": "儿童", "kin": "父母和监护人", "roll": "在册", "circumstances": "已核实情形"}
REQUIRED: Final = ("children", "kin", "roll")


def schema(table: str) -> pa.Schema:
    return pa.schema([(column.code, column.arrow) for column in TABLES[table]])
