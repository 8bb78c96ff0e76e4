"""One definition, two walkers: the table and the single child agree in every rule, unknowns included. ADR 0006."""

from datetime import date, timedelta

import ibis
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hutong.kernel.ages import add_months
from hutong.kernel.facts import FACTS
from hutong.rulebook import OUTPUTS, book, bulk
from hutong.rulebook.facts import FACTS_BY_NAME

BOOKS = [("CQ-2021", date(2022, 2, 28)), ("JL-2024", date(2024, 2, 29)), ("QJ-2017", date(2018, 8, 31))]
ARROW = {"str": pa.string(), "date": pa.date32(), "bool": pa.bool_(), "int": pa.int64()}
TEXTS = {
    "hukou_area": ["500199000000", "220399001001", "220303000000", "110101000000"],
    "residence_area": ["500199000000", "220399001001"],
    "lives_with": ["parents", "mother", "grandparents"],
    "place": ["home", "institution", "foster", "rescue"],
    "guard": ["GOOD", "FAIR", "POOR", "ABSENT"],
    "school": ["none", "primary", "senior", "vocational", "undergrad", "phd"],
    "dropout": ["risk", "suspected"],
    "was": ["ORPHAN-S", "DEFACTO", "REF-ORPHAN"],
    "low_income": ["dibao", "tekun", "poor_registered", "other_poor"],
    "roll": ["DEFACTO", "DEFACTO,LB", "LB", "ORPHAN-S", "REF-ORPHAN"],
    "abuse": ["suspected", "severe"],
    "lost_route": ["police", "committee"],
    "work_area": ["500199000000", "220302000000", "310101000000"],
}


def values(name, kind, on):
    if kind == "bool":
        return [True, False]
    if kind == "int":
        return [62000, 200000] if name.endswith("monthly") else [1, 2, 3, 4]
    if kind == "str":
        return TEXTS.get(name.removeprefix("father_").removeprefix("mother_"), ["其他"])
    if name == "birth_date":
        ages = [add_months(on, -12 * years) for years in (5, 16, 18, 24)]
        return [day + timedelta(days=d) for day in ages for d in (-1, 0, 1)] + [
            date(2004, 2, 29),
            date(2008, 2, 29),
        ]
    near = [add_months(on, -months) for months in (6, 7, 30)]
    return [day + timedelta(days=d) for day in (*near, on) for d in (-1, 0, 1)]


def children(on):
    """Sparse rows: a usual child, and up to two dozen facts drawn from days and codes at which rules turn."""
    pool = [
        (n, v)
        for n, f in FACTS_BY_NAME.items()
        if n not in ("child_id", "as_of")
        for v in values(n, f.type, on)
    ]
    usual = {
        "birth_date": date(2012, 5, 1),
        "hukou_area": "500199000000",
        "father_known": True,
        "mother_known": True,
    }
    row = st.lists(st.sampled_from(pool), max_size=24).map(dict)
    return st.lists(
        st.tuples(st.booleans(), row).map(lambda d: (usual if d[0] else {}) | d[1]), min_size=1, max_size=25
    )


@pytest.fixture(scope="module")
def con():
    connection = ibis.duckdb.connect()
    connection.con.execute("set threads = 1")
    yield connection
    connection.disconnect()


def load(con, rows, names):
    columns = {n: pa.array([r.get(n) for r in rows], ARROW[FACTS_BY_NAME[n].type]) for n in names}
    columns["child_id"] = pa.array([str(i) for i in range(len(rows))])
    con.con.register("incoming", pa.table(columns))
    con.con.execute("create or replace table facts as select * from incoming")
    return con.table("facts")


@pytest.mark.parametrize(("pack", "on"), BOOKS)
def test_every_rule_is_the_same_in_bulk(con, pack, on):
    rules = book(pack, on)
    empty = load(con, [], FACTS_BY_NAME)
    names = list(rules.order)
    table = bulk.with_rules(empty, rules.layers(tuple(names)), ["child_id", *map(bulk.column_name, names)])
    sql = str(ibis.to_sql(table.select("child_id", *[bulk.column_name(n) for n in names]), dialect="duckdb"))

    @settings(max_examples=6, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(rows=children(on))
    def same(rows):
        load(
            con, rows, FACTS_BY_NAME
        )  # planned anew: a prepared plan would keep the empty table's statistics
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
    facts = load(con, rows, [f.name for f in FACTS])
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
