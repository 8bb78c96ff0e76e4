"""Rules made shorter before they meet a table: what the pack, the day and the missing columns already settle.

The folded rules say the same as the written ones of every child (tests hold them to that). Ages and terms measured
against the day of the book become plain comparisons of dates; a fact nobody has told of is a null that settles much.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from hutong.kernel.ages import add_months, birthday
from hutong.rulebook import expr as x
from hutong.rulebook.interpret import Reading

_NULL = x.Const(None, "bool")
_TURNED: dict[x.CompareOp, x.CompareOp] = {
    "lt": "ge",
    "le": "gt",
    "gt": "le",
    "ge": "lt",
    "eq": "ne",
    "ne": "eq",
}


@dataclass(frozen=True)
class Columns:
    """What is known of a table before a row of it is read."""

    names: Collection[str]
    """The facts it has a column for; of others nobody has told."""
    same: Mapping[str, x.Value] = field(default_factory=dict)
    """Facts with one value (or none) in every row."""
    full: Collection[str] = ()
    """Facts told of every child."""


class Folder:
    """Folds the rules of one book, given what is known of the columns."""

    def __init__(self, exprs: Mapping[str, x.Expr], columns: Columns) -> None:
        self._written, self.columns = exprs, columns
        self.rules: dict[str, x.Expr] = {}
        self._sure: dict[str, bool] = {}

    def rule(self, name: str) -> x.Expr:
        """The rule folded, and all it rests on before it."""
        if name not in self.rules:
            folded = self.fold(self._written[name])
            self.rules[name] = folded
            self._sure[name] = self.sure(folded)
        return self.rules[name]

    def fold(self, node: x.Expr) -> x.Expr:
        return _FOLD.get(type(node), _parts)(self, node)

    def fact(self, node: x.FactRef) -> x.Expr:
        same = self.columns.same
        if node.name in same or node.name not in self.columns.names:
            return x.Const(same.get(node.name), node.type)
        return node

    def sure(self, node: x.Expr) -> bool:
        """Never null."""
        if isinstance(node, x.Const):
            return node.value is not None
        if isinstance(node, x.IsNull | x.AnyTold):
            return True
        if isinstance(node, x.OrElse):
            return self.sure(node.default)
        if isinstance(node, x.RuleRef):
            return self._sure[node.name]
        if isinstance(node, x.FactRef):
            return node.name in self.columns.full
        return all(map(self.sure, node.parts))


def _parts(f: Folder, node: x.Expr) -> x.Expr:
    """Any other node, its operands folded; worked out now if they are all plain values, null if its only one is."""
    changed: dict[str, Any] = {}
    for part in dataclasses.fields(node):
        value = getattr(node, part.name)
        if isinstance(value, x.Expr):
            changed[part.name] = f.fold(value)
    made = dataclasses.replace(node, **changed) if changed else node
    if changed and all(isinstance(part, x.Const) for part in made.parts):
        return x.Const(Reading({}, {}).value(made), made.type)
    return made


def _rule(f: Folder, node: x.RuleRef) -> x.Expr:
    folded = f.rule(node.name)
    return folded if isinstance(folded, x.Const | x.FactRef | x.RuleRef | x.CompletedYears) else node


def _many(f: Folder, node: x.And | x.Or) -> x.Expr:
    kind = type(node)
    settles = kind is x.Or
    left: dict[int, x.Expr] = {}
    for operand in map(f.fold, node.operands):
        for part in operand.operands if isinstance(operand, kind) else (operand,):
            if isinstance(part, x.Const) and part.value is settles:
                return part
            if not (isinstance(part, x.Const) and part.value is (not settles)):
                left[id(part)] = part
    if not left:
        return x.FALSE if settles else x.TRUE
    found = tuple(left.values())
    return found[0] if len(found) == 1 else kind(found)


def _not(f: Folder, node: x.Not) -> x.Expr:
    inner = f.fold(node.inner)
    if isinstance(inner, x.Const):
        return x.Const(None if inner.value is None else not inner.value, "bool")
    if isinstance(inner, x.Not):
        return inner.inner
    if isinstance(inner, x.OrElse) and isinstance(inner.default, x.Const) and f.sure(inner.default):
        return _or_else(f, x.OrElse(x.Not(inner.inner), x.lift(not inner.default.value)))
    if isinstance(inner, x.Compare):
        return x.Compare(_TURNED[inner.op], inner.left, inner.right)
    return x.Not(inner)


def _or_else(f: Folder, node: x.OrElse) -> x.Expr:
    inner = f.fold(node.inner)
    if f.sure(inner):
        return inner
    default = f.fold(node.default)
    if isinstance(inner, x.Const):
        return default
    if default is not x.FALSE and not (isinstance(default, x.Const) and default.value is False):
        return x.OrElse(inner, default)
    if isinstance(inner, x.And | x.Or):  # what is closed as a whole may be closed part by part
        return type(inner)(
            tuple(part if f.sure(part) else x.OrElse(part, x.FALSE) for part in inner.operands)
        )
    return x.OrElse(inner, x.FALSE)


def _when(f: Folder, node: x.When) -> x.Expr:
    condition = f.fold(node.condition)
    if isinstance(condition, x.Const):
        if condition.value is None:
            return x.Const(None, node.type)
        return f.fold(node.then if condition.value else node.other)
    return x.When(condition, f.fold(node.then), f.fold(node.other))


def _is_null(f: Folder, node: x.IsNull) -> x.Expr:
    inner = f.fold(node.inner)
    if isinstance(inner, x.Const):
        return x.TRUE if inner.value is None else x.FALSE
    return x.FALSE if f.sure(inner) else x.IsNull(inner)


def _any_told(f: Folder, node: x.AnyTold) -> x.Expr:
    facts = [f.fact(fact) for fact in node.facts]
    if any(map(f.sure, facts)):
        return x.TRUE
    told = tuple(fact for fact in facts if isinstance(fact, x.FactRef))
    return x.AnyTold(told) if told else x.FALSE


def _compare(f: Folder, node: x.Compare) -> x.Expr:
    left, right = f.fold(node.left), f.fold(node.right)
    if any(isinstance(side, x.Const) and side.value is None for side in (left, right)):
        return _NULL
    made = x.Compare(node.op, left, right)
    if isinstance(right, x.Const):
        if isinstance(left, x.Const):
            return x.Const(Reading({}, {}).value(made), "bool")
        return _shifted(made, left, right.value)
    return made


def _shifted(node: x.Compare, left: x.Expr, fixed: x.Value) -> x.Expr:
    """``day + n months <= fixed`` asked as ``day <= cutoff``, ``age < n`` as ``birth > cutoff``: exact, since adding
    months or years never changes the order of days."""
    if isinstance(left, x.PlusDays) and isinstance(fixed, date):
        day = fixed - timedelta(days=left.days)
        return _shifted(x.Compare(node.op, left.inner, x.lift(day)), left.inner, day)
    if node.op in ("eq", "ne"):
        return node
    if isinstance(left, x.PlusMonths) and isinstance(fixed, date):
        months = left.months
        holds = node.op in ("lt", "le")
        strict = node.op in ("lt", "ge")
        latest = fixed - timedelta(days=1) if strict else fixed
        cutoff = _last(latest, -months, lambda day: add_months(day, months) <= latest)
        return x.Compare("le" if holds else "gt", left.inner, x.lift(cutoff))
    if isinstance(left, x.CompletedYears) and isinstance(fixed, int):
        years = fixed + 1 if node.op in ("le", "gt") else fixed
        on = left.on
        cutoff = _last(on, -12 * years, lambda birth: birthday(birth, years) <= on)
        return x.Compare("gt" if node.op in ("lt", "le") else "le", left.inner, x.lift(cutoff))
    return node


def _last(day: date, months: int, holds: Callable[[date], bool]) -> date:
    """The last day for which it holds, near ``day`` and so many months."""
    found = add_months(day, months) + timedelta(days=3)
    while not holds(found):
        found -= timedelta(days=1)
    return found


_FOLD: dict[type[x.Expr], Callable[[Folder, Any], x.Expr]] = {
    x.Const: lambda f, n: n,
    x.Unknown: lambda f, n: _NULL,
    x.FactRef: Folder.fact,
    x.RuleRef: _rule,
    x.Named: lambda f, n: f.fold(n.inner),
    x.And: _many,
    x.Or: _many,
    x.Not: _not,
    x.OrElse: _or_else,
    x.When: _when,
    x.IsNull: _is_null,
    x.AnyTold: _any_told,
    x.Compare: _compare,
}
