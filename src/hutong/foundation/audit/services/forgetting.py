"""Lawful destruction of log rows: content and salt go, the entry stays, and the erasure is an entry itself (ADR 0017).

Only the owner of the tables can; the web role has no verb for it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time

from django.db import connection, transaction

from hutong.foundation.audit import commitments, models
from hutong.foundation.audit.services.folding import fold
from hutong.kernel import clock


class NotErased(ValueError):
    """Nothing was destroyed; the sentence says why."""


@transaction.atomic
def erase(
    *,
    child_id: int | None = None,
    before: date | None = None,
    basis: str,
    reason: str,
    by: str,
    approved_by: str,
) -> models.Erasure:
    """Destroy the log rows of one child, or those older than ``before``; both conditions together narrow.

    ``by`` and ``approved_by`` name two people; ``basis`` the article or retention rule. NotErased otherwise.
    """
    if not basis.strip() or not reason.strip():
        raise NotErased("销毁日志须写明依据（法律条款或保存期限规定）和事由。")
    if not by.strip() or not approved_by.strip() or by.strip() == approved_by.strip():
        raise NotErased("销毁日志须由经办、批准两人分别署名。")
    if child_id is None and before is None:
        raise NotErased("请指明销毁哪个儿童的日志，或哪一天以前的日志。")
    fold()  # what is destroyed must have been an entry first
    found = {commitments.CHANGE: _rows(models.Change, child_id, before),
             commitments.READ: _rows(models.Read, child_id, before)}  # fmt: skip
    spans = [[kind, first, last] for kind, ids in found.items() for first, last in runs(ids)]
    if not spans:
        raise NotErased("没有符合条件的日志，未销毁任何内容。")
    made = models.Erasure.objects.create(
        spans=spans, rows=sum(map(len, found.values())), basis=basis.strip(), reason=reason.strip(),
        by_label=by.strip(), approved_label=approved_by.strip(),
    )  # fmt: skip
    fold()
    for kind, ids in found.items():
        _destroy(kind, ids)
    return made


def _rows(
    model: type[models.Change] | type[models.Read], child_id: int | None, before: date | None
) -> list[int]:
    rows = model._default_manager.all()
    if child_id is not None:
        rows = rows.filter(child_id=child_id)
    if before is not None:
        rows = rows.filter(at__lt=datetime.combine(before, time(), tzinfo=clock.SHANGHAI))
    return list(rows.order_by("pk").values_list("pk", flat=True))


def runs(ids: Iterable[int]) -> list[tuple[int, int]]:
    """Ascending numbers as (first, last) of each run without a hole."""
    made: list[tuple[int, int]] = []
    for one in ids:
        if made and made[-1][1] == one - 1:
            made[-1] = (made[-1][0], one)
        else:
            made.append((one, one))
    return made


def _destroy(kind: int, ids: list[int]) -> None:
    table = commitments.TABLES[kind]
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM audit_salt AS s USING audit_leaf AS l WHERE s.seq = l.seq AND l.kind = %s AND l.row_id = ANY(%s)",
            [kind, ids],
        )
        cursor.execute(f"DELETE FROM {table} WHERE id = ANY(%s)", [ids])
