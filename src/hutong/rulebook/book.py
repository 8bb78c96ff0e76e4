"""A book: the rules of one pack as of one day, ordered, ready for a table or for one child."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from hutong.kernel.facts import FACT_BY_NAME, PARENTS
from hutong.rulebook import packs
from hutong.rulebook import rules as _rules  # noqa: F401 (declares every rule)
from hutong.rulebook.explain import Explainer
from hutong.rulebook.expr import FALSE, Expr, RuleError, RuleRef, Value, nothing, walk
from hutong.rulebook.facts import JUDGEMENTS
from hutong.rulebook.fold import Columns
from hutong.rulebook.interpret import Reading
from hutong.rulebook.nearest import hint
from hutong.rulebook.packs import Pack
from hutong.rulebook.ruleset import OPTIONAL_KINDS, RULES, ChildView, PackView, ParentView, Rule
from hutong.rulebook.sql import Dialect, statement
from hutong.rulebook.wording import worded

OUTPUTS: dict[str, str] = {
    "scheme": "scheme",
    "lb": "lb",
    "entitled_orphan": "orphan",
    "entitled_ref_orphan": "ref_orphan",
    "entitled_defacto": "defacto",
    "entitled_lb": "lb_evident",
    "contradicted_living": "contradicted_living",
    "contradicted_lb": "contradicted_lb",
    "undecided": "undecided",
    "monthly_due": "monthly_due",
}
"""Columns ``evaluate_table`` adds → the rule each is read from (bools closed: unknown counts as not shown). What a
person must still judge counts as shown in ``entitled_lb``: a lead is how the person is asked."""


@dataclass(frozen=True)
class BuiltRule:
    """A rule built for one pack and day; ``used`` are the parameters it read; ``in_force``: the pack has it on that day."""

    rule: Rule
    name: str
    label: str
    expr: Expr
    used: tuple[str, ...]
    in_force: bool = True


@dataclass(frozen=True)
class Decision:
    """What the rules say of one child. ``values`` is by rule name, three-valued (None: cannot decide yet)."""

    values: Mapping[str, Value]
    needs: Mapping[str, tuple[str, ...]]
    """Outcome (of ``Book.outcomes``) → names of facts to find out, for those that cannot be decided."""

    @property
    def to_judge(self) -> Mapping[str, tuple[str, ...]]:
        """Of the open categories, those for which nothing is missing but a person's judgement (综合判断)."""
        return {
            name: wanted for name, wanted in self.needs.items() if wanted and JUDGEMENTS.issuperset(wanted)
        }

    @property
    def scheme(self) -> str | None:
        value = self.values["scheme"]
        return value if isinstance(value, str) else None

    @property
    def monthly_due(self) -> int | None:
        """Fen a month; None without a scheme, or where the pack's figure is not loaded."""
        value = self.values["monthly_due"]
        return value if isinstance(value, int) else None

    @property
    def lb(self) -> bool:
        return self.values["lb"] is True

    @property
    def undecided(self) -> bool:
        return self.values["undecided"] is True


