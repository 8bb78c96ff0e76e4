"""Whoever holds the database itself is found out: edits, deletions, swaps, truncations, back-datings, rollbacks (TM-08)."""

from __future__ import annotations

import random
import subprocess
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from psycopg import sql

from hutong.foundation.audit import commitments, models, services
from hutong.foundation.audit.commitments import TABLES
from hutong.foundation.audit.tests.conftest import dba, fold, verify, write
from hutong.foundation.audit.tests.test_folding import planted

pytestmark = pytest.mark.django_db(transaction=True)
Console = psycopg.Connection[Any]
Row = tuple[int, int]
"""(kind, id)"""

EDITS = {
    1: ("reason = 'x' || reason", "actor_id = COALESCE(actor_id, 0) + 1", "diff = '{}'", "row_id = '0'", "operation = 'DELETE'", "request_id = 'x'",
        "child_id = 4", "area_code = '99'", "post_id = NULL, reason = 'y'", "\"table\" = 'x'"),
    2: ("actor_id = actor_id + 1", "actor_label = '另一人'", "child_id = child_id + 1", "what = '名单'", "purpose = 'x'", "request_id = ''", "post_id = NULL"),
}  # fmt: skip


@pytest.fixture
def log(cast: SimpleNamespace, tmp_path: Path) -> SimpleNamespace:
    """Some sixty entries under three checkpoints, handed to a witness."""
    for _ in range(3):
        write(cast, 6, 4)
        fold()
    services.export(tmp_path / "witness")
    return SimpleNamespace(cast=cast, witness=tmp_path / "witness", rows=rows())


def rows() -> list[Row]:
    return list(models.Leaf.objects.order_by("seq").values_list("kind", "row_id"))


def named(report: Any) -> set[str]:
    return {one.label for one in report.findings}


def label(row: Row) -> str:
    return f"{commitments.WORDS[row[0]]} #{row[1]}"


def edit(console: Console, draw: random.Random, found: list[Row]) -> set[Row]:
    row = draw.choice(found)
    console.execute(f"UPDATE {TABLES[row[0]]} SET {draw.choice(EDITS[row[0]])} WHERE id = %s", [row[1]])
    return {row}


def delete(console: Console, draw: random.Random, found: list[Row]) -> set[Row]:
    row = draw.choice(found)
    console.execute(f"DELETE FROM {TABLES[row[0]]} WHERE id = %s", [row[1]])
    if draw.random() < 0.5:  # one who knows of the salt takes it, too
        console.execute(
            "DELETE FROM audit_salt WHERE seq = (SELECT seq FROM audit_leaf WHERE kind = %s AND row_id = %s)",
            row,
        )
    return {row}


def swap(console: Console, draw: random.Random, found: list[Row]) -> set[Row]:
    kind = draw.choice((1, 2))
    one, other = draw.sample([row for row in found if row[0] == kind], 2)
    table = sql.Identifier(TABLES[kind])
    for before, after in ((one[1], -1), (other[1], one[1]), (-1, other[1])):
        console.execute(sql.SQL("UPDATE {} SET id = %s WHERE id = %s").format(table), [after, before])
    return {one, other}


def truncate(console: Console, draw: random.Random, found: list[Row]) -> set[Row]:
    """The newest rows of one log and everything the tree says of them."""
    kind = draw.choice((1, 2))
    gone = [row for row in found if row[0] == kind][-draw.randint(1, 6) :]
    ids = [row[1] for row in gone]
    console.execute(f"DELETE FROM {TABLES[kind]} WHERE id = ANY(%s)", [ids])
    if draw.random() < 0.5:
        console.execute("DELETE FROM audit_leaf WHERE kind = %s AND row_id = ANY(%s)", [kind, ids])
    return set(gone)


def back_date(console: Console, draw: random.Random, found: list[Row]) -> set[Row]:
    row = draw.choice(found)
    shift = draw.choice(
        ("- interval '40 days'", "- interval '3 hours'", "- interval '1 millisecond'", "+ interval '40 days'")
    )
    console.execute(f"UPDATE {TABLES[row[0]]} SET at = at {shift} WHERE id = %s", [row[1]])
    return {row}


