"""Worked cases: a short dictionary of facts in, the outcome of every rule out (data contract, section 4).

In a case, what is omitted is *no*; a parent who is omitted is alive, capable and at home. That is the writer's word, so
it is told as such: only a parent of status ``unknown`` stays unknown.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from hutong.kernel.areas import pad
from hutong.kernel.facts import DISABILITY_TYPES, PARENTS
from hutong.rulebook import suppliers
from hutong.rulebook.book import Book, Decision, book
from hutong.rulebook.expr import RuleError, Value
from hutong.rulebook.facts import FACTS_BY_NAME
from hutong.rulebook.ruleset import RULES

Case = Mapping[str, Any]

_RENAMED = {
    "birth": "birth_date",
    "hukou": "hukou_area",
    "residence": "residence_area",
    "lowincome": "low_income",
    "entrust": "entrusted",
    "active": "roll",
}
_SPECIAL = {"no_hukou", "dis", "other_monthly"}
_NULL_BOOLS = {"enrolled"}
_YES_BOOLS = {"full_time", "dis_cert", "confirmed"}
_AMOUNTS = {
    "ben_orphan": "monthly_due",
    "ben_ref_orphan": "monthly_due",
    "ben_defacto": "defacto_due",
    "ben_hiv": "hiv_due",
}

RULES_WITH_CODE: dict[str, str] = {name: rule.code for name, rule in RULES.items() if rule.code}
"""Rules with a name of their own in the data contract."""


class CaseError(RuleError):
    """A case cannot be read; the sentence names the case and the word."""


def facts_from_case(case: Case) -> dict[str, Value]:
    """The fact dictionary of one case, as ``Book.evaluate_one`` takes it."""
    as_of = _date(case, "asof", case.get("asof"))
    facts: dict[str, Value] = {"child_id": str(case.get("id") or ""), "as_of": as_of}
    facts |= _child(case, case.get("child") or {})
    for prefix, _ in PARENTS:
        facts |= {f"{prefix}_{k}": v for k, v in _parent(case, case.get(prefix) or {}, as_of).items()}
    return facts


def _child(case: Case, said: Mapping[str, Any]) -> dict[str, Value]:
    child_facts = {n: f for n, f in FACTS_BY_NAME.items() if not n.startswith(("father_", "mother_"))}
    facts: dict[str, Value] = {
        n: n in _YES_BOOLS for n, f in child_facts.items() if f.type == "bool" and n not in _NULL_BOOLS
    }
    facts |= {"place": "home", "registered": not said.get("no_hukou", False)}
    for word, value in said.items():
        name = _RENAMED.get(word, word)
        if word in _SPECIAL or value in ("", None):
            continue
        if name not in child_facts:
            raise CaseError(f"案例 {case.get('id')} 的 child 有不认识的事实“{word}”，请核对事实字典。")
        facts[name] = _value(case, word, child_facts[name].type, value)
    for name in ("hukou_area", "residence_area"):
        if facts.get(name) is not None:
            facts[name] = pad(str(facts[name]))
    if said.get("other_monthly") is not None:
        facts["other_monthly"] = round(float(said["other_monthly"]) * 100)
    return facts | _disabilities(case, said.get("dis") or [])


def _parent(case: Case, said: Mapping[str, Any], as_of: date) -> dict[str, Value]:
    allowed = {"status", "prison", "rehab", "detention", "ill", "dis", "lost", "revoked", "deported", "work"}
    if set(said) - allowed:
        words = "、".join(sorted(set(said) - allowed))
        raise CaseError(f"案例 {case.get('id')} 的父母有不认识的事实“{words}”，请核对事实字典。")
    status = said.get("status")
    facts: dict[str, Value] = {"known": status != "unknown", "unknown": status == "unknown"}
    if status in ("dead", "declared_dead"):
        facts |= {"died_on": as_of, "died_kind": status}
    elif status == "declared_missing":
        facts["missing_on"] = as_of
    elif status not in (None, "unknown"):
        raise CaseError(f"案例 {case.get('id')} 的父母状态“{status}”不在事实字典中。")
    for kind in ("prison", "rehab", "detention"):
        term = said.get(kind) or {}
        facts |= {f"{kind}_{end}": _date(case, kind, term[end]) for end in ("from", "to") if term.get(end)}
    facts |= {f"{k}_on": _date(case, k, said[k]) for k in ("revoked", "deported") if said.get(k)}
    if said.get("ill"):
        facts["ill_on"] = as_of
    work = said.get("work") or {}
    if work:
        facts |= {"work_since": _date(case, "work", work.get("since")), "work_area": pad(str(work["county"]))}
    return facts | _lost(case, said.get("lost") or {}) | _disabilities(case, said.get("dis") or [])


def _lost(case: Case, lost: Mapping[str, Any]) -> dict[str, Value]:
    if not lost:
        return {}
    decided = lost.get("route") == "committee" and bool(lost.get("committee"))
    facts: dict[str, Value] = {
        "lost_since": _date(case, "lost", lost.get("since")),
        "lost_receipt": bool(lost.get("receipt")),
        "lost_route": "committee" if decided else "police",
    }
    if lost.get("reported"):
        facts["lost_accepted_on"] = _date(case, "lost", lost["reported"])
    elif not decided:
        facts["lost_receipt"] = False
    return facts


def _disabilities(case: Case, certificates: list[Mapping[str, Any]]) -> dict[str, Value]:
    codes = {label: code for code, label in DISABILITY_TYPES.items()}
    grades: dict[str, Value] = {}
    for certificate in certificates:
        kind = str(certificate.get("type"))
        code = codes.get(kind, kind)
        if code not in DISABILITY_TYPES:
            raise CaseError(f"案例 {case.get('id')} 的残疾类别“{kind}”不在国家标准七类之中。")
        grade = int(certificate["grade"])
        before = grades.get(f"dis_{code}")
        grades[f"dis_{code}"] = min(grade, before) if isinstance(before, int) else grade
    return grades


def _value(case: Case, word: str, kind: str, value: Any) -> Value:
    if kind == "date":
        return _date(case, word, value)
    if kind == "bool":
        return bool(value)
    return int(value) if kind == "int" else str(value)


def _date(case: Case, word: str, value: Any) -> date:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError as error:
        raise CaseError(
            f"案例 {case.get('id')} 的“{word}”应为 2021-03-15 这样的日期，现为“{value}”。"
        ) from error


def book_of(case: Case) -> Book:
    return book(str(case.get("pack")), _date(case, "asof", case.get("asof")))


def evaluate_case(case: Case) -> dict[str, Any]:
    """Categories, key tags, benefits (元/月, or None: entitled, amount from a table), visit, alerts, undecided."""
    rules = book_of(case)
    decision = rules.evaluate_one(facts_from_case(case))
    return {"id": str(case.get("id") or ""), **outcome(rules, decision)}


def outcome(rules: Book, decision: Decision) -> dict[str, Any]:
    """A decision in the words of the data contract."""
    categories = [*_codes(decision, "category"), *([decision.scheme] if decision.scheme else [])]
    categories += ["LB"] if decision.lb else []
    return {
        "categories": sorted(categories),
        "key": sorted(_codes(decision, "tag")),
        "benefits": _benefits(decision),
        "visit": decision.values["visit"] or "-",
        "alerts": sorted(_codes(decision, "alert")),
        "undecided": sorted(_undecided(rules, name, needs) for name, needs in decision.needs.items()),
    }


def _codes(decision: Decision, kind: str) -> list[str]:
    return [r.code for n, r in RULES.items() if r.kind == kind and r.code and decision.values[n] is True]


def _benefits(decision: Decision) -> dict[str, float | int | None]:
    found: dict[str, float | int | None] = {}
    for name, rule in RULES.items():
        if rule.kind == "benefit" and decision.values[name] is True:
            fen = decision.values[_AMOUNTS[name]] if name in _AMOUNTS else None
            found[rule.code] = _yuan(fen) if isinstance(fen, int) else None
    return dict(sorted(found.items()))


def _yuan(fen: int) -> float | int:
    return fen // 100 if fen % 100 == 0 else fen / 100


def _undecided(rules: Book, name: str, needs: tuple[str, ...]) -> str:
    asked = "；".join(suppliers.of(need, rules.as_of).short for need in needs)
    return f"{rules.rules[name].label}：尚缺{asked}"


def read_cases(path: Path) -> Iterator[dict[str, Any]]:
    """Cases from YAML (a list) or JSON lines; CaseError if the file is neither."""
    text = path.read_text(encoding="utf-8-sig")
    if path.suffix in (".jsonl", ".ndjson"):
        yield from (json.loads(line) for line in text.splitlines() if line.strip())
        return
    loaded = yaml.safe_load(text)
    if not isinstance(loaded, list):
        raise CaseError(f"{path.name} 应是案例列表（YAML 列表或 JSON 行）。")
    yield from loaded
