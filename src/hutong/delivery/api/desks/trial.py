"""The trial desk: the same check, the same shapes, the same receipts, over fictitious data and tables of its own.

Nothing here imports a model of the registry, of leads or of the exchange. What is delivered counts as checked at once; no
second person confirms it, because it is never used.
"""

from __future__ import annotations

import hashlib
import io
import json
from datetime import timedelta
from typing import IO, Any

from django.db import transaction

from hutong.delivery.api import schemas
from hutong.delivery.api.data import terms
from hutong.delivery.api.desks.live import PAGE, REJECTED_PAGE, receipt_out, sentences
from hutong.delivery.api.models import Trial
from hutong.delivery.api.problems import Problem
from hutong.delivery.api.services import agreed, receipts
from hutong.delivery.api.services.letting_in import Guest
from hutong.domains.exchange import presenters, quarters
from hutong.domains.exchange import services as exchange
from hutong.domains.exchange.machines import amendment as amendments
from hutong.domains.exchange.machines import batch as batches
from hutong.foundation.access.scope import system_scope, use_scope
from hutong.kernel import clock

_MOST_ROWS_BACK = 2_000
_SAMPLE = "示例：第 3 行死亡日期与本人情况不符，请核对后答复。"


def _get(guest: Guest, kind: str, public_id: str) -> Trial:
    found = Trial.objects.filter(system=guest.system, kind=kind, public_id=public_id).first()
    if found is None:
        raise Problem("not-found")
    return found


def _keep(guest: Guest, kind: str, code: str, quarter: str, content: dict[str, Any], mark: str = "") -> Trial:
    return Trial.objects.create(
        system=guest.system,
        kind=kind,
        list_code=code,
        quarter=quarter,
        content=content,
        mark=mark,
        at=clock.now(),
    )


def deliver(
    guest: Guest, code: str, quarter: quarters.Quarter, name: str, source: IO[bytes], supplements: str | None
) -> schemas.DeliveredOut:
    if supplements:
        _get(guest, "batch", supplements)
    with sentences(code):
        told = exchange.rehearse(
            list_code=code, name=name, source=source,  # type: ignore[arg-type]
            agreed=agreed.spend(guest.system, code, str(quarter)),
        )  # fmt: skip
    same = Trial.objects.filter(system=guest.system, kind="batch", quarter=str(quarter), mark=told.sha256)
    if any(one.content["state"] != batches.WITHDRAWN for one in same):
        raise Problem("already", "同一份文件本季度已上传过，不必重复上传，请查看原批次。")
    content = {
        "state": batches.CHECKED, "sha256": told.sha256, "rows": told.rows, "passed": told.passed, "warned": told.warned,
        "refused": told.refused, "warnings": [presenters.without_cells(words, code) for words in told.warnings],
        "reasons": [[presenters.without_cells(words, code), count] for words, count in told.reasons],
        "rejected": [(line, presenters.without_cells(words, code)) for line, words in told.rejected[:_MOST_ROWS_BACK]], "late": quarter.late(clock.today()), "note": "",
        "supplements": supplements,
    }  # fmt: skip
    one = _keep(guest, "batch", code, str(quarter), content, told.sha256)
    facts = {"list": code, "period": str(quarter), "sha256": told.sha256, "bytes": told.size}
    receipt = receipts.give(system=guest.system, about="batch", subject=one.public_id, facts=facts)
    return schemas.DeliveredOut(batch=_batch(one), receipt=receipt_out(receipt))


def open_parcel(
    guest: Guest, code: str, quarter: quarters.Quarter, supplements: str | None
) -> schemas.ParcelOut:
    if supplements:
        _get(guest, "batch", supplements)
    content: dict[str, Any] = {"pieces": {}, "supplements": supplements, "batch": None}
    return _parcel(_keep(guest, "parcel", code, str(quarter), content))


def add_piece(
    guest: Guest, public_id: str, number: int, rows: list[dict[str, str | None]]
) -> schemas.ParcelOut:
    one = _get(guest, "parcel", public_id)
    if one.content["batch"]:
        raise Problem("conflict", "这份清单已经提交，不能再加分段。")
    if not 1 <= number <= 100:
        raise Problem("refused", "分段号从 1 到 100。请重新切分后再传。")
    with sentences(one.list_code):
        # checked now and not only at the end: rows of real persons are not even laid aside
        content = exchange.as_csv(one.list_code, rows)
        exchange.rehearse(list_code=one.list_code, name=exchange.PUSHED_NAME, source=io.BytesIO(content))
    one.content["pieces"][str(number)] = rows
    one.save(update_fields=["content"])
    return _parcel(one)


