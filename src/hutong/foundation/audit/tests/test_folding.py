"""Rows become entries: none twice, none skipped, whatever order transactions end in (TM-08; ADR 0017)."""

from __future__ import annotations

import threading
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from django.db import ProgrammingError, connection, transaction

from hutong.foundation.access.scope import system_scope, use_scope
from hutong.foundation.audit import models, services
from hutong.foundation.audit.tests.conftest import VILLAGE, dba, fold, verify, write
from hutong.kernel import merkle, notes

pytestmark = pytest.mark.django_db(transaction=True)

PLANT = (
    "INSERT INTO audit_read (child_id, area_code, actor_id, actor_label, what, purpose, request_id, at{more}) VALUES"
    f" (7, '{VILLAGE}', 1, '某人', '档案', '', 'planted', {{at}}{{value}}) RETURNING id"
)


def planted(console: psycopg.Connection[Any], at: str = "now()", more: str = "", value: str = "") -> int:
    return int(console.execute(PLANT.format(more=more, at=at, value=value)).fetchone()[0])


def test_everything_is_folded_once_and_signed(cast: SimpleNamespace) -> None:
    write(cast, 5, 3)
    first = fold()
    assert first.rows == models.Leaf.objects.count() > 13
    again = fold()
    assert (again.rows, again.checkpoint) == (0, None)
    write(cast, 1)
    second = fold()
    assert second.rows == 2
    seqs = list(models.Leaf.objects.order_by("seq").values_list("seq", flat=True))
    assert seqs == list(range(first.rows + 2))
    note = notes.parse(second.checkpoint.note)
    said = notes.Checkpoint.parse(note.text)
    assert said.size == first.rows + 2
    assert said.previous == notes.Checkpoint.parse(notes.parse(first.checkpoint.note).text).digest()
    from hutong.foundation.audit import signing

    assert note.signed_by(signing.signer().key)
    entries = [entry.pack() for block in services.folding.blocks(0) for entry in block]
    assert merkle.root([merkle.leaf_hash(entry) for entry in entries]) == said.root
    report = verify()
    assert report.ok, [one.sentence for one in report.findings]
    assert report.size == said.size


def test_a_late_transaction_with_lower_numbers_is_not_skipped(cast: SimpleNamespace) -> None:
    fold()
    with dba() as console, psycopg.connect(console.info.dsn, password=console.info.password) as slow:
        early = planted(slow)  # open: took its number first
        late = planted(console)
        fold()
        folded = set(models.Leaf.objects.filter(kind=2).values_list("row_id", flat=True))
        assert late in folded
        assert early not in folded
        fold()
        slow.commit()
    assert fold().rows == 1
    assert models.Leaf.objects.filter(kind=2, row_id=early).exists()
    assert verify().ok


def test_a_transaction_rolled_back_leaves_no_gap(cast: SimpleNamespace) -> None:
    fold()
    with dba() as console, psycopg.connect(console.info.dsn, password=console.info.password) as other:
        planted(other)
        other.rollback()
        planted(console)
    assert fold().rows == 1
    assert verify().ok


def test_after_a_move_to_another_cluster_nothing_is_skipped(cast: SimpleNamespace) -> None:
    """A logical restore brings rows with the old cluster's transaction numbers, above or below the new ones."""
    write(cast, 2)
    fold()
    with dba() as console:
        console.execute("UPDATE audit_folding SET cluster = 'another', looked_to = 999999999999")
        planted(console, more=", tx", value=", 5")
    assert fold().rows == 1
    assert fold().rows == 0
    assert verify().ok


def test_two_sequencers_at_once_make_one_line(cast: SimpleNamespace) -> None:
    write(cast, 20)
    waiting = models.Change.objects.none()
    assert not waiting
    sizes: list[int] = []

    def work() -> None:
        try:
            sizes.append(fold().rows)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(sizes)[:3] == [0, 0, 0]
    assert sum(sizes) == models.Leaf.objects.count()
    assert models.Checkpoint.objects.count() == 1
    assert verify().ok


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_leaf SET commitment = ''", "DELETE FROM audit_leaf", "INSERT INTO audit_leaf VALUES (0, 1, 1, '')",
        "SELECT * FROM audit_salt", "DELETE FROM audit_salt", "UPDATE audit_checkpoint SET size = 1", "DELETE FROM audit_checkpoint",
        "UPDATE audit_folding SET looked_to = 1", "INSERT INTO audit_erasure (spans) VALUES ('[]')", "DELETE FROM audit_check",
    ],
)  # fmt: skip
def test_the_web_role_can_rewrite_nothing_of_the_tree(cast: SimpleNamespace, statement: str) -> None:
    with (
        use_scope(system_scope("audit")),
        pytest.raises(ProgrammingError),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_a_column_added_later_changes_no_old_commitment_and_is_covered_itself(cast: SimpleNamespace) -> None:
    write(cast, 2)
    fold()
    with dba() as console:
        console.execute("ALTER TABLE audit_read ADD COLUMN later text NOT NULL DEFAULT ''")
        try:
            assert verify().ok
            row = planted(console, more=", later", value=", 'x'")
            fold()
            assert verify().ok
            console.execute("UPDATE audit_read SET later = 'y' WHERE id = %s", [row])
            assert [one.label for one in verify().findings] == [f"查阅 #{row}"]
        finally:
            console.execute("ALTER TABLE audit_read DROP COLUMN later")
