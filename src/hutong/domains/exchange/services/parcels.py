"""A list in pieces: opened, filled piece by piece, closed into a batch that goes the same way as an uploaded file."""

from __future__ import annotations

import hashlib
import io

from django.db import transaction

from hutong.domains.exchange.data import limits
from hutong.domains.exchange.data.quarters import Quarter
from hutong.domains.exchange.data.quarters import parse as parse_quarter
from hutong.domains.exchange.models import Batch, Parcel
from hutong.domains.exchange.permissions import check_can_deliver
from hutong.domains.exchange.services import delivering, rehearsing
from hutong.domains.exchange.services.errors import NotPossible
from hutong.domains.exchange.storage import store
from hutong.foundation.access.acting import Acting
from hutong.foundation.workflow.errors import NotNow
from hutong.kernel import areas, clock

MOST_PIECES = 100


@transaction.atomic
def open_parcel(
    *, actor: Acting, list_code: str, quarter: Quarter, supplements: Batch | None = None
) -> Parcel:
    check_can_deliver(actor, list_code)
    delivering.root_of(supplements, list_code, quarter)
    return Parcel.objects.create(
        list_code=list_code, quarter=str(quarter), area_code=areas.county(actor.post.area_code),
        sender_post=actor.post, opened_by=actor.user, opened_at=clock.now(), supplements=supplements,
    )  # fmt: skip


@transaction.atomic
def add_piece(*, parcel: Parcel, number: int, rows: list[dict[str, str | None]], actor: Acting) -> Parcel:
    """Lay piece ``number`` (from 1) aside; the same piece again replaces it, so that a lost answer does no harm."""
    check_can_deliver(actor, parcel.list_code)
    held = Parcel.objects.select_for_update().get(pk=parcel.pk)
    if held.batch_id is not None:
        raise NotNow("这份清单已经提交，不能再加分段。如需更正，请提交更正请求。")
    most = limits.value("piece_rows")
    if not rows or len(rows) > most or not 1 <= number <= MOST_PIECES:
        raise NotPossible(f"每段 1 至 {most} 行，分段号从 1 到 {MOST_PIECES}。请重新切分后再传。")
    content = rehearsing.as_csv(held.list_code, rows)
    store.put(held.public_id, f"piece-{number}", io.BytesIO(content))
    held.pieces[str(number)] = {"rows": len(rows), "sha256": hashlib.sha256(content).hexdigest()}
    held.save(update_fields=["pieces"])
    return held


@transaction.atomic
def close_parcel(
    *, parcel: Parcel, pieces: int, rows: int, actor: Acting, agreed: delivering.Agreed | None = None
) -> Batch:
    """All pieces together as one batch. ``pieces`` and ``rows`` are what the sender believes to have sent."""
    found = Parcel.objects.select_for_update(of=("self",)).select_related("supplements", "batch")
    held = found.get(pk=parcel.pk)
    if held.batch is not None:
        return held.batch
    have = {str(number) for number in range(1, pieces + 1)}
    if missing := sorted(have - held.pieces.keys(), key=int):
        raise NotPossible(f"第 {'、'.join(missing[:10])} 段还没有收到，清单没有提交。请补传后再提交。")
    if held.pieces.keys() - have or held.rows != rows:
        raise NotPossible(
            f"收到 {len(held.pieces)} 段 {held.rows} 行，与申报的 {pieces} 段 {rows} 行不符，清单没有提交。请核对后重传。"
        )
    content = b""
    for number in range(1, pieces + 1):
        part = store.read(held.public_id, f"piece-{number}")
        content += part if number == 1 else part.split(b"\r\n", 1)[1]
    batch = delivering.deliver(
        actor=actor, list_code=held.list_code, quarter=parse_quarter(held.quarter), name=rehearsing.NAME,
        source=io.BytesIO(content), supplements=held.supplements, agreed=agreed, complete=True,
    )  # fmt: skip
    held.batch = batch
    held.save(update_fields=["batch"])
    transaction.on_commit(lambda: store.drop(held.public_id))
    return batch
