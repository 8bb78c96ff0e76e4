"""Queries whose text is put together once.

Django builds the SQL of a queryset anew at each use, and on a page of ten queries that building costs more than
PostgreSQL's answering (docs/benchmarks.md). A ``Remembered`` query is built once per shape, with stand-ins where the
values will come; afterwards a call only puts the values in their places.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any, Generic, TypeVar

from django.db import connection
from django.db.models import QuerySet
from django.db.models import query as inner

Row = TypeVar("Row")
Value = int | str | date | datetime

_SHAPES = 256
"""How many texts one query keeps: filters and orders multiply, deep pages are built when asked for."""


class Remembered(Generic[Row]):
    """``build(*shape, **values)`` gives the queryset; calling this gives its rows as a list.

    ``shape`` (hashable) is whatever changes the text: order, slice, which filters are on. ``values`` are single ints, strings, dates
    or moments compared with columns; they must not decide anything inside ``build``. Prefetching is not supported.
    Rows are model instances (with ``select_related``, ``only`` and annotations) or the tuples of ``values_list``.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Row]]) -> None:
        self._build = build
        self._plan = lru_cache(_SHAPES)(self._planned)

    def __call__(self, *shape: Hashable, **values: Value) -> list[Row]:
        plan = self._plan(shape, tuple((name, type(value)) for name, value in values.items()))
        with connection.cursor() as cursor:
            cursor.execute(plan.sql, [part(values) for part in plan.parts])
            return list(plan.rows(cursor.fetchall()))

    def count(self, *shape: Hashable, **values: Value) -> int:
        """How many rows there are, slice included: ask for ``[: most + 1]`` and the count stops there."""
        plan = self._plan(shape, tuple((name, type(value)) for name, value in values.items()))
        with connection.cursor() as cursor:
            text = f"SELECT count(*) FROM ({plan.sql}) AS counted"
            cursor.execute(text, [part(values) for part in plan.parts])
            return int(cursor.fetchone()[0])

    def first(self, *shape: Hashable, **values: Value) -> Row | None:
        return next(iter(self(*shape, **values)), None)

    def _planned(self, shape: tuple[Hashable, ...], kinds: tuple[tuple[str, type], ...]) -> _Plan:
        stand_ins = {name: _stand_in(kind, place) for place, (name, kind) in enumerate(kinds)}
        queryset = self._build(*shape, **stand_ins)
        if queryset._prefetch_related_lookups:  # type: ignore[attr-defined]
            raise TypeError(
                "A remembered query cannot prefetch: join, or ask again for what hangs on the rows."
            )
        compiler: Any = queryset.query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        names = {(type(value), value): name for name, value in stand_ins.items()}
        return _Plan(sql, [_part(param, names) for param in params], _reader(queryset, compiler))


@dataclass(frozen=True, slots=True)
class _Plan:
    sql: str
    parts: list[Callable[[dict[str, Value]], Any]]
    rows: Callable[[list[tuple[Any, ...]]], Iterator[Any]]


def _stand_in(kind: type, place: int) -> Value:
    """A value nobody would ask for, by which its place in the parameters is known again."""
    if issubclass(kind, bool):
        raise TypeError("Yes and no belong to the shape.")
    if issubclass(kind, datetime):
        return datetime(1875, 5, 20, 3, 1, place, tzinfo=UTC)
    if issubclass(kind, date):
        return date(1875, 5, 20) + timedelta(place)
    return f"\ue000{place}\ue000" if issubclass(kind, str) else 1_918_273_640 + place


def _part(param: Any, names: dict[tuple[type, Any], str]) -> Callable[[dict[str, Value]], Any]:
    """What stands at one place of the parameters: a value by its name, or always the same."""
    for kind in type(param).__mro__[:-1]:
        name = names.get((kind, param))
        if name is None:
            continue
        if kind is type(param):
            return lambda values: values[name]
        wrap = type(param)  # psycopg's integer of a width
        return lambda values: wrap(values[name])
    return lambda _: param


def _reader(queryset: QuerySet[Any, Any], compiler: Any) -> Callable[[list[tuple[Any, ...]]], Iterator[Any]]:
    """What makes rows of the database's tuples, as the queryset's own iterator would."""
    converters = compiler.get_converters([one[0] for one in compiler.select])
    kind: Any = queryset._iterable_class

    def converted(found: list[tuple[Any, ...]]) -> Iterator[Any]:
        return iter(compiler.apply_converters(found, converters)) if converters else iter(found)

    if not issubclass(kind, inner.ModelIterable):
        flat = len(compiler.select) == 1 and kind.__name__ == "FlatValuesListIterable"
        return (lambda found: (row[0] for row in converted(found))) if flat else converted
    info = compiler.klass_info
    populators: Any = inner.get_related_populators
    model, columns = info["model"], info["select_fields"]
    start, end = columns[0], columns[-1] + 1
    fields = [one[0].target.attname for one in compiler.select[start:end]]
    related = populators(info, compiler.select, connection.alias)
    annotations = list(compiler.annotation_col_map.items()) if compiler.annotation_col_map else []

    def instances(found: list[tuple[Any, ...]]) -> Iterator[Any]:
        for row in converted(found):
            made = model.from_db(connection.alias, fields, row[start:end])
            for populator in related:
                populator.populate(row, made)
            for name, place in annotations:
                setattr(made, name, row[place])
            yield made

    return instances


@dataclass(frozen=True, slots=True)
class Number:
    """A number shown on every page: ``text`` is a SELECT of one integer, ``values`` gives its parameters for an actor.

    Given as text, because several are asked in one statement (``numbers_together``).
    """

    text: str
    values: Callable[[Any], Sequence[Any]]

    def __call__(self, actor: Any) -> int:
        return numbers_together([self], actor)[0]


def numbers_together(counts: Sequence[Number], actor: Any) -> list[int]:
    """All these numbers for ``actor`` by one statement."""
    if not counts:
        return []
    with connection.cursor() as cursor:
        text = ", ".join(f"({one.text})" for one in counts)
        cursor.execute(f"SELECT {text}", [value for one in counts for value in one.values(actor)])
        return list(cursor.fetchone())


def capped(rows: str, most: int = 1000) -> str:
    """Counting text that stops at ``most``: nobody reads 15,311 off a badge, and a province need not be counted for it."""
    return f"SELECT count(*) FROM (SELECT 1 FROM {rows} LIMIT {most}) AS counted"