ATTACKS: tuple[Callable[..., set[Row]], ...] = (edit, delete, swap, truncate, back_date)
TOLD = {"edit": {"edited"}, "delete": {"deleted"}, "swap": {"swapped", "backdated", "edited"}, "truncate": {"deleted", "gap", "rolled_back"},
        "back_date": {"edited", "backdated"}}  # fmt: skip


def saved(console: Console) -> dict[str, list[Any]]:
    tables = [*TABLES.values(), "audit_leaf", "audit_salt", "audit_folding"]
    return {name: console.execute(f"SELECT * FROM {name}").fetchall() for name in tables}


def restore(console: Console, copy: dict[str, list[Any]]) -> None:
    for name, kept in copy.items():
        console.execute(f"TRUNCATE {name}")
        if kept:
            marks = ", ".join(["%s"] * len(kept[0]))
            values = [
                [psycopg.types.json.Jsonb(one) if isinstance(one, (dict, list)) else one for one in row]
                for row in kept
            ]
            with console.cursor() as cursor:
                cursor.executemany(f"INSERT INTO {name} OVERRIDING SYSTEM VALUE VALUES ({marks})", values)


def test_two_hundred_attacks_with_the_database_in_hand_are_all_named(log: SimpleNamespace) -> None:
    draw, missed = random.Random(20261122), []
    with dba() as console:
        copy = saved(console)
        for number in range(200):
            attack = ATTACKS[number % len(ATTACKS)]
            touched = attack(console, draw, log.rows)
            report = verify(log.witness)
            unnamed = {label(row) for row in touched} - named(report)
            kinds = {one.what for one in report.findings}
            if unnamed or report.ok or not kinds & TOLD[attack.__name__]:
                missed.append(f"{number} {attack.__name__}: {unnamed} {kinds}")
            innocent = named(report) - {label(row) for row in touched} - {"日志"}
            if attack is not truncate and innocent:
                missed.append(f"{number} {attack.__name__} accused {innocent}")
            restore(console, copy)
        clean = verify(log.witness)
    assert missed == []
    assert clean.ok, [one.sentence for one in clean.findings]


def test_a_swap_is_called_a_swap(log: SimpleNamespace) -> None:
    with dba() as console:
        touched = swap(console, random.Random(1), log.rows)
    report = verify()
    assert {(one.what, one.label) for one in report.findings} == {("swapped", label(row)) for row in touched}


def test_one_who_forges_row_salt_and_entry_alike_is_named_by_the_witness(log: SimpleNamespace) -> None:
    """The whole chain rewritten with the database's own functions; only the signature and the witness remain."""
    row = next(row for row in log.rows if row[0] == 2)
    with dba() as console:
        console.execute("UPDATE audit_read SET actor_label = '另一人' WHERE id = %s", [row[1]])
        found = console.execute(
            "SELECT seq, found FROM audit_recompute(0, 1000) WHERE kind = 2 AND row_id = %s", [row[1]]
        ).fetchone()
        console.execute("UPDATE audit_leaf SET commitment = %s WHERE seq = %s", [found[1], found[0]])
    alone, told = verify(), verify(log.witness)
    assert [one.what for one in alone.findings] == ["rewritten"]
    assert ("forked", label(row)) in {(one.what, one.label) for one in told.findings}


def test_entries_in_another_order_are_named(log: SimpleNamespace) -> None:
    with dba() as console:
        for table in ("audit_leaf", "audit_salt"):
            for before, after in ((2, -1), (3, 2), (-1, 3)):
                console.execute(f"UPDATE {table} SET seq = %s WHERE seq = %s", [after, before])
    report = verify(log.witness)
    assert {label(row) for row in log.rows[2:4]} <= named(report)
    assert {"order", "rewritten", "forked"} <= {one.what for one in report.findings}


