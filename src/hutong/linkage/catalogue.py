"""The fourteen department lists (data contract §2): providers, columns, and each as a fact.

Which date opens and closes the fact stands here, because the import, the comparison and the documentation all need
it: ``opens`` is the day the fact holds from, ``closes`` the day it no longer counts (None = it does not end).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hutong.linkage.contract import (
    CUSTODY_KINDS,
    DISABILITY_KINDS,
    PERSON_COLUMNS,
    POVERTY_KINDS,
    STAGES,
    Column,
    Table,
)


@dataclass(frozen=True, slots=True)
class ListSpec:
    """A list: its table, whom it can name, and its dates as a fact.

    ``detail`` is an SQL-free tuple of columns whose values qualify the fact, in order.
    """

    table: Table
    subjects: tuple[str, ...]
    opens: str
    closes: str | None = None
    detail: tuple[str, ...] = ()
    fact: str = ""

    @property
    def code(self) -> str:
        return self.table.code


_CHILD, _PARENT = ("child",), ("father", "mother")
_ANY = (*_CHILD, *_PARENT)


def _list(
    code: str,
    title: str,
    providers: str,
    meaning: str,
    columns: tuple[Column, ...],
    *,
    interval: tuple[str, str] | None = None,
    sealed: bool = False,
) -> Table:
    return Table(
        code=code,
        title=title,
        providers=tuple(providers.split()),
        meaning=meaning,
        columns=(*PERSON_COLUMNS, *columns),
        any_of=("id_number", "birth_date"),
        intervals=(interval,) if interval else (),
        sealed=sealed,
    )


_SPECS = (
    ListSpec(
        _list(
            "deaths", "死亡人员", "GA WJ BZ FY", "已死亡或被法院宣告死亡的人",
            (Column("death_date", "死亡日期", "date", required=True),
             Column("kind", "类型", "enum", values={"死亡": "死亡", "自然死亡": "死亡", "宣告死亡": "宣告死亡"})),
        ),
        _ANY, "death_date", detail=("kind",), fact="自死亡（宣告）之日起视为不在",
    ),
    ListSpec(
        _list(
            "declared_missing", "宣告失踪", "FY", "被法院宣告失踪的人",
            (Column("declared_on", "宣告日期", "date", required=True), Column("revoked_on", "撤销日期", "date")),
            interval=("declared_on", "revoked_on"),
        ),
        _PARENT, "declared_on", "revoked_on", fact="宣告之日起至撤销之日前视为不在",
    ),
    ListSpec(
        _list(
            "custody", "服刑强戒限制自由", "SF GA JC FY", "正在服刑、强制隔离戒毒或被限制人身自由的人",
            (Column("kind", "种类", "enum", required=True, values=CUSTODY_KINDS),
             Column("start_date", "开始日期", "date", required=True),
             Column("end_date", "截止日期", "date", hint="空白表示尚未确定")),
            interval=("start_date", "end_date"),
        ),
        _PARENT, "start_date", "end_date", ("kind",), fact="在内期间计为一种情形，期限由政策包规定",
    ),
    ListSpec(
        _list(
            "guardianship_revoked", "撤销监护资格", "FY", "被法院撤销监护人资格的人",
            (Column("revoked_on", "判决日期", "date", required=True), Column("restored_on", "恢复日期", "date")),
            interval=("revoked_on", "restored_on"),
        ),
        _PARENT, "revoked_on", "restored_on", fact="判决之日起至恢复之日前计为一种情形",
    ),
    ListSpec(
        _list(
            "deported", "遣送驱逐出境", "GA", "被遣送或驱逐出境的人",
            (Column("deported_on", "日期", "date", required=True, aliases=("遣送日期", "出境日期")),
             Column("reentry_on", "再入境日期", "date")),
            interval=("deported_on", "reentry_on"),
        ),
        _PARENT, "deported_on", "reentry_on", fact="出境之日起至再入境之日前计为一种情形",
    ),
    ListSpec(
        _list(
            "lost_contact", "失联查找", "GA CA", "已报失联、正在查找的人",
            (Column("lost_since", "失联起始", "date", required=True),
             Column("accepted_on", "受理日期", "date"),
             Column("receipt_no", "回执单号"),
             Column("route", "途径", "enum", values={
                 "police": "police", "公安": "police", "committee": "committee", "评议": "committee",
                 "村级评议": "committee"})),
        ),
        _PARENT, "lost_since", detail=("accepted_on", "receipt_no", "route"),
        fact="受理查找满政策规定期限并有回执，或经村级评议，计为一种情形",
    ),
    ListSpec(
        _list(
            "disability", "残疾人证", "CL", "持有残疾人证的人",
            (Column("cert_no", "残疾证号"),
             Column("kind", "类别", "enum", required=True, values=DISABILITY_KINDS, aliases=("残疾类别",)),
             Column("grade", "等级", "grade", required=True, aliases=("残疾等级",)),
             Column("valid_to", "有效期至", "date")),
        ),
        _ANY, "", "valid_to", ("kind", "grade"), fact="有效期内的类别和等级；重残由政策包规定",
    ),
    ListSpec(
        _list(
            "serious_illness", "重病", "YB WJ", "患重病的人",
            (Column("disease", "病种"), Column("diagnosed_on", "确诊日期", "date", required=True)),
        ),
        _ANY, "diagnosed_on", detail=("disease",), fact="自确诊之日起计为重病",
    ),
    ListSpec(
        _list(
            "hiv", "艾滋病病毒感染儿童", "WJ", "感染艾滋病病毒的儿童（密封资料）",
            (Column("reported_on", "报告日期", "date", required=True),),
            sealed=True,
        ),
        _CHILD, "reported_on", fact="自报告之日起",
    ),
    ListSpec(
        _list(
            "low_income", "低保特困低收入", "CA XC", "享受低保、特困等救助的人；儿童以本人姓名列入",
            (Column("kind", "类型", "enum", required=True, values=POVERTY_KINDS),
             Column("start_date", "起始日期", "date", required=True),
             Column("end_date", "终止日期", "date"),
             Column("monthly", "月人均补助", "money")),
            interval=("start_date", "end_date"),
        ),
        _CHILD, "start_date", "end_date", ("kind", "monthly"), fact="救助期间的类型和已享受的生活补助",
    ),
    ListSpec(
        _list(
            "enrolment", "学籍", "JY", "在籍或疑似失学辍学的学生",
            (Column("school", "学校"),
             Column("stage", "学段", "enum", required=True, values=STAGES),
             Column("grade", "年级"),
             Column("status", "状态", "enum", required=True, values={
                 "在校": "在校", "在读": "在校", "疑似辍学": "疑似辍学", "辍学": "辍学", "失辍学": "辍学",
                 "毕业": "毕业"})),
        ),
        _CHILD, "", detail=("status", "stage"), fact="当前学段和就学状态",
    ),
    ListSpec(
        _list(
            "migrant_work", "外出务工", "RS GA", "外出务工的人",
            (Column("work_area", "务工地代码", "area", required=True),
             Column("since", "外出日期", "date", required=True),
             Column("returned_on", "返乡日期", "date")),
            interval=("since", "returned_on"),
        ),
        _PARENT, "since", "returned_on", ("work_area",), fact="外出期间；月数和地域由政策包规定",
    ),
    ListSpec(
        _list(
            "adoptions", "收养登记", "CA", "已办理收养登记的儿童",
            (Column("registered_on", "登记日期", "date", required=True),),
            sealed=True,
        ),
        _CHILD, "registered_on", fact="自登记之日起为已收养",
    ),
    ListSpec(
        _list(
            "emergencies", "突发事件影响", "YJ WJ GA", "受突发事件影响、可能无人照料的儿童或其父母",
            (Column("event", "事件", required=True),
             Column("occurred_on", "日期", "date", required=True, aliases=("发生日期",)),
             Column("effect", "影响", "enum", values={
                 k: k for k in ("住院", "隔离", "羁押", "死亡", "失联", "其他")})),
        ),
        _ANY, "occurred_on", detail=("effect", "event"), fact="突发事件造成的影响，须一个工作日内查访",
    ),
)  # fmt: skip

LISTS: Mapping[str, ListSpec] = {spec.code: spec for spec in _SPECS}
"""The fourteen lists by code, in the order of the contract."""
