"""A row of a comparison's result (data contract §3) as this app takes it in."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from hutong.domains.leads.models import KINDS

SEALED_LISTS: Final = {"hiv"}
SEALED_RULES: Final = ("艾滋病",)
SEALED_WORDS: Final = "密封依据（由专人保管）"
OWN_FILE: Final = {"children", "kin", "roll", "circumstances", "policy"}
"""Evidence from the registry itself, or a policy: not a department's row, so nothing to send back to a department."""

Row = Mapping[str, Any]
Sources = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Incoming:
    """One lead as found; money in fen, evidence without what belongs to a sealed compartment."""

    lead_id: str
    file_no: str
    kind: str
    scheme: str
    monthly_now: int | None
    monthly_due: int | None
    area_code: str
    certain: bool
    probability: float
    evidence: list[dict[str, Any]]
    why: dict[str, Any]
    due_on: date | None
    sealed: bool

    @property
    def digest(self) -> str:
        """What the lead rests on, whatever the order and row numbers of the lists."""
        said = sorted(mark(row) for row in self.evidence)
        text = json.dumps([self.kind, self.scheme, self.monthly_now, self.monthly_due, said])
        return hashlib.sha256(text.encode()).hexdigest()


def mark(row: Mapping[str, Any]) -> str:
    """The content of one evidence row, known again in the next quarter's list."""
    said = [str(row.get(name) or "") for name in ("list", "subject", "fact", "detail", "from", "to")]
    return hashlib.sha256("|".join(said).encode()).hexdigest()


def read(row: Row, sources: Sources) -> Incoming:
    """ValueError with a Chinese sentence if the row is not one of the contract."""
    kind = str(row.get("kind") or "")
    if kind not in KINDS or not row.get("child_id"):
        raise ValueError(f"线索行缺少档案号或种类不认识（{kind or '空'}），请核对比对结果文件。")
    evidence = _parsed(row.get("evidence"), [])
    sealed = any(one.get("list") in SEALED_LISTS for one in evidence)
    return Incoming(
        lead_id=str(row.get("lead_id") or ""),
        file_no=str(row["child_id"]),
        kind=kind,
        scheme=str(row.get("scheme") or ""),
        monthly_now=_fen(row.get("monthly_now")),
        monthly_due=_fen(row.get("monthly_due")),
        area_code=str(row.get("area_code") or ""),
        certain=bool(row.get("certain", True)),
        probability=float(1.0 if row.get("probability") is None else row["probability"]),
        evidence=[_opened(one, sources) for one in evidence],
        why=_unsealed(_parsed(row.get("why"), {})),
        due_on=_day(row.get("due_on")),
        sealed=sealed,
    )


def _parsed(value: Any, empty: Any) -> Any:
    if value is None or value == "":
        return empty
    return json.loads(value) if isinstance(value, str | bytes) else value


def _fen(value: Any) -> int | None:
    return None if value is None else int((Decimal(str(value)) * 100).to_integral_value())


def _day(value: Any) -> date | None:
    if value is None or isinstance(value, date):
        return value
    return date.fromisoformat(str(value)[:10])


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _opened(row: Row, sources: Sources) -> dict[str, Any]:
    """The row with what is known of its list; a sealed row keeps nothing but that there is one."""
    code = str(row.get("list") or "")
    if code in SEALED_LISTS:
        return {
            "list": "sealed",
            "title": SEALED_WORDS,
            "subject": row.get("subject"),
            "link": row.get("link"),
        }
    about = sources.get(code, {})
    known = {
        name: _plain(about[name])
        for name in ("title", "provider", "batch", "quarter", "stale")
        if name in about
    }
    return {**{name: _plain(value) for name, value in row.items()}, **known}


def _unsealed(tree: Any) -> Any:
    """The tree with sealed conditions made unspeaking, wherever they stand."""
    if not isinstance(tree, dict):
        return tree
    if any(word in str(tree.get("label", "")) for word in SEALED_RULES):
        return {
            "rule": None, "label": SEALED_WORDS, "kind": "condition", "citation": "", "value": tree.get("value"),
            "shown": tree.get("shown", ""), "facts": [], "parameters": [], "needs": [], "conditions": [],
        }  # fmt: skip
    facts = [fact for fact in tree.get("facts") or [] if "hiv" not in str(fact.get("name"))]
    needs = [name for name in tree.get("needs") or [] if name != "hiv"]
    conditions = [_unsealed(one) for one in tree.get("conditions") or []]
    return {**tree, "facts": facts, "needs": needs, "conditions": conditions} if tree else {}
