"""The tables Hutong reads, as data: columns, headers, values, who delivers them and what a row means.

This is the catalogue the command line and the web import both use. The form of the files (formats, dates, encodings)
is in ``read``; the meaning of each list as a fact is in ``facts``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

ColumnType = Literal["text", "id", "name", "date", "sex", "bool", "area", "grade", "money", "enum"]
TYPE_LABELS: Mapping[ColumnType, str] = {
    "text": "文本",
    "id": "文本（18 位或 15 位，不能是数字格式）",
    "name": "文本",
    "date": "日期（如 2026-09-30、2026/9/30、20260930、2026年9月30日）",
    "sex": "男/女，或 1/2",
    "bool": "是/否",
    "area": "6、9 或 12 位区划代码",
    "grade": "一级至四级，或 1 至 4",
    "money": "元，最多两位小数",
    "enum": "下列之一",
}

DEPARTMENTS: Mapping[str, str] = {
    "CA": "民政",
    "GA": "公安",
    "FY": "法院",
    "JC": "检察院",
    "SF": "司法",
    "WJ": "卫健",
    "YB": "医保",
    "JY": "教育",
    "RS": "人社",
    "CL": "残联",
    "YJ": "应急",
    "XC": "乡村振兴",
    "BZ": "殡葬",
}
"""Department code → Chinese short name, as providers of lists."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column. ``values`` maps every accepted spelling of an enum to its code (empty = free text).

    ``who`` marks columns that only help to recognise the person: an unreadable value there is put aside with a warning
    instead of refusing the row.
    """

    code: str
    header: str
    type: ColumnType = "text"
    required: bool = False
    values: Mapping[str, str] = field(default_factory=dict)
    aliases: tuple[str, ...] = ()
    who: bool = False
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """One registry table or department list."""

    code: str
    title: str
    columns: tuple[Column, ...]
    providers: tuple[str, ...] = ()
    meaning: str = ""
    any_of: tuple[str, ...] = ()
    """At least one of these columns must be in the file and filled in every row."""
    intervals: tuple[tuple[str, str], ...] = ()
    """(from, to) pairs: a ``to`` before its ``from`` refuses the row."""
    unique: tuple[str, ...] = ()
    sealed: bool = False
    """Belongs to a sealed compartment: only its own officers may see rows."""

    def column(self, code: str) -> Column:
        return next(column for column in self.columns if column.code == code)


def _same(*codes: str) -> dict[str, str]:
    return {code: code for code in codes}


LIVES_WITH = {
    **_same(
        "parents", "mother", "father", "grandparents", "relatives", "alone", "none",
        "institution", "foster", "adopters", "school", "other",
    ),
    "父母": "parents", "母亲": "mother", "父亲": "father", "祖父母": "grandparents", "外祖父母": "grandparents",
    "祖辈": "grandparents", "亲属": "relatives", "独居": "alone", "无人照料": "none", "机构": "institution",
    "寄养家庭": "foster", "收养家庭": "adopters", "学校": "school", "其他": "other",
}  # fmt: skip
PLACES = {
    **_same("home", "institution", "foster", "rescue"),
    "家庭": "home", "机构": "institution", "寄养": "foster", "救助": "rescue",
}  # fmt: skip
GUARD = {
    **_same("GOOD", "FAIR", "POOR", "ABSENT"),
    "较好": "GOOD", "一般": "FAIR", "较差": "POOR", "缺失": "ABSENT",
}  # fmt: skip
STAGES = {
    **_same(
        "none", "preschool", "primary", "junior", "senior", "vocational", "college", "undergrad", "master", "phd"
    ),
    "无": "none", "未入学": "none", "学前": "preschool", "幼儿园": "preschool", "小学": "primary", "初中": "junior",
    "高中": "senior", "普通高中": "senior", "中职": "vocational", "中等职业学校": "vocational", "职高": "vocational",
    "大专": "college", "专科": "college", "高职": "college", "本科": "undergrad", "硕士": "master",
    "硕士研究生": "master", "博士": "phd", "博士研究生": "phd",
}  # fmt: skip
RELATIONS = {
    **_same("father", "mother", "guardian"),
    "父": "father", "父亲": "father", "母": "mother", "母亲": "mother", "监护人": "guardian",
}  # fmt: skip
SUBJECTS = {
    **_same("child", "father", "mother"),
    "本人": "child", "儿童": "child", "儿童本人": "child",
    "父": "father", "父亲": "father", "母": "mother", "母亲": "mother",
}  # fmt: skip
SCHEMES = {
    **_same("ORPHAN-I", "ORPHAN-S", "REF-ORPHAN", "DEFACTO", "LB"),
    "集中供养孤儿": "ORPHAN-I", "机构孤儿": "ORPHAN-I", "散居孤儿": "ORPHAN-S", "社会散居孤儿": "ORPHAN-S",
    "参照孤儿": "REF-ORPHAN", "参照孤儿保障": "REF-ORPHAN", "事实无人抚养": "DEFACTO",
    "事实无人抚养儿童": "DEFACTO", "留守儿童": "LB", "农村留守儿童": "LB",
}  # fmt: skip
CUSTODY_KINDS = {
    **_same("服刑", "强制隔离戒毒", "其他限制人身自由"),
    "服刑在押": "服刑", "强戒": "强制隔离戒毒", "强制戒毒": "强制隔离戒毒",
    "限制人身自由": "其他限制人身自由", "被执行其他限制人身自由的措施": "其他限制人身自由",
}  # fmt: skip
DISABILITY_KINDS = {
    kind + tail: kind
    for kind in ("视力", "听力", "言语", "肢体", "智力", "精神", "多重")
    for tail in ("", "残疾")
}
POVERTY_KINDS = {
    **_same("低保", "特困", "建档立卡", "其他"),
    "最低生活保障": "低保", "特困供养": "特困", "特困人员": "特困", "脱贫户": "建档立卡", "低收入": "其他",
    "低保边缘": "其他",
}  # fmt: skip

CHILD_ID = Column("child_id", "档案号", required=True)

CHILDREN = Table(
    code="children",
    title="儿童",
    meaning="一名儿童一行",
    unique=("child_id",),
    columns=(
        CHILD_ID,
        Column("name", "姓名", "name", required=True, aliases=("儿童姓名",)),
        Column("id_number", "身份证件号码", "id", aliases=("身份证号", "身份证号码", "公民身份号码"),
               hint="未登记户籍的留空"),
        Column("sex", "性别", "sex", required=True),
        Column("birth_date", "出生日期", "date", required=True, aliases=("出生年月日",)),
        Column("hukou_area", "户籍地代码", "area", required=True, aliases=("户籍地区划代码",)),
        Column("residence_area", "居住地代码", "area", required=True, aliases=("居住地区划代码",)),
        Column("rural", "农村", "bool"),
        Column("lives_with", "同住人", "enum", values=LIVES_WITH),
        Column("place", "安置方式", "enum", values=PLACES),
        Column("guard", "监护状况", "enum", values=GUARD),
        Column("school", "学段", "enum", values=STAGES),
        Column("full_time", "全日制", "bool"),
        Column("single", "单亲", "bool"),
        Column("entrusted", "已签委托照护", "bool"),
        Column("adopted", "已收养", "bool"),
        Column("was", "18岁前认定类别", "text"),
    ),
)  # fmt: skip
KIN = Table(
    code="kin",
    title="父母和监护人",
    meaning="一名儿童的一位父母或监护人一行；同一人可在多名儿童名下",
    columns=(
        CHILD_ID,
        Column("relation", "关系", "enum", required=True, values=RELATIONS),
        Column("name", "姓名", "name", required=True),
        Column("id_number", "身份证件号码", "id", aliases=("身份证号", "身份证号码", "公民身份号码")),
        Column("sex", "性别", "sex", who=True),
        Column("birth_date", "出生日期", "date", who=True),
        Column("area_code", "户籍地代码", "area", who=True, aliases=("区划代码",)),
    ),
)
ROLL = Table(
    code="roll",
    title="在册名单",
    meaning="现在发放或列入名单的儿童，一类一行",
    columns=(
        CHILD_ID,
        Column("scheme", "类别", "enum", required=True, values=SCHEMES),
        Column("since", "起始日期", "date", required=True),
        Column("monthly", "月标准", "money", hint="不发钱的名单留空"),
    ),
)
_LIST_CODES: Mapping[str, str] = {
    "deaths": "死亡人员",
    "declared_missing": "宣告失踪",
    "custody": "服刑强戒限制自由",
    "guardianship_revoked": "撤销监护资格",
    "deported": "遣送驱逐出境",
    "lost_contact": "失联查找",
    "disability": "残疾人证",
    "serious_illness": "重病",
    "hiv": "艾滋病病毒感染儿童",
    "low_income": "低保特困低收入",
    "enrolment": "学籍",
    "migrant_work": "外出务工",
    "adoptions": "收养登记",
    "emergencies": "突发事件影响",
}
_JUDGED: Mapping[str, str] = {
    "judged_unable": "综合判断：确实难以履行监护职责",
    "judged_able": "综合判断：能够履行监护职责",
}
"""What a person judged of a parent: kept in the file, and no evidence for a comparison."""
CIRCUMSTANCES = Table(
    code="circumstances",
    title="已核实情形",
    meaning="工作人员已经核实的情形，优先于名单",
    intervals=(("from", "to"),),
    columns=(
        Column("subject", "主体", "enum", required=True, values=SUBJECTS),
        CHILD_ID,
        Column(
            "kind",
            "情形",
            "enum",
            required=True,
            values={
                **_same(*_LIST_CODES, *_JUDGED),
                **{title: code for code, title in {**_LIST_CODES, **_JUDGED}.items()},
            },
        ),
        Column("from", "起", "date", required=True),
        Column("to", "止", "date"),
        Column("detail", "说明", hint="服刑等写种类，残疾写类别和等级（如：肢体 2级）"),
        Column("evidence", "依据"),
        Column("verified_on", "核实日期", "date"),
    ),
)

REGISTRY: Mapping[str, Table] = {t.code: t for t in (CHILDREN, KIN, ROLL, CIRCUMSTANCES)}
REQUIRED_REGISTRY = ("children", "kin", "roll")

PERSON_COLUMNS = (
    Column("name", "姓名", "name", required=True),
    Column("id_number", "身份证号", "id", aliases=("身份证号码", "身份证件号码", "公民身份号码", "证件号码")),
    Column("sex", "性别", "sex", who=True),
    Column("birth_date", "出生日期", "date", who=True, aliases=("出生年月日",)),
    Column("area_code", "区划代码", "area", who=True, aliases=("户籍地代码", "户籍地区划代码")),
)
