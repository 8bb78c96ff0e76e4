"""A table of children: the same expressions as one SQL statement, for DuckDB or for Spark.

Rules named more than once are worked out in layers, each layer one projection over the last, so that each is worked out
once and nothing is held in memory: the whole is one streaming query.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from typing import Any, Literal

from hutong.rulebook import expr as x
from hutong.rulebook.fold import Columns, Folder
from hutong.rulebook.interpret import month_day

Dialect = Literal["duckdb", "spark"]
_TYPES: dict[str, dict[str, str]] = {
    "duckdb": {"bool": "BOOLEAN", "int": "BIGINT", "date": "DATE", "str": "VARCHAR"},
    "spark": {"bool": "BOOLEAN", "int": "BIGINT", "date": "DATE", "str": "STRING"},
}
_OPS: dict[str, str] = {"eq": "=", "ne": "<>", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}
_DEAR = 4.0
_COSTS: dict[type[x.Expr], float] = {
    x.Const: 0.0,
    x.FactRef: 0.2,
    x.RuleRef: 0.2,
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


def statement(
    exprs: Mapping[str, x.Expr],
    outputs: Mapping[str, x.Expr],
    columns: Columns,
    source: str,
    keep: Sequence[str] = ("child_id",),
    dialect: Dialect = "duckdb",
) -> str:
    """``SELECT keep, outputs FROM source``, row for row. ``exprs``: the rules by name, in order; ``outputs``: column →
    what it shows."""
    folder = Folder(exprs, columns)
    wanted = {name: folder.fold(expr) for name, expr in outputs.items()}
    return _Statement(folder, dialect).text(wanted, source, keep)


class _Statement:
    def __init__(self, folder: Folder, dialect: Dialect) -> None:
        self.folder, self.dialect = folder, dialect
        self.names: dict[str, str] = {}
        """Rule → the column that holds it, for rules that have one."""

    def text(self, wanted: Mapping[str, x.Expr], source: str, keep: Sequence[str]) -> str:
        layers = self._layers(wanted.values())
        reads: list[tuple[set[str], dict[str, str]]] = []
        for layer in layers:
            made = {f"r{len(self.names) + n}": self.folder.rules[rule] for n, rule in enumerate(layer)}
            reads.append((self._read(made.values()), {c: self.write(e) for c, e in made.items()}))
            self.names |= dict(zip(layer, made, strict=True))
        last = {name: self.write(expr) for name, expr in wanted.items()}
        needed = [self._read(wanted.values()) | set(keep)]
        for read, made_here in reversed(reads):
            needed.append((needed[-1] - made_here.keys()) | read)
        needed.reverse()
        for (_, made_here), later in zip(reads, needed[1:], strict=True):
            carried = sorted(later - made_here.keys())
            source = f"(SELECT {self._list(carried, made_here)} FROM {source})"
        return f"SELECT {self._list(keep, last)} FROM {source}"

    def _list(self, carried: Sequence[str], made: Mapping[str, str]) -> str:
        return ",\n".join([*carried, *(f"{text} AS {name}" for name, text in made.items())])

    def _layers(self, wanted: Collection[x.Expr]) -> list[list[str]]:
        """The rules that get a column of their own (those named more than once), each after what it rests on."""
        uses: Counter[str] = Counter()
        pending = list(wanted)
        while pending:
            for name in _rules(pending.pop()):
                uses[name] += 1
                if uses[name] == 1:
                    pending.append(self.folder.rules[name])
        level: dict[str, int] = {}
        for name in self.folder.rules:
            if uses[name]:
                below = max((level[n] for n in _rules(self.folder.rules[name])), default=-1)
                level[name] = below + (uses[name] > 1)
        height = max(level.values(), default=-1) + 1
        return [[n for n, at in level.items() if at == floor and uses[n] > 1] for floor in range(height)]

    def _read(self, exprs: Collection[x.Expr]) -> set[str]:
        """The columns they read, through rules written out in place."""
        found: set[str] = set()
        pending = list(exprs)
        while pending:
            for node in x.walk(pending.pop()):
                if isinstance(node, x.FactRef):
                    found.add(node.name)
                elif isinstance(node, x.RuleRef) and node.name in self.names:
                    found.add(self.names[node.name])
                elif isinstance(node, x.RuleRef):
                    pending.append(self.folder.rules[node.name])
        return found

    def write(self, node: x.Expr) -> str:
        return _WRITE[type(node)](self, node)

    def type(self, kind: str) -> str:
        return _TYPES[self.dialect][kind]

    def cost(self, node: x.Expr) -> float:
        """Rough cost of a value a row, in comparisons of two dates."""
        if isinstance(node, x.RuleRef) and node.name not in self.names:
            return self.cost(self.folder.rules[node.name])
        text = 3.0 if isinstance(node, x.Compare) and node.left.type == "str" else 0.0
        return _COSTS.get(type(node), 1.0) + text + sum(map(self.cost, node.parts))


def _rules(expr: x.Expr) -> list[str]:
    return [node.name for node in x.walk(expr) if isinstance(node, x.RuleRef)]


def _value(value: x.Value) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, date):
        return f"DATE '{value.isoformat()}'"
    return str(value) if isinstance(value, int) else "'" + str(value).replace("'", "''") + "'"


def _const(s: _Statement, n: x.Const) -> str:
    return f"CAST(NULL AS {s.type(n.kind)})" if n.value is None else _value(n.value)


def _rule(s: _Statement, n: x.RuleRef) -> str:
    return s.names[n.name] if n.name in s.names else s.write(s.folder.rules[n.name])


def _many(s: _Statement, n: x.And | x.Or) -> str:
    """What cannot be null is asked first, as the condition of a CASE, which leaves the rest to the rows still open and
    needs no null made false; the order of operands does not matter to Kleene."""
    both = isinstance(n, x.And)
    conditions: list[x.Expr] = []
    left: list[x.Expr] = []
    closed = False
    for part in n.operands:
        if isinstance(part, x.OrElse) and isinstance(part.default, x.Const) and part.default.value is False:
            conditions.append(part.inner)
            closed = True
        else:
            (conditions if s.folder.sure(part) else left).append(part)
    if not closed and (not conditions or (not left and max(map(s.cost, conditions)) < _DEAR)):
        return _joined(s, n, conditions + left)
    asked = _joined(s, n, conditions)
    rest = _joined(s, n, left) if left else None
    if both:
        return f"CASE WHEN {asked} THEN {rest or 'TRUE'} ELSE FALSE END"
    return f"CASE WHEN {asked} THEN TRUE ELSE {rest or 'FALSE'} END"


def _joined(s: _Statement, n: x.And | x.Or, parts: Sequence[x.Expr]) -> str:
    """What is cheap decides first; what is dear (text, sets) is only worked out for the rows left open."""
    word = " AND " if isinstance(n, x.And) else " OR "
    ordered = sorted(parts, key=s.cost)
    dear = [part for part in ordered if s.cost(part) >= _DEAR]
    cheap = [part for part in ordered if s.cost(part) < _DEAR]
    if not cheap or not dear or all(map(s.folder.sure, cheap)):
        return f"({word.join(dict.fromkeys(map(s.write, ordered)))})"
    first = f"({word.join(dict.fromkeys(map(s.write, cheap)))})"
    rest = word.join([first, *map(s.write, dear)])
    if isinstance(n, x.And):
        return f"CASE WHEN NOT {first} THEN FALSE ELSE {rest} END"
    return f"CASE WHEN {first} THEN TRUE ELSE {rest} END"


def _or_else(s: _Statement, n: x.OrElse) -> str:
    inner = s.write(n.inner)
    if isinstance(n.default, x.Const) and n.default.value is False:
        return f"CASE WHEN {inner} THEN TRUE ELSE FALSE END"  # cheaper than coalesce
    return f"COALESCE({inner}, {s.write(n.default)})"


def _compare(s: _Statement, n: x.Compare) -> str:
    left, right = n.left, n.right
    if isinstance(left, x.Prefix) and n.op == "eq" and isinstance(right, x.Const):
        word = "startswith" if s.dialect == "spark" else "starts_with"
        if len(str(right.value)) == left.length:
            return f"{word}({s.write(left.inner)}, {s.write(right)})"
    if isinstance(left, x.Prefix) and isinstance(right, x.Prefix) and n.op == "ne":
        same = f"{s.write(left.inner)} = {s.write(right.inner)}"
        return f"CASE WHEN {same} THEN FALSE ELSE {s.write(left)} <> {s.write(right)} END"
    return f"({s.write(n.left)} {_OPS[n.op]} {s.write(n.right)})"


def _one_of(s: _Statement, n: x.OneOf) -> str:
    inner = s.write(n.inner)
    if not n.values:
        return f"CASE WHEN {inner} IS NULL THEN CAST(NULL AS BOOLEAN) ELSE FALSE END"
    return f"({inner} IN ({', '.join(map(_value, n.values))}))"


def _any_told(s: _Statement, n: x.AnyTold) -> str:
    return f"({' OR '.join(f'{s.write(f)} IS NOT NULL' for f in n.facts)})"


def _plus_months(s: _Statement, n: x.PlusMonths) -> str:
    inner = s.write(n.inner)
    if s.dialect == "spark":
        return f"add_months({inner}, {n.months})"
    return f"CAST({inner} + INTERVAL {n.months} MONTH AS DATE)"


def _plus_days(s: _Statement, n: x.PlusDays) -> str:
    inner = s.write(n.inner)
    return f"date_add({inner}, {n.days})" if s.dialect == "spark" else f"({inner} + {n.days})"


def _completed_years(s: _Statement, n: x.CompletedYears) -> str:
    birth = s.write(n.inner)
    later = f"(month({birth}) * 100 + day({birth}) > {month_day(n.on)})"
    years = f"{n.on.year} - year({birth}) - CASE WHEN {later} THEN 1 ELSE 0 END"
    return f"CAST({years} AS BIGINT)"


def _minus(s: _Statement, n: x.Minus) -> str:
    left, right = s.write(n.left), s.write(n.right)
    return f"CASE WHEN {left} < {right} THEN 0 ELSE {left} - {right} END"


def _lists(s: _Statement, n: x.Lists) -> str:
    return f"contains(',' || {s.write(n.inner)} || ',', {_value(f',{n.item},')})"


def _when(s: _Statement, n: x.When) -> str:
    condition = s.write(n.condition)
    other = "ELSE" if s.folder.sure(n.condition) else f"WHEN NOT {condition} THEN"
    return f"CASE WHEN {condition} THEN {s.write(n.then)} {other} {s.write(n.other)} END"


_WRITE: dict[type[x.Expr], Callable[[_Statement, Any], str]] = {
    x.Const: _const,
    x.FactRef: lambda s, n: n.name,
    x.RuleRef: _rule,
    x.And: _many,
    x.Or: _many,
    x.Not: lambda s, n: f"(NOT {s.write(n.inner)})",
    x.Compare: _compare,
    x.OneOf: _one_of,
    x.IsNull: lambda s, n: f"({s.write(n.inner)} IS NULL)",
    x.AnyTold: _any_told,
    x.OrElse: _or_else,
    x.When: _when,
    x.PlusMonths: _plus_months,
    x.PlusDays: _plus_days,
    x.CompletedYears: _completed_years,
    x.Minus: _minus,
    x.Prefix: lambda s, n: f"substring({s.write(n.inner)}, 1, {n.length})",
    x.Lists: _lists,
}
