"""One child: the value of an expression under Kleene's logic. ``explain`` tells why."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from hutong.kernel.ages import add_months
from hutong.rulebook import expr as x

_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "lt": operator.lt,
    "le": operator.le,
    "gt": operator.gt,
    "ge": operator.ge,
}


def month_day(on: date) -> int:
    """Month and day as one number; 28 February of a common year also reaches birthdays on the 29th."""
    number = on.month * 100 + on.day
    if number == 228 and add_months(on.replace(day=1), 1) - on == timedelta(days=1):
        return 229
    return number


class Reading:
    """The facts of one child read against the rules of one book; every rule is worked out once."""

    __slots__ = ("facts", "rules", "values")

    def __init__(self, facts: Mapping[str, x.Value], rules: Mapping[str, x.Expr]) -> None:
        self.facts = facts
        self.rules = rules
        self.values: dict[str, x.Value] = {}

    def rule(self, name: str) -> x.Value:
        if name not in self.values:
            self.values[name] = self.value(self.rules[name])
        return self.values[name]

    def value(self, node: x.Expr) -> x.Value:
        return _WALK[type(node)](self, node)


def _and(r: Reading, node: x.And) -> x.Value:
    result: x.Value = True
    for operand in node.operands:
        value = r.value(operand)
        if value is False:
            return False
        if value is None:
            result = None
    return result


def _or(r: Reading, node: x.Or) -> x.Value:
    result: x.Value = False
    for operand in node.operands:
        value = r.value(operand)
        if value is True:
            return True
        if value is None:
            result = None
    return result


def _not(r: Reading, node: x.Not) -> x.Value:
    value = r.value(node.inner)
    return None if value is None else not value


def _compare(r: Reading, node: x.Compare) -> x.Value:
    left = r.value(node.left)
    if left is None:
        return None
    right = r.value(node.right)
    return None if right is None else _COMPARE[node.op](left, right)


def _one_of(r: Reading, node: x.OneOf) -> x.Value:
    value = r.value(node.inner)
    return None if value is None else value in node.values


def _or_else(r: Reading, node: x.OrElse) -> x.Value:
    value = r.value(node.inner)
    return r.value(node.default) if value is None else value


def _when(r: Reading, node: x.When) -> x.Value:
    met = r.value(node.condition)
    return None if met is None else r.value(node.then if met else node.other)


def _plus_months(r: Reading, node: x.PlusMonths) -> x.Value:
    value = r.value(node.inner)
    return add_months(value, node.months) if isinstance(value, date) else None


def _plus_days(r: Reading, node: x.PlusDays) -> x.Value:
    value = r.value(node.inner)
    return value + timedelta(days=node.days) if isinstance(value, date) else None


def _completed_years(r: Reading, node: x.CompletedYears) -> x.Value:
    birth = r.value(node.inner)
    if not isinstance(birth, date):
        return None
    return node.on.year - birth.year - (birth.month * 100 + birth.day > month_day(node.on))


def _minus(r: Reading, node: x.Minus) -> x.Value:
    left, right = r.value(node.left), r.value(node.right)
    return max(0, left - right) if isinstance(left, int) and isinstance(right, int) else None


def _prefix(r: Reading, node: x.Prefix) -> x.Value:
    value = r.value(node.inner)
    return value[: node.length] if isinstance(value, str) else None


def _lists(r: Reading, node: x.Lists) -> x.Value:
    value = r.value(node.inner)
    return node.item in value.split(",") if isinstance(value, str) else None


_WALK: dict[type[x.Expr], Callable[[Reading, Any], x.Value]] = {
    x.Const: lambda r, n: n.value,
    x.Unknown: lambda r, n: None,
    x.FactRef: lambda r, n: r.facts.get(n.name),
    x.RuleRef: lambda r, n: r.rule(n.name),
    x.Named: lambda r, n: r.value(n.inner),
    x.And: _and,
    x.Or: _or,
    x.Not: _not,
    x.Compare: _compare,
    x.OneOf: _one_of,
    x.IsNull: lambda r, n: r.value(n.inner) is None,
    x.AnyTold: lambda r, n: any(r.facts.get(f.name) is not None for f in n.facts),
    x.OrElse: _or_else,
    x.When: _when,
    x.PlusMonths: _plus_months,
    x.PlusDays: _plus_days,
    x.CompletedYears: _completed_years,
    x.Minus: _minus,
    x.Prefix: _prefix,
    x.Lists: _lists,
}
