"""Some rules for many children held in memory: the same statement as a comparison, run here and now.

For a district's children out of the registry; a comparison over files has an engine of its own (``linkage``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from hutong.rulebook.book import Book
from hutong.rulebook.expr import FactRef, RuleRef, Value, walk
from hutong.rulebook.facts import FACTS_BY_NAME
from hutong.rulebook.fold import Columns

FEW: Final = 20
"""Below this many children the walker of one child is quicker than building a query."""


def rests_on(book: Book, rule: str) -> frozenset[str]:
    """The facts a rule may read, through all the rules it refers to."""
    found: set[str] = set()
    seen: set[str] = set()
    ahead = [rule]
    while ahead:
        name = ahead.pop()
        if name in seen:
            continue
        seen.add(name)
        for node in walk(book.rules[name].expr):
            if isinstance(node, RuleRef):
                ahead.append(node.name)
            elif isinstance(node, FactRef):
                found.add(node.name)
    return frozenset(found)


def evaluate(
    book: Book, children: Sequence[Mapping[str, Value]], rules: Sequence[str]
) -> list[dict[str, bool | None]]:
    """For each child, in order, what each of ``rules`` says: yes, no, or None where it cannot be decided yet."""
    if len(children) <= FEW or not rules:
        return [_one(book, facts, rules) for facts in children]
    return _table(book, children, rules)


def _one(book: Book, facts: Mapping[str, Value], rules: Sequence[str]) -> dict[str, bool | None]:
    reading = book.read(facts)
    return {name: _yes(reading.rule(name)) for name in rules}


def _yes(value: Any) -> bool | None:
    return None if value is None else bool(value)


def _table(
    book: Book, children: Sequence[Mapping[str, Value]], rules: Sequence[str]
) -> list[dict[str, bool | None]]:
    import duckdb
    import pyarrow as pa

    kinds = {"str": pa.string(), "date": pa.date32(), "bool": pa.bool_(), "int": pa.int64()}
    told = sorted(frozenset().union(*(rests_on(book, rule) for rule in rules)))
    columns: dict[str, Any] = {"nth": pa.array(range(len(children)), pa.int64())}
    for name in told:
        columns[name] = pa.array([one.get(name) for one in children], kinds[FACTS_BY_NAME[name].type])
    outputs = {f"rule{place}": rule for place, rule in enumerate(rules)}
    with duckdb.connect(config={"threads": "1", "memory_limit": "512MB"}) as engine:
        engine.register("facts", pa.table(columns))
        asked = book.sql("facts", outputs, columns=Columns(told), keep=("nth",))
        rows = engine.execute(f"SELECT {', '.join(outputs)} FROM ({asked}) ORDER BY nth").fetchall()
    return [{rule: _yes(value) for rule, value in zip(rules, row, strict=True)} for row in rows]
