"""Folding a log of 100,000 rows into the signed tree, verifying all of it, and what one commit a leaf would cost.

In a cluster of its own (``var/bench/audit``). Folds one large batch and then batches of a minute's size; verifies every row; folds
a small sample one row a commit for the ratio; writes reads with and without the column the sequencer needs. The last line is
PASS or FAIL with goals and figures.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import time
from typing import Any, Final

GOAL_FOLD: Final = 20_000
GOAL_VERIFY: Final = 20_000
GOAL_WRITE: Final = 1.15
MINUTE: Final = 2_000

ROWS = """
INSERT INTO audit_read (child_id, area_code, actor_id, actor_label, what, purpose, request_id)
SELECT n, '990101101201', 1, '某村儿童主任甲（儿童主任）', '档案', '走访', md5(n::text) FROM generate_series(1, {count}) AS n"""
CHANGES = """
INSERT INTO audit_change (at, "table", operation, row_id, child_id, area_code, actor_id, request_id, reason, diff)
SELECT clock_timestamp(), 'registry_child', 'UPDATE', n::text, n, '990101101201', 1, md5(n::text), '更正',
       jsonb_build_object('residence_area', jsonb_build_array('990101101201', '990101101202'), 'updated_at', jsonb_build_array(now(), now()))
FROM generate_series(1, {count}) AS n"""


def start() -> Any:
    from hutong.config import place
    from hutong.config.postgres import Embedded

    folder = place.root() / "var" / "bench" / "audit"
    folder.mkdir(parents=True, exist_ok=True)
    os.environ.update(
        HUTONG_VAR=str(folder), HUTONG_DB_ROLE="owner", DJANGO_SETTINGS_MODULE="hutong.config.settings"
    )
    server = Embedded()
    server.destroy()
    server.start()
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    return server


def sql(statement: str) -> float:
    """Seconds one statement takes, committed."""
    from django.db import connection

    begun = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute(statement)
    return time.perf_counter() - begun


def timed(work: Any) -> tuple[Any, float]:
    begun = time.perf_counter()
    found = work()
    return found, time.perf_counter() - begun


def writing(count: int) -> float:
    """How much dearer a read is written with the sequencer's column and index than without: medians of five, alternating."""
    with_column, without = [], []
    for _ in range(5):
        for kept, default in (
            (with_column, "SET DEFAULT (pg_current_xact_id()::text)::bigint"),
            (without, "DROP DEFAULT"),
        ):
            sql(f"ALTER TABLE audit_read ALTER COLUMN tx {default}")
            kept.append(sql(ROWS.format(count=count)))
    sql("ALTER TABLE audit_read ALTER COLUMN tx SET DEFAULT (pg_current_xact_id()::text)::bigint")
    return sorted(with_column)[2] / sorted(without)[2]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=100_000)
    given = parser.parse_args()
    server = start()
    try:
        return measure(given.size)
    finally:
        server.stop()


def measure(size: int) -> int:
    from hutong.foundation.audit import services

    print(
        f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, {size:,} rows"
    )
    sql(ROWS.format(count=size // 2))
    sql(CHANGES.format(count=size - size // 2))
    folded, seconds = timed(services.fold)
    fold_rate = folded.rows / seconds
    print(f"fold at once       {folded.rows:>8,} rows {seconds:7.2f} s {fold_rate:>10,.0f} rows/s")
    minutes = []
    for _ in range(10):
        sql(ROWS.format(count=MINUTE))
        minutes.append(timed(services.fold)[1])
    print(
        f"a minute's fold    {MINUTE:>8,} rows {sorted(minutes)[5]:7.3f} s {MINUTE / sorted(minutes)[5]:>10,.0f} rows/s"
    )
    report, seconds = timed(lambda: services.verify(record=False))
    verify_rate = report.size / seconds
    print(
        f"verify everything  {report.size:>8,} rows {seconds:7.2f} s {verify_rate:>10,.0f} rows/s, findings {len(report.findings)}"
    )
    alone = []
    for _ in range(50):
        sql(ROWS.format(count=1))
        alone.append(timed(services.fold)[1])
    one = 1 / (sum(alone) / len(alone))
    print(
        f"one commit a leaf  {len(alone):>8,} rows {sum(alone):7.2f} s {one:>10,.0f} rows/s, ratio {fold_rate / one:,.0f}"
    )
    dearer = writing(20_000)
    print(f"a read written with the sequencer's column ÷ without: {dearer:.2f}")
    good = fold_rate >= GOAL_FOLD and verify_rate >= GOAL_VERIFY and report.ok and dearer <= GOAL_WRITE
    print(
        f"{'PASS' if good else 'FAIL'} fold {fold_rate:,.0f}/s (goal {GOAL_FOLD:,}), verify {verify_rate:,.0f}/s (goal {GOAL_VERIFY:,}),"
        f" batch ÷ one commit a leaf {fold_rate / one:,.0f}, write {dearer:.2f} (goal {GOAL_WRITE})"
    )
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
