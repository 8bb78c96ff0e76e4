"""The expression tree rules are written in: four types, three-valued logic, nothing else.

Rule authors combine expressions with ``& | ~``, comparisons and the methods below; the tree is then walked twice:
``interpret`` (one child, with reasons) and ``sql`` (a table). A node added here must be added to both walkers, and to
``fold`` where its value can be known beforehand.
Null means *nobody has told us*: comparisons with null are null, ``&`` and ``|`` are Kleene's.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date
from functools import cached_property
from typing import Any, ClassVar, Literal

Type = Literal["bool", "int", "date", "str"]
Value = bool | int | date | str | None
CompareOp = Literal["eq", "ne", "lt", "le", "gt", "ge"]


class RuleError(ValueError):
    """A rule or policy pack is wrong (not a child's facts); the text says where and how to mend it, in Chinese."""


def type_of(value: bool | int | date | str) -> Type:
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, int):
        return "int"
    return "date" if isinstance(value, date) else "str"


def lift(value: Expr | bool | int | date | str) -> Expr:
    """The expression itself, or a constant made of a plain value."""
    return value if isinstance(value, Expr) else Const(value, type_of(value))


def _need(expected: Type, *operands: Expr) -> None:
    for operand in operands:
        if operand.type != expected:
            raise RuleError(f"规则表达式类型不符：需要 {expected}，得到 {operand.type}（{operand!r}）。")


@dataclass(frozen=True, eq=False)
class Expr:
    """Base of all nodes; compared by identity, so that ``==`` can never be mistaken for a rule."""

    gives: ClassVar[Type] = "bool"

    @property
    def type(self) -> Type:
        return self.gives

    @cached_property
    def parts(self) -> tuple[Expr, ...]:
        """The direct operands."""
        values = [getattr(self, f.name) for f in fields(self)]
        several = [v for value in values if isinstance(value, tuple) for v in value]
        return tuple(v for v in (*values, *several) if isinstance(v, Expr))

    def __bool__(self) -> bool:
        raise RuleError("规则里请用 & | ~ 连接条件，不能用 and / or / not / if。")

    def __and__(self, other: Expr) -> Expr:
        return And((*_flat(And, self), *_flat(And, other)))

    def __or__(self, other: Expr) -> Expr:
        return Or((*_flat(Or, self), *_flat(Or, other)))

    def __invert__(self) -> Expr:
        return Not(self)

    def __lt__(self, other: Expr | int | date) -> Expr:
        return Compare("lt", self, lift(other))

    def __le__(self, other: Expr | int | date) -> Expr:
        return Compare("le", self, lift(other))

    def __gt__(self, other: Expr | int | date) -> Expr:
        return Compare("gt", self, lift(other))

    def __ge__(self, other: Expr | int | date) -> Expr:
        return Compare("ge", self, lift(other))

    def __sub__(self, other: Expr | int) -> Expr:
        return Minus(self, lift(other))

    def eq(self, other: Expr | bool | int | date | str) -> Expr:
        return Compare("eq", self, lift(other))

    def ne(self, other: Expr | bool | int | date | str) -> Expr:
        return Compare("ne", self, lift(other))

    def one_of(self, values: Iterable[int | str]) -> Expr:
        """Null for null; false for an empty set of values."""
        return OneOf(self, tuple(values))

    def missing(self) -> Expr:
        return IsNull(self)

    def or_else(self, default: Expr | bool | int | date | str) -> Expr:
        """What silence is presumed to mean. Use only where the README's table of presumptions says so."""
        return OrElse(self, lift(default))

    def plus_months(self, months: int) -> Expr:
        return PlusMonths(self, months)

    def plus_days(self, days: int) -> Expr:
        return PlusDays(self, days)

    def completed_years(self, on: date) -> Expr:
        return CompletedYears(self, on)

    def starts(self, length: int) -> Expr:
        """The first ``length`` characters."""
        return Prefix(self, length)

    def lists(self, item: str) -> Expr:
        """Whether a comma-separated text holds exactly this item."""
        return Lists(self, item)

    def called(self, label: str) -> Expr:
        """Give the condition a name of its own in explanations."""
        return Named(self, label)


def _flat(kind: type[And] | type[Or], operand: Expr) -> tuple[Expr, ...]:
    return operand.operands if isinstance(operand, kind) else (operand,)


@dataclass(frozen=True, eq=False)
class Const(Expr):
    value: Value
    kind: Type

    @property
    def type(self) -> Type:
        return self.kind


@dataclass(frozen=True, eq=False)
class Unknown(Expr):
    """A bool nobody can give yet: null, and ``fact`` is what must be found out."""

    fact: str


