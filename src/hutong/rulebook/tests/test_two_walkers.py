"""One definition, two walkers: the table and the single child agree in every rule, unknowns included. ADR 0006."""

from datetime import date

import ibis
import pytest
from hypothesis import HealthCheck, given, settings

from hutong.kernel.facts import FACTS
from hutong.rulebook import OUTPUTS, book, bulk

from .random_children import BOOKS, NAMES, as_table, children


@pytest.fixture(scope="module")
def con():
    connection = ibis.duckdb.connect()
    connection.con.execute("set threads = 1")
    yield connection
    connection.disconnect()


def load(con, rows, names=NAMES):
    con.con.register("incoming", as_table(rows, names))
    con.con.execute("create or replace table facts as select * from incoming")
    return con.table("facts")


@pytest.mark.parametrize(("pack", "on"), BOOKS)
def test_every_rule_is_the_same_in_bulk(con, pack, on):
    rules = book(pack, on)
    empty = load(con, [])
    names = list(rules.order)
    table = bulk.with_rules(empty, rules.layers(tuple(names)), ["child_id", *map(bulk.column_name, names)])
    sql = str(ibis.to_sql(table.select("child_id", *[bulk.column_name(n) for n in names]), dialect="duckdb"))

    @settings(max_examples=3, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(rows=children(on, 150))
    def same(rows):
        load(con, rows)  # planned anew: a prepared plan would keep the empty table's statistics
        answered = con.con.execute(sql).fetchall()
        found = {int(r[0]): dict(zip(names, r[1:], strict=True)) for r in answered}
        for number, row in enumerate(rows):
            alone = rules.evaluate_one(row).values
            assert {n: found[number][n] for n in names} == {n: alone[n] for n in names}

    same()


def test_the_table_answers_row_for_row(con):
    on = date(2022, 2, 28)
    jailed = {"mother_prison_from": date(2020, 1, 1), "mother_prison_to": date(2025, 1, 1)}
    rows = [
        {"birth_date": date(2012, 5, 1), "hukou_area": "500199000000", "father_died_on": on, **jailed},
        {"birth_date": date(2012, 5, 1), "hukou_area": "500199000000", "father_died_on": on},
        {
            "birth_date": date(2012, 5, 1),
            "hukou_area": "500199000000",
            "father_known": True,
            "mother_known": True,
        },
    ]
    facts = load(con, rows, [f.name for f in FACTS if f.name in NAMES])
    out = book("CQ-2021", on).evaluate_table(facts, keep=["child_id", "hukou_area"])
    assert list(out.columns) == ["child_id", "hukou_area", *OUTPUTS]
    found = (
        con.con.execute(str(ibis.to_sql(out.order_by("child_id"), dialect="duckdb")))
        .to_arrow_table()
        .to_pylist()
    )
    assert [r["scheme"] for r in found] == ["DEFACTO", None, None]
    assert [r["monthly_due"] for r in found] == [120400, None, None]
    assert [r["undecided"] for r in found] == [False, True, False]
    assert [r["entitled_defacto"] for r in found] == [True, False, False]
    assert not any(r["contradicted_living"] for r in found)


def test_columns_a_list_does_not_have_are_unknown(con):
    rows = [{"birth_date": date(2012, 5, 1)}]
    narrow = load(con, rows, ["birth_date"])
    out = book("CQ-2021", date(2022, 2, 28)).evaluate_table(narrow)
    (row,) = con.con.execute(str(ibis.to_sql(out, dialect="duckdb"))).to_arrow_table().to_pylist()
    assert row["undecided"] is True
    assert row["scheme"] is None