def test_rows_planted_with_an_old_date_are_named(log: SimpleNamespace) -> None:
    with dba() as console:
        old = planted(console, at="now() - interval '40 days'")
        early = planted(console, at="now() + interval '40 days'")
        hidden = planted(console, more=", tx", value=", 1")
    fold()
    told = {(one.what, one.label) for one in verify().findings}
    assert told == {
        ("backdated", f"查阅 #{old}"),
        ("backdated", f"查阅 #{early}"),
        ("planted", f"查阅 #{hidden}"),
    }


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE audit_checkpoint SET size = size + 100 WHERE id = (SELECT max(id) FROM audit_checkpoint)", "与其签名文本不一致"),
        ("UPDATE audit_checkpoint SET note = replace(note, 'time 20', 'time 21')", "签名不成立"),
        ("UPDATE audit_checkpoint SET note = 'x'", "不是签名文本"),
        ("DELETE FROM audit_checkpoint WHERE id = (SELECT min(id) FROM audit_checkpoint)", "前一检查点缺失"),
        ("UPDATE audit_checkpoint SET root = sha256('x')", "与其签名文本不一致"),
        ("UPDATE audit_checkpoint SET at = at - interval '40 days'", "与其签名文本不一致"),
    ],
)  # fmt: skip
def test_a_checkpoint_cannot_be_changed(log: SimpleNamespace, statement: str, words: str) -> None:
    with dba() as console:
        console.execute(statement)
    assert any(one.what == "checkpoint" and words in one.sentence for one in verify().findings)


def test_a_log_emptied_altogether_is_not_an_empty_log(log: SimpleNamespace) -> None:
    with dba() as console:
        console.execute(
            "TRUNCATE audit_change, audit_read, audit_leaf, audit_salt, audit_checkpoint, audit_folding"
        )
    assert verify().ok, "without a witness an emptied database is a new one: that is what witnesses are for"
    report = verify(log.witness)
    assert {label(row) for row in log.rows} <= named(report)
    assert {one.what for one in report.findings} == {"rolled_back"}


@pytest.fixture
def dump(log: SimpleNamespace, tmp_path: Path) -> Path:
    """The whole database as pg_dump sees it, taken now."""
    from hutong.config.postgres import _package

    with dba() as console:
        about = console.info
        where = ["-h", about.host, "-p", str(about.port), "-U", about.user, about.dbname]
        target = tmp_path / "dump.sql"
        tables = [part for name in ("audit_*",) for part in ("-t", name)]
        command = [
            str(_package() / "pginstall18/bin/pg_dump"),
            "--data-only",
            "--disable-triggers",
            *tables,
            "-f",
            str(target),
            *where,
        ]
        subprocess.run(command, check=True, env={"PGPASSWORD": about.password}, timeout=120)
    # the dumping program may be newer than the server and name a setting the server does not know
    lines = target.read_text().splitlines(keepends=True)
    target.write_text("".join(line for line in lines if not line.startswith("SET transaction_timeout")))
    return target


def put_back(dump: Path) -> None:
    from hutong.config.postgres import _package

    with dba() as console:
        about = console.info
        console.execute(
            "TRUNCATE audit_change, audit_read, audit_erasure, audit_leaf, audit_salt, audit_checkpoint, audit_folding, audit_check"
        )
        where = ["-h", about.host, "-p", str(about.port), "-U", about.user, about.dbname]
        command = [
            str(_package() / "pginstall18/bin/psql"),
            "-q",
            "-v",
            "ON_ERROR_STOP=1",
            "-f",
            str(dump),
            *where,
        ]
        subprocess.run(
            command, check=True, env={"PGPASSWORD": about.password}, timeout=120, stdout=subprocess.DEVNULL
        )


def test_a_rollback_to_an_earlier_dump_is_named_row_by_row(log: SimpleNamespace, dump: Path) -> None:
    before = rows()
    write(log.cast, 3, 2)
    fold()
    services.export(log.witness)
    lost = rows()[len(before) :]
    put_back(dump)
    assert rows() == before
    assert verify().ok, "the dump agrees with itself"
    report = verify(log.witness)
    assert {one.label for one in report.findings if one.what == "rolled_back"} == {label(row) for row in lost}
    assert services.export_all() == []
    with pytest.raises(services.WitnessRefused, match="回退"):
        services.export(log.witness)


def test_a_log_that_goes_on_after_a_rollback_is_a_fork(log: SimpleNamespace, dump: Path) -> None:
    write(log.cast, 3)
    fold()
    services.export(log.witness)
    put_back(dump)
    write(log.cast, 3, 1)
    fold()
    report = verify(log.witness)
    assert "forked" in {one.what for one in report.findings}
    with pytest.raises(services.WitnessRefused, match=r"分叉|回退"):
        services.export(log.witness)
