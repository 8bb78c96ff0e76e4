"""The sequencer: new rows of the logs become entries of the tree, and the tree a signed checkpoint."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import connection, transaction

from hutong.foundation.audit import models, signing
from hutong.foundation.audit.commitments import Entry
from hutong.kernel import merkle, notes

_BLOCK = 20_000


@dataclass(frozen=True, slots=True)
class Folded:
    """``rows`` became entries; ``checkpoint`` is the new one, None when nothing was new."""

    rows: int
    checkpoint: models.Checkpoint | None


@transaction.atomic
def fold(*, signer: notes.Signer | None = None) -> Folded:
    """Fold everything new and sign the tree. One at a time, whoever calls; a fold that dies leaves nothing behind."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT audit_fold()")
        rows = int(cursor.fetchone()[0])
    return Folded(rows, _sign(signer or signing.signer()))


def _sign(signer: notes.Signer) -> models.Checkpoint | None:
    last = models.Checkpoint.objects.order_by("-size").first()
    tree = frontier(last)
    known = tree.size
    for block in blocks(known):
        tree.extend(merkle.leaf_hash(entry.pack()) for entry in block)
    if tree.size == known:
        return None
    before = notes.Checkpoint.parse(notes.parse(last.note).text).digest() if last else b""
    made = notes.Checkpoint(settings.AUDIT_ORIGIN, tree.size, tree.root(), database_time(), before)
    return models.Checkpoint.objects.create(
        size=made.size, root=made.root, at=made.at, peaks=b"".join(tree.peaks),
        note=str(notes.sign(made.text(), signer)),
    )  # fmt: skip


def frontier(checkpoint: models.Checkpoint | None) -> merkle.Frontier:
    """The growing edge of the tree as a checkpoint left it."""
    if checkpoint is None:
        return merkle.Frontier()
    raw = bytes(checkpoint.peaks)
    return merkle.Frontier.restored(checkpoint.size, [raw[at : at + 32] for at in range(0, len(raw), 32)])


def blocks(start: int) -> Iterator[list[Entry]]:
    """Entries from sequence number ``start`` on, some thousands at a time."""
    leaves = models.Leaf.objects.order_by("seq").values_list("kind", "row_id", "commitment")
    while True:
        block = [Entry(kind, row, bytes(made)) for kind, row, made in leaves.filter(seq__gte=start)[:_BLOCK]]
        if not block:
            return
        yield block
        start += len(block)


def database_time() -> datetime:
    """The one time the log knows."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment
