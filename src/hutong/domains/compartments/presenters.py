"""A compartment's facts as words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from hutong.domains.compartments.models import SealedFact
from hutong.domains.compartments.models.base import PURPOSES
from hutong.foundation.access.models import COMPARTMENTS

LABELS: Final[dict[str, dict[str, str]]] = {
    "hiv": {"since": "确认日期", "source": "来源单位", "contact": "治疗随访", "evidence": "依据"},
}


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


def title(compartment: str) -> str:
    return COMPARTMENTS[compartment]


def purpose(code: str) -> str:
    return PURPOSES[code]