@dataclass(frozen=True, eq=False)
class FactRef(Expr):
    name: str
    kind: Type

    @property
    def type(self) -> Type:
        return self.kind


@dataclass(frozen=True, eq=False)
class RuleRef(Expr):
    name: str
    kind: Type

    @property
    def type(self) -> Type:
        return self.kind


@dataclass(frozen=True, eq=False)
class Named(Expr):
    inner: Expr
    label: str

    @property
    def type(self) -> Type:
        return self.inner.type


@dataclass(frozen=True, eq=False)
class _Many(Expr):
    operands: tuple[Expr, ...]

    def __post_init__(self) -> None:
        _need("bool", *self.operands)


class And(_Many):
    """Kleene's and."""


class Or(_Many):
    """Kleene's or."""


@dataclass(frozen=True, eq=False)
class Not(Expr):
    inner: Expr

    def __post_init__(self) -> None:
        _need("bool", self.inner)


@dataclass(frozen=True, eq=False)
class Compare(Expr):
    op: CompareOp
    left: Expr
    right: Expr

    def __post_init__(self) -> None:
        _need(self.left.type, self.right)


@dataclass(frozen=True, eq=False)
class OneOf(Expr):
    inner: Expr
    values: tuple[int | str, ...]

    def __post_init__(self) -> None:
        for value in self.values:
            _need(type_of(value), self.inner)


@dataclass(frozen=True, eq=False)
class IsNull(Expr):
    inner: Expr


@dataclass(frozen=True, eq=False)
class AnyTold(Expr):
    """Whether at least one of the facts is not null; never null itself."""

    facts: tuple[FactRef, ...]


@dataclass(frozen=True, eq=False)
class OrElse(Expr):
    inner: Expr
    default: Expr

    def __post_init__(self) -> None:
        _need(self.inner.type, self.default)

    @property
    def type(self) -> Type:
        return self.inner.type


@dataclass(frozen=True, eq=False)
class When(Expr):
    """``then`` where the condition is true, ``other`` where it is false; null where it is null."""

    condition: Expr
    then: Expr
    other: Expr

    def __post_init__(self) -> None:
        _need("bool", self.condition)
        _need(self.then.type, self.other)

    @property
    def type(self) -> Type:
        return self.then.type


@dataclass(frozen=True, eq=False)
class PlusMonths(Expr):
    """Civil Code months: the same day of a later month, its last day where there is none."""

    inner: Expr
    months: int

    def __post_init__(self) -> None:
        _need("date", self.inner)

    gives: ClassVar[Type] = "date"


@dataclass(frozen=True, eq=False)
class PlusDays(Expr):
    inner: Expr
    days: int

    def __post_init__(self) -> None:
        _need("date", self.inner)

    gives: ClassVar[Type] = "date"


@dataclass(frozen=True, eq=False)
class CompletedYears(Expr):
    """Age (周岁) on a fixed day; a birthday of 29 February falls on the 28th in common years."""

    inner: Expr
    on: date

    def __post_init__(self) -> None:
        _need("date", self.inner)

    gives: ClassVar[Type] = "int"


@dataclass(frozen=True, eq=False)
class Minus(Expr):
    """Difference of two ints, never below zero (money is not paid back by a child)."""

    left: Expr
    right: Expr

    def __post_init__(self) -> None:
        _need("int", self.left, self.right)

    gives: ClassVar[Type] = "int"


@dataclass(frozen=True, eq=False)
class Prefix(Expr):
    inner: Expr
    length: int

    def __post_init__(self) -> None:
        _need("str", self.inner)

    gives: ClassVar[Type] = "str"


@dataclass(frozen=True, eq=False)
class Lists(Expr):
    inner: Expr
    item: str

    def __post_init__(self) -> None:
        _need("str", self.inner)


TRUE: Expr = Const(True, "bool")
FALSE: Expr = Const(False, "bool")


def when(condition: Expr, then: Expr | int | str | bool, other: Expr | int | str | bool) -> Expr:
    return When(condition, lift(then), lift(other))


def any_of(conditions: Iterable[Expr]) -> Expr:
    found = tuple(conditions)
    return Or(found) if found else FALSE


def nothing(kind: Type) -> Expr:
    """A null of the given type."""
    return Const(None, kind)


def walk(expr: Expr) -> Iterable[Expr]:
    """The node and everything under it (not through rule references)."""
    stack: list[Any] = [expr]
    while stack:
        node = stack.pop()
        yield node
        stack.extend(node.parts)
