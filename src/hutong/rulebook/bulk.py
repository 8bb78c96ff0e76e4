"""A table of children: the same expressions as Ibis columns (DuckDB by default).

Rules are computed in layers, each layer one projection over the last, so that a rule named ten times is computed once
and nothing is held in memory: the whole is one streaming query.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import ibis

from hutong.rulebook import expr as x
from hutong.rulebook.interpret import month_day

_IBIS_TYPES: dict[str, str] = {"bool": "boolean", "int": "int64", "date": "date", "str": "string"}
_PREFIX = "_rule_"


def column_name(rule: str) -> str:
    """The name a rule's column has between layers."""
    return _PREFIX + rule.replace(".", "__")


def column(node: x.Expr, table: Any) -> Any:
    """The Ibis column of an expression; rules it refers to must already be columns of the table."""
    return _WALK[type(node)](node, table)


def with_rules(table: Any, layers: Sequence[Mapping[str, x.Expr]]) -> Any:
    """The table with one more column a rule. ``view()`` keeps Ibis from inlining one layer into the next."""
    for layer in layers:
        table = table.mutate(**{column_name(n): column(e, table) for n, e in layer.items()}).view()
    return table


def _fact(node: x.FactRef, table: Any) -> Any:
    if node.name not in table.columns:
        return ibis.null(_IBIS_TYPES[node.type])
    found = table[node.name]
    wanted = _IBIS_TYPES[node.type]
    return found if str(found.type()) in (wanted, f"!{wanted}") else found.cast(wanted)


def _many(node: x.And | x.Or, table: Any) -> Any:
    columns = [column(operand, table) for operand in node.operands]
    result = columns[0]
    for other in columns[1:]:
        result = result & other if isinstance(node, x.And) else result | other
    return result


def _compare(node: x.Compare, table: Any) -> Any:
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


def _one_of(node: x.OneOf, table: Any) -> Any:
    inner = column(node.inner, table)
    if node.values:
        return inner.isin(node.values)
    return ibis.ifelse(inner.isnull(), ibis.null("boolean"), ibis.literal(False))


def _any_told(node: x.AnyTold, table: Any) -> Any:
    told = [_fact(f, table).notnull() for f in node.facts]
    return ibis.or_(*told)


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
    x.OrElse: lambda n, t: ibis.coalesce(column(n.inner, t), column(n.default, t)),
    x.When: lambda n, t: ibis.ifelse(column(n.condition, t), column(n.then, t), column(n.other, t)),
    x.PlusMonths: _plus_months,
    x.PlusDays: _plus_days,
    x.CompletedYears: _completed_years,
    x.Minus: _minus,
    x.Prefix: lambda n, t: column(n.inner, t).substr(0, n.length),
    x.Lists: lambda n, t: ("," + column(n.inner, t) + ",").contains(f",{n.item},"),
}
