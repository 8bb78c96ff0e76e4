"""Children and comparison rows for tests: fictitious, in the shared cast's places."""

from __future__ import annotations

import itertools
import json
from datetime import date
from typing import Any

from hutong.domains.registry.models import Child

LIU, SANG, SHI = "990101101201", "990101101202", "990101102201"
AS_OF = date(2026, 9, 30)
_numbers = itertools.count(1)


def child(area: str = LIU, **facts: Any) -> Child:
    """A child on file in a village of the small world (call it under a scope)."""
    number = next(_numbers)
    values: dict[str, Any] = {
        "file_no": f"T{number:08d}",
        "name": f"柳小{number}",
        "sex": 1,
        "birth_date": date(2015, 5, 1),
        "id_kind": "UNSEEN",
        "hukou_area": area,
        "residence_area": area,
        "state": "ACTIVE",
    }
    return Child.objects.create(**(values | facts))


def death(day: str = "2026-08-01", subject: str = "father", row: int = 7, **facts: Any) -> dict[str, Any]:
    values = {
        "list": "deaths", "row": row, "subject": subject, "link": "exact", "probability": 1.0, "fact": "died",
        "detail": "死亡", "from": day, "to": None,
    }  # fmt: skip
    return values | facts


TREE = {
    "rule": "orphan", "label": "孤儿", "kind": "category", "value": True, "shown": "是",
    "citation": "国办发〔2010〕54号", "parameters": [], "needs": [], "facts": [],
    "conditions": [
        {"rule": "father.gone", "label": "父亲死亡或被宣告失踪", "kind": "predicate", "value": True, "shown": "是",
         "citation": "", "parameters": [], "needs": [], "conditions": [],
         "facts": [{"name": "father_died_on", "label": "父亲死亡日期", "value": "2026-08-01"}]},
    ],
}  # fmt: skip


def row(of: Child | str, kind: str = "SUSPECTED", scheme: str = "ORPHAN-S", **facts: Any) -> dict[str, Any]:
    """One row of data contract §3 as a comparison writes it: amounts in 元, evidence and why as JSON text."""
    evidence = facts.pop("evidence", [death(), death(subject="mother", row=8)])
    values: dict[str, Any] = {
        "lead_id": f"L{next(_numbers):010d}",
        "child_id": of if isinstance(of, str) else of.file_no,
        "kind": kind,
        "scheme": scheme,
        "monthly_now": None,
        "monthly_due": "1651.00",
        "area_code": LIU if isinstance(of, str) else of.residence_area,
        "certain": True,
        "probability": 1.0,
        "evidence": json.dumps(evidence, ensure_ascii=False),
        "why": json.dumps(TREE, ensure_ascii=False),
        "due_on": None,
    }
    return values | facts
