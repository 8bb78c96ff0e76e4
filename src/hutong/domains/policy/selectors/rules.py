"""One rule as officials read it: label, citation, conditions in words, the figures of a pack on a day; and what may be linked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from hutong.domains.policy.presenters import trees
from hutong.domains.policy.selectors import packs
from hutong.rulebook import outline, programmes, words
from hutong.rulebook import packs as rulebook_packs
from hutong.rulebook.book import Book
from hutong.rulebook.expr import RuleRef, walk
from hutong.rulebook.instruments import Clause, Instrument
from hutong.rulebook.instruments import every as _instruments
from hutong.rulebook.instruments.citing import Resolved, resolve
from hutong.rulebook.outline import Condition
from hutong.rulebook.packs.keys import KEYS
from hutong.rulebook.ruleset import RULES, Rule

KINDS: Final[Mapping[str, str]] = {
    "category": "类别", "benefit": "待遇", "project": "慈善项目", "amount": "金额", "tag": "重点情形", "alert": "提醒", "interval": "走访间隔",
    "evidence": "退出依据", "predicate": "条件", "background": "前提",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class RuleLine:
    name: str
    label: str
    citation: str
    kind: str
    kind_label: str


@dataclass(frozen=True, slots=True)
class RuleFigure:
    """One parameter a rule reads, as in force in the place on the day."""

    key: str
    label: str
    value: str
    source: str
    since: date
    mark: str


@dataclass(frozen=True, slots=True)
class RuleInfo:
    line: RuleLine
    pack: str
    pack_label: str
    adopted: bool
    conditions: Condition
    figures: tuple[RuleFigure, ...]
    rests_on: tuple[RuleLine, ...]
    used_by: tuple[RuleLine, ...]


def list_rules() -> tuple[RuleLine, ...]:
    """Every rule, in the order of the kinds and then of declaration."""
    order = {kind: place for place, kind in enumerate(KINDS)}
    return tuple(
        sorted((_line(one) for one in RULES.values()), key=lambda one: order.get(one.kind, len(order)))
    )


def find_rule(name: str, pack: str, on: date, area_code: str) -> RuleInfo | None:
    """One rule under a pack on a day, as in force in a place; None for a name nobody declared. PackError where the pack cannot serve the day."""
    if name not in RULES:
        return None
    book = packs.book(pack, on, area_code)
    rule = RULES[name]
    built = book.rules[f"father.{name}" if rule.of_parent else name]
    labels = {one.name: _label(book, one.name) for one in book.rules.values()}
    whose = "父亲" if rule.of_parent else ""
    below = outline.of(built.expr, labels, whose=whose, money=rule.kind == "amount")
    return RuleInfo(
        line=_line(rule),
        pack=pack,
        pack_label=book.pack.label,
        adopted=not built.label.endswith("未施行）"),
        conditions=below,
        figures=tuple(_figure(book, key, on, area_code) for key in built.used),
        rests_on=tuple(_line(RULES[one]) for one in dict.fromkeys(_named(below))),
        used_by=tuple(_line(one) for one in RULES.values() if name in _uses(book, one)),
    )


def linkable() -> dict[str, dict[str, str]]:
    """What a clause may be linked to: kind → name → label."""
    return {
        "rule": {one.name: one.label for one in RULES.values()},
        "param": {key: one.label for key, one in KEYS.items()},
        "programme": {one.code: one.name for one in programmes.every()},
    }


def list_instruments() -> Mapping[str, Instrument]:
    """The register of documents, by key."""
    return _instruments()


def sources() -> dict[tuple[str, str], tuple[str, ...]]:
    """(kind, name) → everything its rule cites, its pack lines or its programme's lines give as source."""
    found: dict[tuple[str, str], dict[str, None]] = {}
    for rule in RULES.values():
        if rule.citation:
            found.setdefault(("rule", rule.name), {})[rule.citation] = None
    for name in (packs.NATIONAL, *rulebook_packs.names()):
        for key, lines in rulebook_packs.load(name).lines.items():
            found.setdefault(("param", key), {}).update(
                dict.fromkeys(one.source for one in lines if one.mark != "assumption")
            )
    for programme in programmes.every():
        found.setdefault(("programme", programme.code), {}).update(
            dict.fromkeys(one.source for one in programme.lines)
        )
    return {thing: tuple(said) for thing, said in found.items()}


def resolved(citation: str) -> Resolved:
    """What a citation names in the register."""
    return resolve(citation)


def _line(rule: Rule) -> RuleLine:
    return RuleLine(rule.name, rule.label, rule.citation, rule.kind, KINDS.get(rule.kind, "其他"))


def _label(book: Book, name: str) -> str:
    """The rule's own words; of a parent's rule, which is told once, without father or mother before it."""
    return book.rules[name].rule.label if name.startswith("father.") else book.rules[name].label


def _figure(book: Book, key: str, on: date, area_code: str) -> RuleFigure:
    line = book.pack.line(key, on, area_code or None)
    value = words.figure(KEYS[key].label, line.value)
    return RuleFigure(key, KEYS[key].label, value, line.source, line.start, trees.MARKS.get(line.mark, ""))


def _named(condition: Condition) -> list[str]:
    own = [condition.rule] if condition.rule else []
    return own + [name for part in condition.parts for name in _named(part)]


def _uses(book: Book, rule: Rule) -> set[str]:
    built = book.rules[f"father.{rule.name}" if rule.of_parent else rule.name]
    return {node.name.rpartition(".")[2] for node in walk(built.expr) if isinstance(node, RuleRef)}


__all__ = [
    "Clause", "Condition", "Instrument", "Resolved", "RuleFigure", "RuleInfo", "RuleLine", "find_rule", "linkable",
    "list_instruments", "list_rules", "resolved", "sources",
]  # fmt: skip
