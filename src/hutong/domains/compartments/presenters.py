"""A compartment's facts as words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from hutong.domains.compartments.models import SealedFact
from hutong.domains.compartments.models.base import PURPOSES
from hutong.domains.registry import selectors as registry
from hutong.domains.registry.models import Child
from hutong.foundation.access.models import COMPARTMENTS
from hutong.foundation.network import selectors as network

LABELS: Final[dict[str, dict[str, str]]] = {
    "hiv": {"since": "确认日期", "source": "来源单位", "contact": "治疗随访", "evidence": "依据"},
    "adoption": {
        "registered_on": "登记日期", "office": "登记机关", "certificate": "收养登记证字号", "adopters": "收养人",
        "new_name": "收养后姓名", "new_place": "收养后住所", "source": "来源单位", "evidence": "依据",
    },
    "abuse": {
        "since": "发现日期", "kind": "情形", "suspect": "涉嫌人", "police": "公安受理", "measures": "保护措施",
        "evidence": "依据",
    },
    "reporter": {
        "reported_on": "报告日期", "name": "报告人", "contact": "联系方式", "relation": "单位或关系", "wishes": "保密要求",
    },
    "shield": {
        "since": "开始日期", "place": "现住处", "contact": "照护人", "from_whom": "须对谁保密", "until": "至",
        "evidence": "依据",
    },
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class FactView:
    """One fact to draw; ``closing`` is the reason it was closed with, '' while in force."""

    public_id: str
    rows: list[tuple[str, Any]]
    recorded: str
    closing: str
    live: bool


def fact(row: SealedFact) -> FactView:
    content = row.opened()
    labels = LABELS[row.compartment]
    return FactView(
        public_id=row.public_id,
        rows=[(label, content.get(name, "")) for name, label in labels.items()],
        recorded=f"{row.recorded_by.name if row.recorded_by else '部门清单'}，{row.recorded_at:%Y-%m-%d}",
        closing=row.closing,
        live=row.closed_at is None,
    )


def whole_file(child: Child) -> list[tuple[str, Any]]:
    """What whoever cares for a child whose whole file is here must know of her: the file has no other page now."""
    sections, paths = registry.SECTIONS, network.area_paths([child.hukou_area, child.residence_area])
    regime = next((one for one in sections.regimes(child_id=child.pk) if one.until is None), None)
    facts = [
        one for one in sections.facts(child_id=child.pk) if one.superseded_at is None and one.until is None
    ]
    return [
        ("性别和出生日期", f"{child.get_sex_display()}，{child.birth_date}"),
        ("证件", child.masked_id),
        ("档案号", child.file_no),
        ("户籍地", paths.get(child.hukou_area, child.hukou_area)),
        ("居住地", " ".join(filter(None, (paths.get(child.residence_area, child.residence_area), child.address)))),
        ("联系电话", child.phone),
        ("监护方式", f"{regime.get_kind_display()} {regime.who}" if regime else "未登记"),
        ("家庭成员", "；".join(f"{tie.get_relation_display()} {tie.person.name} {tie.person.phone}".strip() for tie in sections.kin(child_id=child.pk))),
        ("情形", "；".join(f"{one.get_subject_display()}{one.get_kind_display()}（{one.since} 起）" for one in facts)),
    ]  # fmt: skip


def title(compartment: str) -> str:
    return COMPARTMENTS[compartment]


def purpose(code: str) -> str:
    return PURPOSES[code]
