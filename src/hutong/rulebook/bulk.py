"""A table of children: the same expressions as Ibis columns (DuckDB by default).

Rules are computed in layers, each layer one projection over the last, so that a rule named ten times is computed once
and nothing is held in memory: the whole is one streaming query.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import ibis

from hutong.kernel.ages import add_months
from hutong.rulebook import expr as x
from hutong.rulebook.interpret import month_day

_IBIS_TYPES: dict[str, str] = {"bool": "boolean", "int": "int64", "date": "date", "str": "string"}
_PREFIX = "_rule_"
_DEAR = 4.0
_COSTS: dict[type[x.Expr], float] = {
    x.Const: 0.0,
    x.Unknown: 0.0,
    x.FactRef: 0.2,
    x.RuleRef: 0.2,
    x.Named: 0.0,
    x.And: 0.2,
    x.Or: 0.2,
    x.Not: 0.2,
    x.OneOf: 3.0,
    x.PlusMonths: 3.0,
    x.PlusDays: 3.0,
    x.CompletedYears: 8.0,
    x.Prefix: 8.0,
    x.Lists: 5.0,
}


def column_name(rule: str) -> str:
    """The name a rule's column has between layers."""
    return _PREFIX + rule.replace(".", "__")


def column(node: x.Expr, table: Any) -> Any:
    """The Ibis column of an expression; rules it refers to must already be columns of the table."""
    return _WALK[type(node)](node, table)


def with_rules(table: Any, layers: Sequence[Mapping[str, x.Expr]], keep: Sequence[str]) -> Any:
    """The table with one more column a rule, of which only ``keep`` is sure to reach the end: a layer carries on what
    later layers read. ``view()`` keeps Ibis from inlining one layer into the next."""
    for floor, layer in enumerate(layers):
        later = {name for above in layers[floor + 1 :] for e in above.values() for name in _columns(e)} | set(
            keep
        )
        kept = [name for name in table.columns if name in later]
        added = {column_name(n): column(e, table) for n, e in layer.items()}
        table = table.select(*kept, **added).view()
    return table


def _columns(expr: x.Expr) -> list[str]:
    """The columns an expression reads: facts, and rules of earlier layers."""
    nodes = [n for n in x.walk(expr) if isinstance(n, x.FactRef | x.RuleRef)]
    return [n.name if isinstance(n, x.FactRef) else column_name(n.name) for n in nodes]


def _fact(node: x.FactRef, table: Any) -> Any:
    if node.name not in table.columns:
        return ibis.null(_IBIS_TYPES[node.type])
    found = table[node.name]
    wanted = _IBIS_TYPES[node.type]
    return found if str(found.type()) in (wanted, f"!{wanted}") else found.cast(wanted)


def inlined(exprs: Mapping[str, x.Expr], wanted: Sequence[str]) -> dict[str, x.Expr]:
    """The rules left when the child's yes-or-no rules that are dear and rest on facts alone (a text, a set) are written
    out where they are named, at most twice: there they are worked out only for the rows where they matter."""
    left = dict(exprs)
    uses = Counter(ref.name for e in exprs.values() for ref in x.walk(e) if isinstance(ref, x.RuleRef))
    for name, expr in exprs.items():
        about_child = "." not in name and expr.type == "bool" and name not in wanted
        if not about_child or uses[name] > 2 or cost(expr) < _DEAR:
            continue
        if not any(isinstance(part, x.RuleRef) for part in x.walk(expr)):
            body = left.pop(name)
            left = {n: _written_out(e, name, body) for n, e in left.items()}
    return left


def _written_out(node: x.Expr, name: str, body: x.Expr) -> x.Expr:
    if isinstance(node, x.RuleRef):
        return body if node.name == name else node
    if not any(isinstance(part, x.RuleRef) and part.name == name for part in x.walk(node)):
        return node
    changed: dict[str, Any] = {}
    for field in dataclasses.fields(node):
        value = getattr(node, field.name)
        if isinstance(value, x.Expr):
            changed[field.name] = _written_out(value, name, body)
        elif isinstance(value, tuple) and value and isinstance(value[0], x.Expr):
            changed[field.name] = tuple(_written_out(part, name, body) for part in value)
    return dataclasses.replace(node, **changed)


def cost(node: x.Expr) -> float:
    """Rough cost of a value a row, in comparisons of two dates."""
    text = 3.0 if isinstance(node, x.Compare) and node.left.type == "str" else 0.0
    return _COSTS.get(type(node), 1.0) + text + sum(cost(part) for part in node.parts)


