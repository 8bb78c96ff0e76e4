"""The real desk: everything goes to ``exchange`` and ``leads``, on the same way as from a page."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied

from hutong.delivery.api import schemas
from hutong.delivery.api.models import Receipt
from hutong.delivery.api.problems import Problem
from hutong.delivery.api.services import agreed, receipts
from hutong.delivery.api.services.letting_in import Guest
from hutong.domains.exchange import presenters, quarters, selectors
from hutong.domains.exchange import services as exchange
from hutong.domains.exchange.machines import amendment as amendments
from hutong.domains.exchange.machines import batch as batches
from hutong.domains.exchange.machines import push as pushes
from hutong.domains.exchange.models import Amendment, Batch, Parcel, Push
from hutong.domains.exchange.services.errors import AlreadyDelivered, BadFile, NotPossible, Refused
from hutong.domains.leads import selectors as lead_selectors
from hutong.domains.leads import services as leads
from hutong.domains.leads.machines import correction as corrections_machine
from hutong.domains.leads.models import Correction
from hutong.foundation.workflow.errors import NotNow

PAGE = 50
REJECTED_PAGE = 500


@contextmanager
def sentences(list_code: str) -> Iterator[None]:
    """Every refusal of the services as a problem; what they quote of the sender's cells does not leave."""
    try:
        yield
    except AlreadyDelivered as error:
        raise Problem("already", str(error)) from None
    except NotNow as error:
        raise Problem("conflict", str(error)) from None
    except (PermissionDenied, ObjectDoesNotExist):
        raise Problem("not-found") from None
    except (BadFile, Refused, NotPossible) as error:
        told = presenters.without_cells(str(error), list_code) if list_code else str(error)
        raise Problem("refused", told) from None


def deliver(
    guest: Guest, code: str, quarter: quarters.Quarter, name: str, source: IO[bytes], supplements: str | None
) -> schemas.DeliveredOut:
    with sentences(code):
        root = selectors.get_batch(supplements) if supplements else None
        batch = exchange.deliver(
            actor=guest.actor, list_code=code, quarter=quarter, name=name, source=source, supplements=root,  # type: ignore[arg-type]
            agreed=agreed.spend(guest.system, code, str(quarter)), complete=True,
        )  # fmt: skip
        return _delivered(guest, batch)


def _delivered(guest: Guest, batch: Batch) -> schemas.DeliveredOut:
    facts = {"list": batch.list_code, "period": batch.quarter, "sha256": batch.sha256, "bytes": batch.size}
    receipt = receipts.give(system=guest.system, about="batch", subject=batch.public_id, facts=facts)
    return schemas.DeliveredOut(batch=batch_out(batch), receipt=receipt_out(receipt))


def open_parcel(
    guest: Guest, code: str, quarter: quarters.Quarter, supplements: str | None
) -> schemas.ParcelOut:
    with sentences(code):
        root = selectors.get_batch(supplements) if supplements else None
        return _parcel(
            exchange.open_parcel(actor=guest.actor, list_code=code, quarter=quarter, supplements=root)
        )


def add_piece(
    guest: Guest, public_id: str, number: int, rows: list[dict[str, str | None]]
) -> schemas.ParcelOut:
    with sentences(""):
        parcel = selectors.get_parcel(public_id)
        return _parcel(exchange.add_piece(parcel=parcel, number=number, rows=rows, actor=guest.actor))


def close_parcel(guest: Guest, public_id: str, pieces: int, rows: int) -> schemas.DeliveredOut:
    with sentences(""):
        parcel = selectors.get_parcel(public_id)
        batch = exchange.close_parcel(
            parcel=parcel, pieces=pieces, rows=rows, actor=guest.actor,
            agreed=agreed.spend(guest.system, parcel.list_code, parcel.quarter),
        )  # fmt: skip
        return _delivered(guest, batch)


def push(guest: Guest, code: str, row: dict[str, str | None]) -> schemas.EventTaken:
    with sentences(code):
        one = exchange.push(actor=guest.actor, list_code=code, row=row)
        agreed.spend(guest.system, code, one.quarter)(1)
        facts = {"list": one.list_code, "period": one.quarter, "rows": 1}
        receipt = receipts.give(system=guest.system, about="event", subject=one.public_id, facts=facts)
        return schemas.EventTaken(event=event_out(one), receipt=receipt_out(receipt))


def event(guest: Guest, public_id: str) -> schemas.EventOut:
    with sentences(""):
        return event_out(selectors.get_push(public_id))


def batch(guest: Guest, public_id: str) -> schemas.BatchOut:
    with sentences(""):
        return batch_out(selectors.get_batch(public_id))


def list_batches(guest: Guest, quarter: str, page: int) -> schemas.BatchesOut:
    found = selectors.list_batches(quarter=quarter)[(page - 1) * PAGE : page * PAGE + 1]
    rows = [batch_out(one) for one in found]
    return schemas.BatchesOut(page=page, more=len(rows) > PAGE, batches=rows[:PAGE])


def rejected(guest: Guest, public_id: str, page: int) -> schemas.RejectedOut:
    with sentences(""):
        one = selectors.get_batch(public_id)
        lines = [] if one.state in _UNCHECKED else exchange.rejected_lines(one)
    here = lines[(page - 1) * REJECTED_PAGE : page * REJECTED_PAGE]
    rows = [
        schemas.RejectedRow(line=line, reason=presenters.without_cells(reason, one.list_code))
        for line, reason in here
    ]
    return schemas.RejectedOut(page=page, total=len(lines), rows=rows)


def rejected_file(guest: Guest, public_id: str) -> bytes:
    with sentences(""):
        one = selectors.get_batch(public_id)
        if one.state in _UNCHECKED or not one.refused:
            raise Problem("not-found", "这一批没有退回的行。")
        return exchange.rejected_workbook(one)


