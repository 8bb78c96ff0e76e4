"""Where rules are declared, and the typed views they are written over.

A rule is a small function ``(child, pack) -> Expr`` or ``(parent, pack) -> Expr`` (declared once, built for father and
mother). It names facts and other rules as attributes (``child.age``, ``child.father.gone``) and dated parameters as
``pack.migration_months``; a name that is neither fact nor rule is an error when the book is built, not when a child is read.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from hutong.kernel.facts import PARENTS
from hutong.rulebook.expr import AnyTold, Const, Expr, FactRef, RuleError, RuleRef, Type, lift, when
from hutong.rulebook.facts import FACTS_BY_NAME, PARENT_FACTS
from hutong.rulebook.packs import Pack

Kind = Literal[
    "predicate",
    "category",
    "amount",
    "evidence",
    "tag",
    "benefit",
    "project",
    "alert",
    "interval",
    "background",
]
OPTIONAL_KINDS: frozenset[Kind] = frozenset({"category", "tag", "benefit", "project", "alert"})
"""Kinds a pack adopts by name; the rest are machinery and always present.
``background`` rules (the child lives, the parent is on file) are told only when they fail."""

Build = Callable[[Any, Any], Expr]


@dataclass(frozen=True)
class Rule:
    """One named rule. ``label`` is what officials read; ``citation`` the article it stands on."""

    name: str
    label: str
    citation: str
    kind: Kind
    type: Type
    build: Build
    of_parent: bool = False
    code: str = ""
    """What the data contract calls the outcome (category code, key tag, benefit or alert name)."""
    valid_from: date | None = None
    valid_to: date | None = None

    def in_force(self, on: date) -> bool:
        return (self.valid_from is None or self.valid_from <= on) and (
            self.valid_to is None or on < self.valid_to
        )


RULES: dict[str, Rule] = {}
"""Every rule by name, in order of declaration; ``hutong.rulebook.rules`` fills it on import."""


def rule(
    label: str,
    citation: str = "",
    *,
    kind: Kind = "predicate",
    type: Type = "bool",  # the word rule authors expect
    of_parent: bool = False,
    name: str | None = None,
    code: str = "",
    valid_from: date | None = None,
    valid_to: date | None = None,
) -> Callable[[Build], Build]:
    """Declare a rule; its name is the function's unless given."""

    def declare(build: Build) -> Build:
        key = name or build.__name__
        if key in RULES or (not of_parent and key in FACTS_BY_NAME):
            raise RuleError(f"规则名“{key}”已被占用，请换一个名称。")
        RULES[key] = Rule(key, label, citation, kind, type, build, of_parent, code, valid_from, valid_to)
        return build

    return declare


class PackView:
    """The pack as of one day. Attribute access gives a plain value and notes that the rule used it."""

    def __init__(self, pack: Pack, on: date) -> None:
        self._pack = pack
        self._on = on
        self.used: set[str] = set()

    def __getattr__(self, key: str) -> Any:
        if key.startswith("__"):
            raise AttributeError(key)
        self.used.add(key)
        return self._pack.param(key, self._on)

    def amount(self, key: str, area: Expr) -> Expr:
        """A standard in fen, by the longest area prefix the pack has a line for; null where it is not loaded."""
        self.used.add(key)
        result: Expr = _fen(self._pack.param(key, self._on))
        for prefix in sorted(self._pack.areas(key, self._on), key=len):
            local = _fen(self._pack.param(key, self._on, prefix))
            result = when(area.starts(len(prefix)).eq(prefix), local, result)
        return result


def _fen(value: Any) -> Expr:
    return Const(None if value is None else int(value), "int")


class ParentView:
    """The father's or the mother's facts and rules."""

    def __init__(self, prefix: str, label: str, on: date) -> None:
        self.prefix = prefix
        self.label = label
        self.today = lift(on)

    @property
    def hukou_county(self) -> Expr:
        """The county (six digits) of the *child's* registered residence."""
        return FactRef("hukou_area", "str").starts(6)

    def __getattr__(self, name: str) -> Expr:
        if name.startswith("__"):
            raise AttributeError(name)
        return _resolve(name, prefix=self.prefix)

    def told(self) -> Expr:
        """Whether the registry or any list has spoken of this parent at all."""
        facts = [
            f
            for f in PARENT_FACTS
            if f not in ("known", "unknown", "lost_receipt", "lost_route", "work_area")
        ]
        refs = tuple(FactRef(f"{self.prefix}_{f}", FACTS_BY_NAME[f"{self.prefix}_{f}"].type) for f in facts)
        return AnyTold(refs)


class ChildView:
    """The child's own facts and rules; ``father`` and ``mother`` lead to theirs; ``today`` is the day of the book."""

    father: ParentView
    mother: ParentView

    def __init__(self, on: date) -> None:
        self.today = on
        self.father, self.mother = (ParentView(prefix, label, on) for prefix, label in PARENTS)

    def __getattr__(self, name: str) -> Expr:
        if name.startswith("__"):
            raise AttributeError(name)
        return _resolve(name)


def _resolve(name: str, prefix: str | None = None) -> Expr:
    fact = FACTS_BY_NAME.get(name if prefix is None else f"{prefix}_{name}")
    if fact is not None:
        return FactRef(fact.name, fact.type)
    found = RULES.get(name)
    if found is None or found.of_parent != (prefix is not None):
        raise RuleError(f"规则引用了不存在的事实或规则“{name}”，请核对名称。")
    return RuleRef(name if prefix is None else f"{prefix}.{name}", found.type)
