"""Why a rule came out as it did: the tree of named conditions, with the facts and the article, as data and as Chinese.

A node is a JSON-able dict: ``rule`` (name, or null for a named condition inside a rule), ``label``, ``kind``, ``value``,
``shown`` (是 / 否 / 未知 / 待综合判断, or the amount), ``citation``, ``facts`` (list of name, label, value), ``parameters`` (key, label,
value, source), ``needs`` (fact names to find out), ``asked`` (the same with label, who can tell and which paper shows it)
and ``conditions`` (nodes). Only what decided is kept: one false operand
of an *and*, one true operand of an *or*, the open ones of what cannot be decided yet.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from hutong.rulebook import expr as x
from hutong.rulebook import suppliers
from hutong.rulebook.facts import FACTS_BY_NAME, JUDGEMENTS, value_label
from hutong.rulebook.interpret import Reading
from hutong.rulebook.packs.keys import KEYS
from hutong.rulebook.words import NOT_LOADED

if TYPE_CHECKING:
    from hutong.rulebook.book import Book

Tree = dict[str, Any]


def shown(value: x.Value) -> str:
    """A value as officials read it."""
    if value is None:
        return "未知"
    if isinstance(value, bool):
        return "是" if value else "否"
    return value.isoformat() if isinstance(value, date) else str(value)


WAITS_FOR_A_PERSON = "待综合判断"


def only_judgement(needs: Iterable[str]) -> bool:
    """Whether nothing is missing but what a person must judge."""
    wanted = set(needs)
    return bool(wanted) and wanted <= JUDGEMENTS


def plain(value: Any) -> Any:
    """A value JSON can hold."""
    return value.isoformat() if isinstance(value, date) else value


class Explainer:
    """Walks the rules of a book over one reading; each rule is explained once."""

    def __init__(self, book: Book, reading: Reading) -> None:
        self.book = book
        self.reading = reading
        self._trees: dict[str, Tree] = {}

    def rule(self, name: str) -> Tree:
        if name not in self._trees:
            built = self.book.rules[name]
            area = str(self.reading.facts.get("hukou_area") or "") if built.rule.kind == "amount" else ""
            self._trees[name] = _priced(
                {
                    "rule": name,
                    "label": built.label,
                    "kind": built.rule.kind,
                    "citation": built.rule.citation,
                    "parameters": [self._parameter(key, area) for key in built.used],
                    **self._body(built.expr, self.reading.rule(name)),
                }
            )
        return self._trees[name]

    def _parameter(self, key: str, area: str) -> Tree:
        line = self.book.pack.line(key, self.book.as_of, area)
        return {"key": key, "label": KEYS[key].label, "value": plain(line.value), "source": line.source}

    def _body(self, expr: x.Expr, value: x.Value) -> Tree:
        facts: dict[str, Tree] = {}
        needs: dict[str, None] = {}
        conditions: list[Tree] = []
        self._collect(expr, facts, needs, conditions)
        if value is None:
            for condition in conditions:
                needs.update(dict.fromkeys(condition["needs"] if condition["value"] is None else ()))
        return {
            "value": plain(value),
            "shown": WAITS_FOR_A_PERSON if value is None and only_judgement(needs) else shown(value),
            "facts": list(facts.values()),
            "needs": list(needs) if value is None else [],
            "asked": [self._supplier(name) for name in needs] if value is None else [],
            "conditions": conditions,
        }

    def _collect(self, node: x.Expr, facts: dict[str, Tree], needs: dict[str, None], out: list[Tree]) -> None:
        if isinstance(node, x.RuleRef):
            tree = self.rule(node.name)
            if not any(known is tree for known in out):
                out.append(tree)
        elif isinstance(node, x.Named):
            out.append(self._condition(node))
        elif isinstance(node, x.FactRef):
            self._note(node.name, facts, needs)
        elif isinstance(node, x.Unknown):
            needs[self._asked(node.fact)] = None
        elif isinstance(node, x.IsNull):
            self._collect(node.inner, facts, {}, out)
        elif isinstance(node, x.When):
            met = self.reading.value(node.condition)
            self._collect(node.condition, facts, needs if met is None else {}, out)
            if met is not None:
                self._collect(node.then if met else node.other, facts, needs, out)
        else:
            for part in self._deciding(node):
                self._collect(part, facts, needs, out)

    def _supplier(self, name: str) -> Tree:
        one = suppliers.of(name, self.book.as_of)
        return {
            "name": name,
            "label": one.label,
            "who": list(one.who),
            "paper": one.paper,
            "sentence": one.sentence,
        }

    def _condition(self, node: x.Named) -> Tree:
        head: Tree = {
            "rule": None,
            "label": node.label,
            "kind": "condition",
            "citation": "",
            "parameters": [],
        }
        return {**head, **self._body(node.inner, self.reading.value(node.inner))}

    def _note(self, name: str, facts: dict[str, Tree], needs: dict[str, None]) -> None:
        value = self.reading.facts.get(name)
        if value is None:
            needs[name] = None
        else:
            facts[name] = {"name": name, "label": FACTS_BY_NAME[name].label, "value": plain(value)}

    def _asked(self, fact: str) -> str:
        """What to find out: of a parent whose identity is unknown it is the identity, nothing else would help."""
        identity = fact.removesuffix("known") + "unknown"
        return identity if fact.endswith("_known") and self.reading.facts.get(identity) is True else fact

    def _deciding(self, node: x.Expr) -> list[x.Expr]:
        """The operands that settled the value."""
        if isinstance(node, x.And | x.Or):
            values = [(part, self.reading.value(part)) for part in node.operands]
            settles = isinstance(node, x.Or)
            settled = [part for part, value in values if value is settles]
            if settled:
                return settled[:1]
            open_ones = [part for part, value in values if value is None]
            return open_ones or list(node.operands)
        if isinstance(node, x.OrElse):
            known = self.reading.value(node.inner) is not None
            return [node.inner] if known else [node.default]
        return list(node.parts)


def _priced(tree: Tree) -> Tree:
    """An amount somebody is entitled to, of which the pack has no figure, is told as just that."""
    entitled = not tree["conditions"] or any(one["value"] for one in tree["conditions"])
    missing = any(one["value"] is None for one in tree["parameters"])
    if tree["kind"] == "amount" and tree["value"] is None and not tree["needs"] and entitled and missing:
        tree["shown"] = NOT_LOADED
    return tree


def to_chinese(tree: Tree, told: set[str] | None = None) -> list[str]:
    """The tree as indented lines, one condition a line. Conditions without any record are gathered in one line; a rule
    already told (in this tree, or in others sharing ``told``) is not told twice."""
    return _lines(tree, 0, set() if told is None else told)


def _lines(tree: Tree, depth: int, told: set[str]) -> list[str]:
    text = "　" * depth + _sentence(tree)
    if tree["rule"] in told and tree["conditions"]:
        return [text + "，理由见上"]
    if tree["rule"]:
        told.add(tree["rule"])
    lines = [text]
    worth = [c for c in tree["conditions"] if not (c["kind"] == "background" and c["value"] is True)]
    silent = [c for c in worth if _silent(c)]
    gathered = silent if len(silent) >= 2 else []
    for condition in worth:
        if condition not in gathered:
            lines += _lines(condition, depth + 1, told)
    if gathered:
        lines.append("　" * (depth + 1) + "以下各项均无记录：" + "、".join(c["label"] for c in gathered))
    return lines


def _silent(tree: Tree) -> bool:
    """Not true, and nothing on record speaks of it."""
    return tree["value"] is False and not tree["facts"] and all(_silent(c) for c in tree["conditions"])


def _sentence(tree: Tree) -> str:
    notes = [f"{f['label']} {value_label(f['name'], f['value'])}" for f in tree["facts"]]
    below = {name for c in tree["conditions"] for name in c["needs"]}
    wanted = [one for one in tree["asked"] if one["name"] not in below]
    if wanted:
        ask = "须由人判断：" if only_judgement(one["name"] for one in wanted) else "尚缺："
        notes.append(ask + "；".join(one["sentence"] for one in wanted))
    text = f"{tree['label']}：{_amount(tree)}"
    if notes:
        text += f"（{'，'.join(notes)}）"
    if tree["citation"] and tree["kind"] in ("category", "amount", "benefit", "evidence"):
        text += f"〔依据：{tree['citation']}〕"
    return text


def _amount(tree: Tree) -> str:
    if tree["kind"] == "amount" and isinstance(tree["value"], int):
        return f"{tree['value'] / 100:.2f} 元/月"
    return str(tree["shown"])