def close_parcel(guest: Guest, public_id: str, pieces: int, rows: int) -> schemas.DeliveredOut:
    one = _get(guest, "parcel", public_id)
    if one.content["batch"]:
        raise Problem("conflict", "这份清单已经提交。")
    have = one.content["pieces"]
    together = [row for number in range(1, pieces + 1) for row in have.get(str(number), [])]
    if len(have) != pieces or len(together) != rows:
        raise Problem(
            "refused",
            f"收到 {len(have)} 段 {len(together)} 行，与申报的 {pieces} 段 {rows} 行不符，清单没有提交。请核对后重传。",
        )
    with sentences(one.list_code):
        content = exchange.as_csv(one.list_code, together)
    done = deliver(
        guest,
        one.list_code,
        quarters.parse(one.quarter),
        exchange.PUSHED_NAME,
        io.BytesIO(content),
        one.content["supplements"],
    )
    one.content |= {"batch": done.batch.id, "pieces": {}}
    one.save(update_fields=["content"])
    return done


def push(guest: Guest, code: str, row: dict[str, str | None]) -> schemas.EventTaken:
    with sentences(code):
        exchange.rehearse_row(list_code=code, row=row)
    mark = hashlib.sha256(json.dumps([code, row], sort_keys=True, ensure_ascii=False).encode()).hexdigest()
    same = Trial.objects.filter(system=guest.system, kind="event", mark=mark)
    if any(one.content["state"] != "WITHDRAWN" for one in same):
        raise Problem("already", "同一条数据已经推送过，不必重复推送。如内容有变，请先撤回原推送。")
    quarter = str(quarters.of(clock.today()))
    agreed.spend(guest.system, code, quarter)(1)
    one = _keep(guest, "event", code, quarter, {"state": "ACCEPTED"}, mark)
    facts = {"list": code, "period": quarter, "rows": 1}
    receipt = receipts.give(system=guest.system, about="event", subject=one.public_id, facts=facts)
    return schemas.EventTaken(event=_event(one), receipt=receipt_out(receipt))


def event(guest: Guest, public_id: str) -> schemas.EventOut:
    return _event(_get(guest, "event", public_id))


def batch(guest: Guest, public_id: str) -> schemas.BatchOut:
    return _batch(_get(guest, "batch", public_id))


def list_batches(guest: Guest, quarter: str, page: int) -> schemas.BatchesOut:
    found = Trial.objects.filter(system=guest.system, kind="batch").order_by("-at", "-pk")
    if quarter:
        found = found.filter(quarter=quarter)
    rows = [_batch(one) for one in found[(page - 1) * PAGE : page * PAGE + 1]]
    return schemas.BatchesOut(page=page, more=len(rows) > PAGE, batches=rows[:PAGE])


def rejected(guest: Guest, public_id: str, page: int) -> schemas.RejectedOut:
    one = _get(guest, "batch", public_id)
    here = one.content["rejected"][(page - 1) * REJECTED_PAGE : page * REJECTED_PAGE]
    rows = [schemas.RejectedRow(line=line, reason=words) for line, words in here]
    return schemas.RejectedOut(page=page, total=one.content["refused"], rows=rows)


def rejected_file(guest: Guest, public_id: str) -> bytes:
    from hutong.domains.exchange.storage import workbooks

    one = _get(guest, "batch", public_id)
    if not one.content["rejected"]:
        raise Problem("not-found", "这一批没有退回的行。")
    import pyarrow as pa

    lines, reasons = zip(*one.content["rejected"], strict=True)
    return workbooks.rejected_xlsx(pa.table({"line": list(lines), "reason": list(reasons)}))


def recall(guest: Guest, public_id: str, reason: str) -> schemas.BatchOut:
    one = _get(guest, "batch", public_id)
    if one.content["state"] == batches.WITHDRAWN:
        raise Problem("conflict", "这一批已经撤回。")
    one.content |= {"state": batches.WITHDRAWN, "note": reason}
    one.save(update_fields=["content"])
    return _batch(one)


