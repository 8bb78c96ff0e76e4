"""Verifying the whole log against its tree, its checkpoints and its witnesses."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from hutong.foundation.audit import commitments, models, signing, verification
from hutong.foundation.audit.commitments import Entry
from hutong.foundation.audit.verification import Erased, Leaf, Report, Stored, Walk, Witnessed
from hutong.foundation.audit.witnesses import Folder

_BLOCK = 20_000
_SUSPECTS = 400
"""Rows that do not fit are tried against each other up to this many."""


def verify(*, witnesses: Sequence[Path] = (), record: bool = True) -> Report:
    """Everything again from the rows. As the owner the questions are put directly, not through the database's functions.

    ``witnesses``: folders kept by others, beside those of the settings. Folding waits meanwhile; working does not.
    """
    begun = time.monotonic()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [commitments.LOCK])
        report = _verify([*witnesses, *(one for one in settings.WITNESSES if one.exists())])
    report.seconds = round(time.monotonic() - begun, 3)
    if record:
        _record(report)
    return report


def _verify(folders: Sequence[Path]) -> Report:
    report = Report()
    stored = [
        Stored(one.size, bytes(one.root), one.at, one.note)
        for one in models.Checkpoint.objects.order_by("size").iterator()
    ]
    ours = verification.checkpoints(stored, signing.keys(), report)
    walk = Walk(ours, Erased(_spans()), [_witnessed(one) for one in dict.fromkeys(folders)])
    found = walk.run(_leaves())
    walk.compare_roots(ours)
    found.findings[:0] = report.findings
    suspects = dict(list(walk.suspects.items())[:_SUSPECTS])
    if suspects:
        verification.name_swaps(found, _swapped(list(suspects)), suspects)
    _unfolded(found)
    return found


def _spans() -> Iterator[tuple[int, int, int]]:
    """Erasures that are themselves entries of the tree; one slipped in today excuses nothing."""
    folded = models.Leaf.objects.filter(kind=commitments.ERASURE).values("row_id")
    for spans in models.Erasure.objects.filter(pk__in=folded).values_list("spans", flat=True):
        for kind, first, last in spans:
            yield int(kind), int(first), int(last)


def _leaves() -> Iterator[Leaf]:
    top = models.Leaf.objects.order_by("-seq").values_list("seq", flat=True).first()
    for low in range(0, (top if top is not None else -1) + 1, _BLOCK):
        for row in _ask(commitments.RECOMPUTE, "audit_recompute", low, low + _BLOCK):
            seq, kind, row_id, commitment, found, present, salted, at = row
            made = None if found is None else bytes(found)
            yield Leaf(seq, Entry(kind, row_id, bytes(commitment)), made, present, salted, at)


def _swapped(suspects: list[int]) -> list[tuple[int, int]]:
    return [(int(seq), int(other)) for seq, other in _ask(commitments.SWAPPED, "audit_swapped", suspects)]


def _unfolded(report: Report) -> None:
    for kind, row_id, _, behind in _ask(commitments.UNFOLDED, "audit_unfolded"):
        if behind:
            report.add("planted", Entry(kind, row_id, b"").label)
        else:
            report.waiting += 1


def _ask(query: str, function: str, *arguments: Any) -> list[tuple[Any, ...]]:
    """As the owner the query itself; as the web role, who may not see rows and salts, the function that answers for it."""
    if settings.DB_AS_OWNER:
        for number in range(len(arguments), 0, -1):
            query = query.replace(f"${number}", "%s")
        values: list[Any] = list(arguments) * 3 if arguments else []
    else:
        query = f"SELECT * FROM {function}({', '.join(['%s'] * len(arguments))})"
        values = list(arguments)
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return list(cursor.fetchall())


def _witnessed(path: Path) -> Witnessed:
    folder = Folder(path)
    return Witnessed(path.name, folder.checkpoints(), folder.count(), folder.entries)


def _record(report: Report) -> models.Check:
    kept = [asdict(one) | {"sentence": one.sentence} for one in report.findings[:200]]
    return models.Check.objects.create(
        kind=models.Check.Kind.VERIFY, ok=report.ok, size=report.size, erased=report.erased, waiting=report.waiting,
        findings=kept, seconds=report.seconds,
    )  # fmt: skip
