"""Worked cases: facts in, the outcome of every rule out in the words of the data contract (section 4)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from hutong.rulebook import suppliers
from hutong.rulebook.book import Book, Decision, book
from hutong.rulebook.case_facts import Case, CaseError, Fault, checked, facts_from_case
from hutong.rulebook.case_files import read_cases
from hutong.rulebook.explain import only_judgement
from hutong.rulebook.nearest import hint
from hutong.rulebook.ruleset import RULES

__all__ = [
    "Case", "CaseError", "Fault", "book", "book_of", "differences", "evaluate_case", "explained", "facts_from_case", "not_loaded",
    "outcome", "read_cases",
]  # fmt: skip

_AMOUNTS = {
    "ben_orphan": "monthly_due",
    "ben_ref_orphan": "monthly_due",
    "ben_defacto": "defacto_due",
    "ben_hiv": "hiv_due",
}

RULES_WITH_CODE: dict[str, str] = {name: rule.code for name, rule in RULES.items() if rule.code}
"""Rules with a name of their own in the data contract."""
_PRICED = frozenset(RULES_WITH_CODE[name] for name in _AMOUNTS)


def book_of(case: Case) -> Book:
    """The book a case is to be decided by; CaseError or PackError in Chinese."""
    _, pack, as_of = checked(case)
    return book(pack, as_of)


def evaluate_case(case: Case) -> dict[str, Any]:
    """Categories, key tags, benefits (元/月, or None: entitled, amount from a table), visit, alerts, undecided."""
    facts, pack, as_of = checked(case)
    rules = book(pack, as_of)
    return {"id": str(case.get("id") or ""), **outcome(rules, rules.evaluate_one(facts))}


MAIN = ("orphan", "ref_orphan", "defacto", "lb")
"""The categories always told of, whether they hold or not."""


def explained(case: Case, names: Iterable[str] | None = None) -> tuple[Book, list[dict[str, Any]]]:
    """The trees of the rules named, else of those worth telling: the four categories, and whatever else came out true."""
    facts, pack, as_of = checked(case)
    rules = book(pack, as_of)
    wanted = list(names) if names is not None else _worth_telling(rules.evaluate_one(facts))
    return rules, [rules.explain(facts, name) for name in wanted]


def _worth_telling(decision: Decision) -> list[str]:
    told = [n for n in decision.values if decision.values[n] is True and RULES_WITH_CODE.get(n)]
    amount = ["monthly_due"] if decision.scheme else []
    return [*MAIN, *(n for n in told if n not in MAIN), *amount]


def not_loaded(result: Mapping[str, Any]) -> list[str]:
    """The benefits of an outcome whose amount the pack should have and has not."""
    return [name for name, yuan in result["benefits"].items() if yuan is None and name in _PRICED]


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
    ask = "须由人判断" if only_judgement(needs) else "尚缺"
    asked = "；".join(suppliers.of(need, rules.as_of).short for need in needs)
    return f"{rules.rules[name].label}：{ask}{asked}"


COMPARED = ("categories", "key", "benefits", "visit", "alerts", "undecided", "rules")


def differences(case: Case, found: Mapping[str, Any]) -> Iterator[str]:
    """Where an outcome is not what the case expects, a sentence each. ``undecided`` may be given as the labels alone;
    ``rules`` gives single rules by name, with true, false or null."""
    for word, wanted in (case.get("expect") or {}).items():
        if word == "rules" and isinstance(wanted, Mapping):
            yield from _rule_differences(case, wanted)
        elif word not in found or word not in COMPARED:
            yield f"{word}：expect 中没有这一项{hint(word, COMPARED)}"
        elif not _as_wanted(word, wanted, found[word]):
            yield f"{word}：应为 {wanted}，判定为 {found[word]}"


def _as_wanted(word: str, wanted: Any, found: Any) -> bool:
    if word != "undecided" or not isinstance(wanted, list):
        return bool(found == (sorted(map(str, wanted)) if isinstance(wanted, list) else wanted))
    met = [next((w for w in wanted if said == w or said.startswith(f"{w}：")), None) for said in found]
    return None not in met and sorted(map(str, met)) == sorted(map(str, wanted))


def _rule_differences(case: Case, wanted: Mapping[str, Any]) -> Iterator[str]:
    facts, pack, as_of = checked(case)
    rules = book(pack, as_of)
    reading = rules.read(facts)
    for name, value in wanted.items():
        if name not in rules.rules:
            wrong = Fault("expect.rules", f"中没有名为“{name}”的规则{hint(name, rules.rules)}")
            raise CaseError(case.get("id"), [wrong])
        if reading.rule(name) is not value:
            yield f"规则 {name}：应为 {value}，判定为 {reading.rule(name)}"
