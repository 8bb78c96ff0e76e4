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
)

FACTS_BY_NAME: dict[str, Fact] = {**FACT_BY_NAME, **{f.name: f for f in CASE_FACTS}}

PARENT_PREFIXES: tuple[str, ...] = tuple(prefix for prefix, _ in PARENTS)
PARENT_FACTS: tuple[str, ...] = tuple(
    name.removeprefix("father_") for name in FACT_BY_NAME if name.startswith("father_")
)
