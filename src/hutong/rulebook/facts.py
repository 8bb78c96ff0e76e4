"""Facts only a visit, a report or a file can give: known for one child, never in the bulk table.

They extend ``hutong.kernel.facts`` for key tags, alerts and the classes that need a person's judgement.
"""

from __future__ import annotations

from hutong.kernel.facts import FACT_BY_NAME, PARENTS, Fact

CASE_FACTS: tuple[Fact, ...] = (
    Fact("dis_cert", "bool", "持有残疾人证"),
    Fact("autism", "bool", "孤独症"),
    Fact("confirmed", "bool", "已确认"),
    Fact("caretaker_bad", "bool", "被委托人不宜"),
    Fact("alone", "bool", "脱离监护单独居住"),
    Fact("missing", "bool", "失踪"),
    Fact("unattended", "bool", "无人看护"),
    Fact("abuse", "str", "监护侵害（suspected 疑似，severe 严重）"),
    Fact("guardian_refuses", "bool", "监护人拒不履行职责"),
    Fact("injury_suspected", "bool", "疑似遭受意外伤害或不法侵害"),
    Fact("trafficked", "bool", "打拐解救"),
    Fact("wandering", "bool", "流浪乞讨"),
    Fact("wander_history", "bool", "有流浪经历"),
    Fact("tg_since", "date", "临时监护起"),
    Fact("unknown_id", "bool", "身份不明"),
    Fact("informal_adopt", "bool", "私自收养"),
    Fact("private_shelter", "bool", "私自收留"),
    Fact("emergency_gap", "bool", "突发事件致监护缺失"),
    Fact("other_self", "bool", "经认定的其他自身困难"),
    Fact("sudden_hardship", "bool", "遭遇突发性、紧迫性、临时性困难"),
    Fact("no_income", "bool", "无生活来源"),
    Fact("job_hard", "bool", "就业困难"),
    Fact("in_treatment", "bool", "正在就医"),
    Fact("heart_disease", "bool", "先天性心脏病"),
    Fact("entrusted_until", "date", "委托照护协议到期日"),
    Fact("visited_on", "date", "上次走访日期"),
    *(
        Fact(f"{prefix}_judged_unable", "bool", f"{label}是否确实难以履行监护职责")
        for prefix, label in PARENTS
    ),
)

JUDGEMENTS: frozenset[str] = frozenset(f"{prefix}_judged_unable" for prefix, _ in PARENTS)
"""Facts that no list and no paper gives: a person weighs the case and records the judgement."""

FACTS_BY_NAME: dict[str, Fact] = {**FACT_BY_NAME, **{f.name: f for f in CASE_FACTS}}

PARENT_PREFIXES: tuple[str, ...] = tuple(prefix for prefix, _ in PARENTS)
PARENT_FACTS: tuple[str, ...] = tuple(
    name.removeprefix("father_") for name in FACT_BY_NAME if name.startswith("father_")
)

VALUE_LABELS: dict[str, dict[str, str]] = {
    "guard": {"GOOD": "较好", "FAIR": "一般", "POOR": "较差", "ABSENT": "缺失"},
    "place": {"home": "家庭", "institution": "儿童福利机构", "foster": "家庭寄养", "rescue": "未保机构"},
    "lives_with": {
        "parents": "父母",
        "mother": "母亲",
        "father": "父亲",
        "grandparents": "祖父母或外祖父母",
        "relatives": "亲属",
        "alone": "独居",
        "none": "无",
        "institution": "机构",
        "foster": "寄养家庭",
        "adopters": "收养人",
        "school": "学校",
        "other": "其他",
    },
    "school": {
        "none": "不在学",
        "preschool": "学前",
        "primary": "小学",
        "junior": "初中",
        "senior": "普通高中",
        "vocational": "中等职业学校",
        "college": "大专",
        "undergrad": "本科",
        "master": "硕士",
        "phd": "博士",
    },
    "low_income": {
        "dibao": "低保",
        "tekun": "特困",
        "poor_registered": "建档立卡",
        "other_poor": "其他低收入",
    },
    "dropout": {"risk": "有风险", "suspected": "疑似", "confirmed": "确认"},
    "abuse": {"suspected": "疑似", "severe": "严重"},
    "lost_route": {"police": "公安查找", "committee": "村（居）证实认定"},
}
"""Codes of text facts → what officials read."""


def value_label(fact: str, value: object) -> str:
    """A fact's value in Chinese; a code without an entry is shown as it stands."""
    if isinstance(value, bool):
        return "是" if value else "否"
    name = fact.removeprefix("father_").removeprefix("mother_")
    return VALUE_LABELS.get(name, {}).get(str(value), str(value))