def _many(node: x.And | x.Or, table: Any) -> Any:
    """Kleene's and / or do not mind the order, so what is cheap decides first and what is dear (text, sets) is only
    worked out for the rows left open: ``CASE WHEN NOT cheap THEN FALSE ELSE cheap AND dear END``."""
    cheap = [part for part in node.operands if cost(part) < _DEAR]
    dear = sorted((part for part in node.operands if cost(part) >= _DEAR), key=cost)
    if not cheap and dear:
        cheap, dear = dear[:1], dear[1:]
    first = _joined(node, [column(part, table) for part in cheap])
    if not dear:
        return first
    rest = _joined(node, [first, *(column(part, table) for part in dear)])
    if isinstance(node, x.And):
        return ibis.ifelse(~first, ibis.literal(False), rest)
    return ibis.ifelse(first, ibis.literal(True), rest)


def _joined(node: x.And | x.Or, columns: list[Any]) -> Any:
    result = columns[0]
    for other in columns[1:]:
        result = result & other if isinstance(node, x.And) else result | other
    return result


def _or_else(node: x.OrElse, table: Any) -> Any:
    inner = column(node.inner, table)
    closed = isinstance(node.default, x.Const) and node.default.value is False
    if closed and not isinstance(node.inner, x.FactRef):
        return ibis.ifelse(inner, ibis.literal(True), ibis.literal(False))  # half the price of coalesce
    return ibis.coalesce(inner, column(node.default, table))


def _compare(node: x.Compare, table: Any) -> Any:
    early = _before_cutoff(node, table)
    if early is not None:
        return early
    left, right = column(node.left, table), column(node.right, table)
    operations: dict[str, Callable[[], Any]] = {
        "eq": lambda: left == right,
        "ne": lambda: left != right,
        "lt": lambda: left < right,
        "le": lambda: left <= right,
        "gt": lambda: left > right,
        "ge": lambda: left >= right,
    }
    return operations[node.op]()


def _before_cutoff(node: x.Compare, table: Any) -> Any | None:
    """``day + n months <= fixed`` asked as ``day <= cutoff``: exact, since adding months never changes the order."""
    fixed = node.right
    if not (
        isinstance(node.left, x.PlusMonths) and isinstance(fixed, x.Const) and isinstance(fixed.value, date)
    ):
        return None
    if node.op not in ("le", "lt"):
        return None
    latest = fixed.value if node.op == "le" else fixed.value - timedelta(days=1)
    cutoff = add_months(latest, -node.left.months) + timedelta(days=3)
    while add_months(cutoff, node.left.months) > latest:
        cutoff -= timedelta(days=1)
    return column(node.left.inner, table) <= ibis.literal(cutoff, "date")


def _one_of(node: x.OneOf, table: Any) -> Any:
    inner = column(node.inner, table)
    if node.values:
        return inner.isin(node.values)
    return ibis.ifelse(inner.isnull(), ibis.null("boolean"), ibis.literal(False))


def _any_told(node: x.AnyTold, table: Any) -> Any:
    told = [_fact(f, table).notnull() for f in node.facts]
    return ibis.or_(*told)


def _when(node: x.When, table: Any) -> Any:
    met = column(node.condition, table)
    return ibis.cases((met, column(node.then, table)), (~met, column(node.other, table)))


def _plus_months(node: x.PlusMonths, table: Any) -> Any:
    return (column(node.inner, table) + ibis.interval(months=node.months)).cast("date")


def _plus_days(node: x.PlusDays, table: Any) -> Any:
    return (column(node.inner, table) + ibis.interval(days=node.days)).cast("date")


def _completed_years(node: x.CompletedYears, table: Any) -> Any:
    birth = column(node.inner, table)
    later = (birth.month().cast("int64") * 100 + birth.day().cast("int64")) > month_day(node.on)
    return ibis.literal(node.on.year, "int64") - birth.year().cast("int64") - later.cast("int64")


def _minus(node: x.Minus, table: Any) -> Any:
    difference = column(node.left, table) - column(node.right, table)
    return ibis.ifelse(difference < 0, ibis.literal(0, "int64"), difference)


def _const(node: x.Const, table: Any) -> Any:
    kind = _IBIS_TYPES[node.type]
    return ibis.null(kind) if node.value is None else ibis.literal(node.value, kind)


_WALK: dict[type[x.Expr], Callable[[Any, Any], Any]] = {
    x.Const: _const,
    x.Unknown: lambda n, t: ibis.null("boolean"),
    x.FactRef: _fact,
    x.RuleRef: lambda n, t: t[column_name(n.name)],
    x.Named: lambda n, t: column(n.inner, t),
    x.And: _many,
    x.Or: _many,
    x.Not: lambda n, t: ~column(n.inner, t),
    x.Compare: _compare,
    x.OneOf: _one_of,
    x.IsNull: lambda n, t: column(n.inner, t).isnull(),
    x.AnyTold: _any_told,
    x.OrElse: _or_else,
    x.When: _when,
    x.PlusMonths: _plus_months,
    x.PlusDays: _plus_days,
    x.CompletedYears: _completed_years,
    x.Minus: _minus,
    x.Prefix: lambda n, t: column(n.inner, t).substr(0, n.length),
    x.Lists: lambda n, t: ("," + column(n.inner, t) + ",").contains(f",{n.item},"),
}