class Book:
    def __init__(self, pack: Pack, as_of: date) -> None:
        self.pack = pack
        self.as_of = as_of
        self.rules: dict[str, BuiltRule] = {b.name: b for r in RULES.values() for b in _built(r, pack, as_of)}
        self.order: tuple[str, ...] = _ordered(self.rules)
        self.exprs: dict[str, Expr] = {name: built.expr for name, built in self.rules.items()}
        self._nodes: dict[str, tuple[Expr, ...]] = {}
        self.outcomes: tuple[str, ...] = tuple(
            n for n, b in self.rules.items() if b.rule.kind in OPTIONAL_KINDS or n == "visit"
        )
        """What a family and an official are told: categories, tags, benefits, alerts and the visit interval."""

    @property
    def version(self) -> str:
        return self.pack.version

    def read(self, facts: Mapping[str, Value]) -> Reading:
        return Reading(facts, self.exprs)

    def nodes(self, rule: str) -> tuple[Expr, ...]:
        """Every node the rule rests on, those of the rules it refers to included."""
        if rule not in self._nodes:
            needed = {rule}
            for name in reversed(self.order):
                if name in needed:
                    needed |= set(_references(self.exprs[name]))
            self._nodes[rule] = tuple(node for name in needed for node in walk(self.exprs[name]))
        return self._nodes[rule]

    def evaluate_one(self, facts: Mapping[str, Value]) -> Decision:
        """Every rule for one child; missing keys are null. Facts of ``kernel.facts`` and ``rulebook.facts``."""
        reading = self.read(facts)
        values = {name: reading.rule(name) for name in self.order}
        still_open = [n for n in self.outcomes if values[n] is None]
        if not still_open:
            return Decision(values, {})
        explainer = Explainer(self, reading)
        return Decision(values, {name: tuple(explainer.rule(name)["needs"]) for name in still_open})

    def explain(self, facts: Mapping[str, Value], rule: str) -> dict[str, Any]:
        """The tree of named conditions that decided one rule; see ``explain.Explainer``."""
        if rule not in self.rules:
            spellings = {
                **{built.label: name for name, built in self.rules.items()},
                **{n: n for n in self.rules},
            }
            raise RuleError(f"没有名为“{rule}”的规则{hint(rule, spellings)}")
        return Explainer(self, self.read(facts)).rule(rule)

    def sql(
        self,
        source: str,
        outputs: Mapping[str, str],
        *,
        columns: Columns | None = None,
        keep: Sequence[str] = ("child_id",),
        closed: bool = False,
        dialect: Dialect = "duckdb",
    ) -> str:
        """The statement that reads facts from ``source`` (one row a child) and gives, row for row, ``keep`` and
        ``outputs`` (column → rule). ``columns``: what is known of those of the source; all of ``kernel.facts`` if not
        said. ``closed``: yes-or-no outputs count unknown as not shown."""
        refs: dict[str, Expr] = {o: RuleRef(n, self.rules[n].expr.type) for o, n in outputs.items()}
        if closed:
            refs = {o: ref.or_else(False) if ref.type == "bool" else ref for o, ref in refs.items()}
        return statement(self.exprs, refs, columns or Columns(FACT_BY_NAME), source, keep, dialect)

    def evaluate_table(self, source: str) -> str:
        """What comparison asks of a table of ``kernel.facts``: ``child_id`` and ``OUTPUTS``."""
        return self.sql(source, OUTPUTS, closed=True)

    @property
    def catalogue(self) -> dict[str, str]:
        """Every rule with a code of its own, and the outputs beside them, as ``sql`` takes them."""
        coded = [name for name, built in self.rules.items() if built.rule.code]
        return {name: name for name in (*coded, *dict.fromkeys(OUTPUTS.values()), "visit")}


@lru_cache(maxsize=64)
def book(pack_name: str, as_of: date) -> Book:
    """The book of an installed pack as of a day (cached); PackError in Chinese if the pack cannot serve that day."""
    return Book(packs.load(pack_name), as_of)


_LAID: dict[tuple[str, str, date], Book] = {}


def book_of(pack: Pack, as_of: date) -> Book:
    """The book of any pack, such as one with a draft laid over it; kept by its version."""
    key = (pack.name, pack.version, as_of)
    if key not in _LAID:
        if len(_LAID) >= 128:
            _LAID.clear()
        _LAID[key] = Book(pack, as_of)
    return _LAID[key]


def _built(rule: Rule, pack: Pack, on: date) -> list[BuiltRule]:
    if not rule.of_parent:
        return [_build_one(rule, pack, on, rule.name, rule.label, ChildView(on))]
    views = [ParentView(prefix, label, on) for prefix, label in PARENTS]
    return [_build_one(rule, pack, on, f"{v.prefix}.{rule.name}", f"{v.label}{rule.label}", v) for v in views]


def _build_one(
    rule: Rule, pack: Pack, on: date, name: str, label: str, view: ChildView | ParentView
) -> BuiltRule:
    adopted = rule.kind not in OPTIONAL_KINDS or rule.name in pack.adopts
    if not (adopted and rule.in_force(on)):
        empty = FALSE if rule.type == "bool" else nothing(rule.type)
        return BuiltRule(rule, name, f"{label}（{pack.label}未施行）", empty, (), in_force=False)
    dated = PackView(pack, on)
    expr = rule.build(view, dated)
    if rule.name in pack.wordings:
        expr = worded(pack.wordings[rule.name], view, expr)
    if expr.type != rule.type:
        raise RuleError(f"规则“{name}”声明为 {rule.type}，写出的却是 {expr.type}。")
    return BuiltRule(rule, name, label, expr, tuple(sorted(dated.used)))


def _references(expr: Expr) -> list[str]:
    return [node.name for node in walk(expr) if isinstance(node, RuleRef)]


def _ordered(rules: Mapping[str, BuiltRule]) -> tuple[str, ...]:
    """Names so that every rule stands after those it refers to; RuleError names the cycle if there is one."""
    done: dict[str, None] = {}
    path: list[str] = []

    def visit(name: str) -> None:
        if name in done:
            return
        if name in path:
            raise RuleError(f"规则互相引用成环：{' → '.join([*path[path.index(name) :], name])}，请拆开。")
        path.append(name)
        for reference in _references(rules[name].expr):
            visit(reference)
        path.pop()
        done[name] = None

    for name in rules:
        visit(name)
    return tuple(done)