def recall(guest: Guest, public_id: str, reason: str) -> schemas.BatchOut:
    with sentences(""):
        return batch_out(
            exchange.recall(batch=selectors.get_batch(public_id), actor=guest.actor, reason=reason)
        )


def amend_batch(
    guest: Guest, public_id: str, reason: str, lines: list[int], rows: list[dict[str, Any]]
) -> schemas.AmendmentTaken:
    with sentences(""):
        one = selectors.get_batch(public_id)
        spending = agreed.spend(guest.system, one.list_code, one.quarter)
    with sentences(one.list_code):
        made = exchange.ask_amendment(
            actor=guest.actor, batch=one, reason=reason, lines=lines, rows=rows, agreed=spending
        )
        return _amended(guest, made)


def amend_event(guest: Guest, public_id: str, reason: str) -> schemas.AmendmentTaken:
    with sentences(""):
        one = selectors.get_push(public_id)
        return _amended(guest, exchange.ask_amendment(actor=guest.actor, push=one, reason=reason))


def _amended(guest: Guest, made: Amendment) -> schemas.AmendmentTaken:
    facts = {"list": made.list_code, "lines": len(made.lines)}
    receipt = receipts.give(system=guest.system, about="amendment", subject=made.public_id, facts=facts)
    return schemas.AmendmentTaken(amendment=amendment_out(made), receipt=receipt_out(receipt))


def amendment(guest: Guest, public_id: str) -> schemas.AmendmentOut:
    with sentences(""):
        return amendment_out(selectors.get_amendment(public_id))


def corrections(guest: Guest, page: int) -> schemas.CorrectionsOut:
    found = _sent(guest)[(page - 1) * PAGE : page * PAGE + 1]
    rows = [correction_out(one) for one in found]
    return schemas.CorrectionsOut(page=page, more=len(rows) > PAGE, corrections=rows[:PAGE])


def _sent(guest: Guest) -> Any:
    own = [
        *selectors.list_batches().values_list("public_id", flat=True),
        *selectors.list_pushes().values_list("public_id", flat=True),
    ]
    return lead_selectors.list_sent_corrections(own)


def reply(guest: Guest, public_id: str, corrected: bool, words: str) -> schemas.CorrectionOut:
    with sentences(""):
        one = _sent(guest).get(public_id=public_id)
        return correction_out(
            leads.reply_to_correction(correction=one, corrected=corrected, words=words, actor=guest.actor)
        )


_UNCHECKED = (batches.UPLOADED, batches.CHECKING, batches.FAILED)


def batch_out(one: Batch) -> schemas.BatchOut:
    return schemas.BatchOut(
        id=one.public_id, list=one.list_code, period=one.quarter, state=one.state,  # type: ignore[arg-type]
        state_words=batches.MACHINE.states[one.state], sent_at=one.uploaded_at, sha256=one.sha256, rows=one.rows,
        passed=one.passed, warned=one.warned, refused=one.refused,
        reasons=[
            schemas.Reason(reason=presenters.without_cells(told, one.list_code), rows=count) for told, count in one.reasons
        ],
        warnings=[presenters.without_cells(told, one.list_code) for told in one.warnings],
        problem=presenters.without_cells(one.problem, one.list_code), note=one.note, late=one.late,
        supplements=one.supplements.public_id if one.supplements else None,
    )  # fmt: skip


def _parcel(one: Parcel) -> schemas.ParcelOut:
    return schemas.ParcelOut(
        id=one.public_id, list=one.list_code, period=one.quarter, rows=one.rows, batch=None,
        pieces={number: int(piece["rows"]) for number, piece in one.pieces.items()},
    )  # fmt: skip


def event_out(one: Push) -> schemas.EventOut:
    state: Any = "WITHDRAWN" if one.state == pushes.WITHDRAWN else "ACCEPTED"
    return schemas.EventOut(
        id=one.public_id, list=one.list_code, period=one.quarter, state=state, sent_at=one.sent_at
    )


def amendment_out(one: Amendment) -> schemas.AmendmentOut:
    return schemas.AmendmentOut(
        id=one.public_id, list=one.list_code, batch=one.batch.public_id if one.batch else None,
        event=one.push.public_id if one.push else None, lines=one.lines, state=one.state,  # type: ignore[arg-type]
        supplement=one.supplement.public_id if one.supplement else None, reason=one.reason, note=one.note,
        state_words=amendments.MACHINE.states[one.state], asked_at=one.asked_at,
    )  # fmt: skip


def correction_out(one: Correction) -> schemas.CorrectionOut:
    """Without child, lead, subject or what was seen on the spot: only the row and what was written to the department."""
    line = one.row.get("line")
    return schemas.CorrectionOut(
        id=one.public_id, list=one.list_code, source=str(one.row.get("batch") or ""), message=one.answer if one.state in ("SENT", "REPLIED") else "",
        line=int(line) if isinstance(line, int) else None, state=one.state,  # type: ignore[arg-type]
        state_words=corrections_machine.MACHINE.states[one.state], reply=one.reply,
    )  # fmt: skip


def receipt_out(one: Receipt) -> schemas.ReceiptOut:
    return schemas.ReceiptOut(**receipts.envelope(one))


def quarter_of(text: str) -> quarters.Quarter:
    """A quarter that can be delivered for: the present one or one of the five before."""
    from hutong.kernel import clock

    quarter = quarters.parse(text)
    if quarter not in quarters.recent(clock.today()):
        raise Problem(
            "refused", f"{quarter.label}不在可以提交的季度之内，请提交当前季度或此前五个季度的清单。"
        )
    return quarter
