"""The same rule objects on Spark (issue 4, line 1; ADR 0006): random children read as one child alone is. ``make test-spark``.

Not collected by the fast suite: Spark wants Java and its packages weigh half a gigabyte.
"""

import shutil

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings

from hutong.rulebook import book, packs
from hutong.rulebook.fold import Columns
from hutong.rulebook.tests import reference
from hutong.rulebook.tests.random_children import BOOKS, NAMES, as_table, children

pytestmark = pytest.mark.filterwarnings("default")  # Spark's own are not ours to mend


@pytest.fixture(scope="session")
def spark(tmp_path_factory):
    if shutil.which("java") is None:
        pytest.fail("NOT RUN: 没有 Java，无法启动 Spark")
    from pyspark.sql import SparkSession

    folder = tmp_path_factory.mktemp("spark")
    options = {
        "spark.ui.enabled": "false",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.local.dir": str(folder / "local"),
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": "1",
    }
    builder = SparkSession.builder.master("local[2]").appName("hutong")
    for key, value in options.items():
        builder = builder.config(key, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()


@pytest.mark.parametrize(("pack", "on"), BOOKS)
def test_spark_says_what_one_child_is_told(spark, tmp_path, pack, on):
    rules, said = book(pack, on), packs.load(pack)
    compiled = (pack, on) == BOOKS[
        0
    ]  # compiling a plan takes longer than reading some rows does: one will do
    spark.conf.set("spark.sql.codegen.wholeStage", str(compiled).lower())
    spark.conf.set("spark.sql.codegen.factoryMode", "FALLBACK" if compiled else "NO_CODEGEN")
    query = rules.sql("facts", rules.catalogue, columns=Columns(NAMES), dialect="spark")

    @settings(max_examples=1, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(rows=children(on, 1500))
    def same(rows):
        pq.write_table(as_table(rows), tmp_path / "facts.parquet")
        spark.read.parquet(str(tmp_path / "facts.parquet")).createOrReplaceTempView("facts")
        answered = {int(r["child_id"]): r.asDict() for r in spark.sql(query).collect()}
        assert len(answered) == len(rows)
        for number, row in enumerate(rows):
            alone = rules.read(row)
            plain = reference.evaluate(row, said, on)
            found = {n: answered[number][n] for n in rules.catalogue}
            assert found == {n: alone.rule(n) for n in rules.catalogue}
            assert found == {n: plain.get(n, False) for n in rules.catalogue}

    same()