def amend_batch(
    guest: Guest, public_id: str, reason: str, lines: list[int], rows: list[dict[str, Any]]
) -> schemas.AmendmentTaken:
    one = _get(guest, "batch", public_id)
    if one.content["state"] != batches.CHECKED:
        raise Problem("conflict", "这一批已不在使用中，不能更正。")
    if any(line > one.content["rows"] + 1 for line in lines):
        raise Problem(
            "refused", f"行号应在文件的第 2 行至第 {one.content['rows'] + 1} 行之间。请核对后重新提出。"
        )
    if rows and not lines:
        raise Problem("refused", "请写明新数据代替哪几行；整批更换请撤回后重新上传。")
    supplement = None
    if rows:
        with sentences(one.list_code):
            content = exchange.as_csv(one.list_code, rows)
        quarter = quarters.parse(one.quarter)
        supplement = deliver(
            guest, one.list_code, quarter, exchange.PUSHED_NAME, io.BytesIO(content), public_id
        ).batch.id
    return _amended(
        guest, one, {"batch": public_id, "lines": lines, "reason": reason, "supplement": supplement}
    )


def amend_event(guest: Guest, public_id: str, reason: str) -> schemas.AmendmentTaken:
    one = _get(guest, "event", public_id)
    return _amended(guest, one, {"event": public_id, "lines": [], "reason": reason})


def _amended(guest: Guest, about: Trial, content: dict[str, Any]) -> schemas.AmendmentTaken:
    one = _keep(guest, "amendment", about.list_code, about.quarter, content)
    facts = {"list": one.list_code, "lines": len(content["lines"])}
    receipt = receipts.give(system=guest.system, about="amendment", subject=one.public_id, facts=facts)
    return schemas.AmendmentTaken(amendment=_amendment(one), receipt=receipt_out(receipt))


def amendment(guest: Guest, public_id: str) -> schemas.AmendmentOut:
    return _amendment(_get(guest, "amendment", public_id))


def corrections(guest: Guest, page: int) -> schemas.CorrectionsOut:
    """One made-up correction, so that answering can be tried."""
    sample = Trial.objects.filter(system=guest.system, kind="correction").first() or _keep(
        guest, "correction", guest.system.lists[0], "", {"reply": ""}
    )
    rows = [_correction(sample)] if page == 1 else []
    return schemas.CorrectionsOut(page=page, more=False, corrections=rows)


def reply(guest: Guest, public_id: str, corrected: bool, words: str) -> schemas.CorrectionOut:
    one = _get(guest, "correction", public_id)
    one.content = {"reply": words}
    one.save(update_fields=["content"])
    return _correction(one)


def _batch(one: Trial) -> schemas.BatchOut:
    told = one.content
    return schemas.BatchOut(
        id=one.public_id, list=one.list_code, period=one.quarter, state=told["state"],
        state_words=batches.MACHINE.states[told["state"]], sent_at=one.at, sha256=told["sha256"], rows=told["rows"],
        passed=told["passed"], warned=told["warned"], refused=told["refused"],
        reasons=[schemas.Reason(reason=words, rows=count) for words, count in told["reasons"]],
        warnings=told["warnings"], problem="", note=told["note"], late=told["late"], supplements=told["supplements"],
    )  # fmt: skip


def _parcel(one: Trial) -> schemas.ParcelOut:
    pieces = {number: len(rows) for number, rows in one.content["pieces"].items()}
    return schemas.ParcelOut(
        id=one.public_id, list=one.list_code, period=one.quarter, pieces=pieces, rows=sum(pieces.values()),
        batch=one.content["batch"],
    )  # fmt: skip


def _event(one: Trial) -> schemas.EventOut:
    return schemas.EventOut(
        id=one.public_id, list=one.list_code, period=one.quarter, state=one.content["state"], sent_at=one.at
    )


def _amendment(one: Trial) -> schemas.AmendmentOut:
    told = one.content
    return schemas.AmendmentOut(
        id=one.public_id, list=one.list_code, batch=told.get("batch"), event=told.get("event"), lines=told["lines"],
        supplement=told.get("supplement"), state=amendments.REQUESTED, state_words=amendments.MACHINE.states[amendments.REQUESTED],  # type: ignore[arg-type]
        reason=told["reason"], note="", asked_at=one.at,
    )  # fmt: skip


def _correction(one: Trial) -> schemas.CorrectionOut:
    replied = bool(one.content["reply"])
    return schemas.CorrectionOut(
        id=one.public_id, list=one.list_code, source="", line=3, message=_SAMPLE, state="REPLIED" if replied else "SENT",
        state_words="部门已答复" if replied else "已反馈部门", reply=one.content["reply"],
    )  # fmt: skip


def forget() -> int:
    """What was tried out long ago; called daily."""
    old = clock.now() - timedelta(days=terms.value("answers_days"))
    with use_scope(system_scope("接口")), transaction.atomic():
        return int(Trial.objects.filter(at__lt=old).delete()[0])
