"""The fact dictionary: one row a child, as comparison writes it and rules read it.

linkage derives this table (many children, as of one day), registry derives it for one child, rulebook
evaluates it. It is the one vocabulary the three share, so it lives below all of them.

Shape: flat columns. ``child_id`` first, then the child's own facts, then the same parent columns twice, prefixed
``father_`` and ``mother_``. Dates are dates; grades 1 (most severe) to 4; money in fen (int64); booleans are
three-valued: null means *nobody has told us*, never "no". Facts are raw dates; whether a term of
six months counts is the policy pack's business, not the fact's.
Circumstance columns hold the interval that matters on the day: the one covering it if there is one, else the latest
that ended before it (so that "ended" can be told from "never heard of").
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

FactType = Literal["str", "date", "bool", "int"]

DISABILITY_TYPES: dict[str, str] = {
    "visual": "视力",
    "hearing": "听力",
    "speech": "言语",
    "limb": "肢体",
    "intellectual": "智力",
    "mental": "精神",
    "multiple": "多重",
}
"""GB/T 26341-2010: the seven types of disability, code → Chinese."""


@dataclass(frozen=True, slots=True)
class Fact:
    name: str
    type: FactType
    label: str


_CHILD = [
    Fact("child_id", "str", "档案号"),
    Fact("as_of", "date", "比对基准日"),
    Fact("birth_date", "date", "出生日期"),
    Fact("sex", "str", "性别"),
    Fact("hukou_area", "str", "户籍地代码"),
    Fact("residence_area", "str", "居住地代码"),
    Fact("registered", "bool", "已登记户籍"),
    Fact("rural", "bool", "农村"),
    Fact("lives_with", "str", "同住人"),
    Fact("place", "str", "安置方式"),
    Fact("guard", "str", "监护状况"),
    Fact("school", "str", "学段"),
    Fact("full_time", "bool", "全日制"),
    Fact("enrolled", "bool", "在校"),
    Fact("dropout", "str", "失辍学"),
    Fact("single", "bool", "单亲"),
    Fact("entrusted", "bool", "已签委托照护"),
    Fact("adopted", "bool", "已收养"),
    Fact("adopted_on", "date", "收养登记日期"),
    Fact("died_on", "date", "儿童死亡日期"),
    Fact("was", "str", "18岁前认定类别"),
    Fact("foundling", "bool", "查找不到生父母"),
    Fact("police_cert", "bool", "公安查找证明"),
    Fact("hiv", "bool", "艾滋病病毒感染"),
    Fact("ill", "bool", "重病"),
    Fact("low_income", "str", "低保特困类型"),
    Fact("other_monthly", "int", "已享受其他生活补助（分/月）"),
    Fact("emergency_on", "date", "突发事件日期"),
    Fact("emergency_effect", "str", "突发事件影响"),
    Fact("roll", "str", "在册类别（逗号分隔，按字母序）"),
    Fact("roll_monthly", "int", "在册月标准合计（分）"),
    *(Fact(f"dis_{code}", "int", f"{zh}残疾等级") for code, zh in DISABILITY_TYPES.items()),
    Fact("dis_expired_on", "date", "残疾证到期日"),
]

_PARENT = [
    Fact("known", "bool", "登记在档"),
    Fact("unknown", "bool", "身份不明"),
    Fact("died_on", "date", "死亡日期"),
    Fact("died_kind", "str", "死亡类型"),
    Fact("missing_on", "date", "宣告失踪日期"),
    Fact("missing_revoked_on", "date", "撤销宣告失踪日期"),
    Fact("prison_from", "date", "服刑起"),
    Fact("prison_to", "date", "服刑止"),
    Fact("rehab_from", "date", "强制隔离戒毒起"),
    Fact("rehab_to", "date", "强制隔离戒毒止"),
    Fact("detention_from", "date", "其他限制人身自由起"),
    Fact("detention_to", "date", "其他限制人身自由止"),
    Fact("revoked_on", "date", "撤销监护资格日期"),
    Fact("restored_on", "date", "恢复监护资格日期"),
    Fact("deported_on", "date", "遣送出境日期"),
    Fact("reentry_on", "date", "再入境日期"),
    Fact("lost_since", "date", "失联起始"),
    Fact("lost_accepted_on", "date", "失联受理日期"),
    Fact("lost_receipt", "bool", "失联查找回执"),
    Fact("lost_route", "str", "失联认定途径"),
    *(Fact(f"dis_{code}", "int", f"{zh}残疾等级") for code, zh in DISABILITY_TYPES.items()),
    Fact("dis_expired_on", "date", "残疾证到期日"),
    Fact("ill_on", "date", "重病确诊日期"),
    Fact("work_since", "date", "外出务工起"),
    Fact("work_area", "str", "务工地代码"),
    Fact("work_returned_on", "date", "返乡日期"),
]

PARENTS: tuple[tuple[str, str], ...] = (("father", "父亲"), ("mother", "母亲"))

FACTS: tuple[Fact, ...] = (
    *_CHILD,
    *(Fact(f"{p}_{f.name}", f.type, f"{zh}{f.label}") for p, zh in PARENTS for f in _PARENT),
)
"""Every column in order."""

FACT_BY_NAME: dict[str, Fact] = {f.name: f for f in FACTS}
