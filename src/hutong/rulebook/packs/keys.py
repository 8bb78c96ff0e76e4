"""Every parameter a policy pack may set: its Chinese name and what a value must look like."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hutong.kernel.facts import DISABILITY_TYPES


@dataclass(frozen=True)
class Key:
    label: str
    expects: str
    accepts: Callable[[Any], bool]


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _grades(value: Any) -> bool:
    return isinstance(value, dict) and all(
        kind in DISABILITY_TYPES and isinstance(grades, list) and all(g in (1, 2, 3, 4) for g in grades)
        for kind, grades in value.items()
    )


def _days(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(k, str) and _whole(v) for k, v in value.items())


def _steps(value: Any) -> bool:
    return isinstance(value, dict) and all(
        isinstance(k, str) and isinstance(v, str) for k, v in value.items()
    )


def _whole_number(label: str) -> Key:
    return Key(label, "不小于零的整数", _whole)


def _fen(label: str) -> Key:
    return Key(label, "不小于零的整数，单位分", _whole)


def _list(label: str) -> Key:
    return Key(label, "文字列表", _texts)


def _switch(label: str) -> Key:
    return Key(label, "true 或 false", lambda v: isinstance(v, bool))


def _grade_sets(label: str) -> Key:
    return Key(label, "残疾类别到等级列表的对照", _grades)


KEYS: dict[str, Key] = {
    "child_age": _whole_number("儿童年龄上限（周岁，不含）"),
    "left_behind_age": _whole_number("留守儿童年龄上限（周岁，不含）"),
    "hukou_prefix": Key("户籍地范围（区划代码前缀，空为不限）", "文字", lambda v: isinstance(v, str)),
    "term_months": _whole_number("服刑、强制隔离戒毒、限制人身自由最短期限（月，含）"),
    "lost_months": _whole_number("失联最短时间（月，含）"),
    "police_missing_months": _whole_number("公安登记受理须超过的时间（月，不含）"),
    "migration_months": _whole_number("连续务工最短时间（月，含）"),
    "core_urban": _list("核心城区（县级代码）"),
    "dis_nat62": _grade_sets("重残：事实无人抚养口径"),
    "dis_s2": _grade_sets("重残：家庭困境口径"),
    "dis_tilt": _grade_sets("重残：医疗倾斜口径"),
    "dis_tekun": _grade_sets("重残：特困口径"),
    "tekun_entry_age": _whole_number("特困认定年龄（周岁，不含）"),
    "tekun_continue_stages": _list("满18周岁后继续特困供养的在读学段"),
    "institution_places": _list("按集中供养标准的安置方式"),
    "left_behind_not_in": _list("不计留守的安置方式"),
    "ref_orphan": _switch("设参照孤儿保障"),
    "extend_in_school": _list("满18周岁后继续保障的在读学段（空为不延长）"),
    "orphan_institution": _fen("孤儿基本生活费：集中供养（分/月）"),
    "orphan_scattered": _fen("孤儿基本生活费：散居（分/月）"),
    "ref_orphan_standard": _fen("参照孤儿保障标准（分/月）"),
    "defacto_standard": _fen("事实无人抚养儿童补贴标准（分/月）"),
    "hiv_paid_as_orphan": _switch("艾滋病病毒感染儿童按散居孤儿发放"),
    "expiring_days": _whole_number("情形即将变化预警（天）"),
    "near_child_age_days": _whole_number("将满18周岁预警（天）"),
    "near_left_behind_age_days": _whole_number("将满16周岁预警（天）"),
    "lead_due_working_days": Key("线索办理期限（工作日，按线索种类）", "线索种类到天数的对照", _days),
    "verify_working_days": _whole_number("乡镇查验期限（工作日）"),
    "confirm_working_days": _whole_number("县级确认期限（工作日）"),
    "compulsory_stages": _list("义务教育学段"),
    "twelve_year_stages": _list("12年免费教育学段"),
    "study_aid_orphan": _list("孤儿助学学段"),
    "study_aid_adopted_disabled": _switch("孤儿助学含被收养的残疾孤儿"),
    "study_aid_defacto": _list("助学成长学段"),
    "rehab_last_age": _whole_number("0—6岁康复末岁（周岁，含）"),
    "rehab_disabilities": _list("0—6岁康复残疾类别"),
    "unattended_age": _whole_number("不得无人看护的年龄（周岁，不含）"),
    "alone_age": _whole_number("不得单独居住的年龄（周岁，不含）"),
    "identify_months": _whole_number("身份不明转长期监护评估（月，超过）"),
    "visit_base": Key("走访间隔（按监护状况）", "监护状况到间隔的对照", _steps),
    "visit_denser": Key("重点儿童加密一档", "间隔到间隔的对照", _steps),
}
