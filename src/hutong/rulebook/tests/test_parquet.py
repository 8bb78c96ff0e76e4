"""Facts in Parquet files: one file or parts, the catalogue of every child is what the child alone is told. Issue 4, line 12."""

from datetime import date
from random import Random

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from hutong.rulebook import RuleError, book, parquet

from .random_children import BOOKS, as_table, child

PACK, ON = BOOKS[0]


@pytest.fixture(scope="module")
def rows():
    draw = Random(5)
    plain = {"birth_date": date(2014, 5, 1), "hukou_area": "500199000000", "father_known": True}
    quiet = [plain | {"mother_known": True, "guard": "GOOD"} for _ in range(20)]
    return [*quiet, *(child(draw, ON) for _ in range(200))]


def answers(file):
    return {int(row.pop("child_id")): row for row in pq.read_table(file).to_pylist()}


def test_one_file_or_parts_the_answers_are_those_of_one_child(tmp_path, rows):
    pq.write_table(as_table(rows), tmp_path / "facts.parquet")
    with duckdb.connect() as con:
        parts = parquet.parted(con, f"'{tmp_path / 'facts.parquet'}'", tmp_path / "parts")
    assert sum(pq.read_metadata(part).num_rows for part in parts) == len(rows)
    sizes = {part.stem: pq.read_metadata(part).num_rows for part in parts}
    assert sizes["110"] >= 20
    assert "rest" in sizes
    rules = book(PACK, ON)
    for name, files in (("one", [tmp_path / "facts.parquet"]), ("many", parts)):
        parquet.evaluate(rules, files, tmp_path / f"{name}.parquet", threads=1)
        found = answers(tmp_path / f"{name}.parquet")
        assert len(found) == len(rows)
        for number, row in enumerate(rows):
            alone = rules.read(row)
            assert found[number] == {n: alone.rule(n) for n in rules.catalogue}


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (pa.table({"birth_date": pa.array([date(2014, 5, 1)])}), "没有 child_id 一列"),
        (pa.table({"child_id": ["1"], "birth_date": ["2014-05-01"]}), "“birth_date”（出生日期）应为 DATE"),
    ],
)
def test_a_file_that_is_no_table_of_facts_is_refused_in_words(tmp_path, table, words):
    pq.write_table(table, tmp_path / "facts.parquet")
    with pytest.raises(RuleError, match=words):
        parquet.evaluate(book(PACK, ON), [tmp_path / "facts.parquet"], tmp_path / "out.parquet")
    assert not (tmp_path / "out.parquet").exists()
