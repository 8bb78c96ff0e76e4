"""One definition, every engine: a table in DuckDB, one child and the plain reading agree, unknowns included. ADR 0006."""

from datetime import date

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings

from hutong.kernel.facts import FACTS
from hutong.rulebook import OUTPUTS, book, packs
from hutong.rulebook.fold import Columns

from . import reference
from .random_children import BOOKS, NAMES, as_table, children

ON = date(2022, 2, 28)
USUAL = {"birth_date": date(2012, 5, 1), "hukou_area": "500199000000"}


@pytest.fixture(scope="module")
def con():
    with duckdb.connect(config={"threads": 1}) as connection:
        yield connection


def asked(con, query, rows, names=NAMES):
    con.register("facts", as_table(rows, names))
    return con.execute(f"{query} ORDER BY child_id::INT").to_arrow_table().to_pylist()


@pytest.mark.parametrize(("pack", "on"), BOOKS)
def test_a_table_says_what_one_child_is_told(con, pack, on):
    rules, said = book(pack, on), packs.load(pack)
    every = {name.replace(".", "__"): name for name in rules.order}
    query = rules.sql("facts", every, columns=Columns(NAMES))
    outcome = rules.sql(
        "facts", rules.catalogue, columns=Columns(NAMES)
    )  # other rules get a column, others are written out

    @settings(max_examples=4, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(rows=children(on, 150))
    def same(rows):
        inside, outside = asked(con, query, rows), asked(con, outcome, rows)
        for row, found, told in zip(rows, inside, outside, strict=True):
            alone = rules.read(row)
            assert {n: found[c] for c, n in every.items()} == {n: alone.rule(n) for n in rules.order}
            plain = reference.evaluate(row, said, on)
            assert {n: told[n] for n in rules.catalogue} == {n: plain.get(n, False) for n in rules.catalogue}

    same()


@pytest.mark.parametrize(("pack", "on"), BOOKS[:3:2])
def test_a_column_that_is_not_there_is_a_fact_nobody_told(con, pack, on):
    rules = book(pack, on)

    @settings(max_examples=4, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(rows=children(on, 10) | children(on, 1))
    def same(rows):
        told = sorted({name for row in rows for name in row})
        full = [name for name in told if all(name in row for row in rows)]
        same = {name: rows[0][name] for name in full if len({row[name] for row in rows}) == 1}
        query = rules.sql("facts", rules.catalogue, columns=Columns(told, same, full))
        for row, found in zip(rows, asked(con, query, rows, told), strict=True):
            alone = rules.read(row)
            assert {n: found[n] for n in rules.catalogue} == {n: alone.rule(n) for n in rules.catalogue}

    same()


def test_comparison_is_answered_row_for_row_and_closed(con):
    jailed = {"mother_prison_from": date(2020, 1, 1), "mother_prison_to": date(2025, 1, 1)}
    rows = [
        {**USUAL, "father_died_on": ON, **jailed},
        {**USUAL, "father_died_on": ON},
        {**USUAL, "father_known": True, "mother_known": True},
    ]
    query = book("CQ-2021", ON).evaluate_table("facts")
    found = asked(con, query, rows, [f.name for f in FACTS if f.name in NAMES])
    assert list(found[0]) == ["child_id", *OUTPUTS]
    assert [r["scheme"] for r in found] == ["DEFACTO", None, None]
    assert [r["monthly_due"] for r in found] == [120400, None, None]
    assert [r["undecided"] for r in found] == [False, True, False]
    assert [r["entitled_defacto"] for r in found] == [True, False, False]
    assert not any(r["contradicted_living"] for r in found)
