"""Making the file: under the scope of whoever asked, everything in it recorded as read in the same transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Final

from django.db import transaction

from hutong.domains.ledgers.data import catalogue
from hutong.domains.ledgers.machines import export as machine
from hutong.domains.ledgers.models import ExportRequest
from hutong.domains.ledgers.papers.sheet import FOOT, Head, Sheet
from hutong.domains.ledgers.presenters import people
from hutong.domains.ledgers.presenters.columns import COLUMNS
from hutong.domains.ledgers.selectors.ledger import Asked, list_ledger
from hutong.domains.ledgers.services import asking
from hutong.domains.registry import transfer
from hutong.domains.registry.models import Child
from hutong.foundation.access import reading
from hutong.foundation.access.acting import Acting
from hutong.foundation.access.explaining import Explanation
from hutong.foundation.access.scope import use_scope
from hutong.foundation.documents import services as documents
from hutong.foundation.network import selectors as network
from hutong.foundation.workflow import longjobs
from hutong.foundation.workflow import services as workflow
from hutong.kernel import clock

_CHUNK: Final = 1000
Progress = Callable[[int, int, str], None]


class Grown(Exception):
    """There are more children now than were asked for; the text says what to do."""


def run_job(handle: longjobs.LongJobHandle) -> str:
    request = run_now(public_id=handle.params["request"], actor=handle.actor, progress=handle.progress)
    if request.state == machine.FAILED:
        raise longjobs.Failed(request.problem)
    return asking.link(request)


def run_now(*, public_id: str, actor: Acting, progress: Progress = lambda *_: None) -> ExportRequest:
    """Make it here and now. File, read log and state are one transaction; a failure leaves only its reason."""
    try:
        with use_scope(actor.scope), transaction.atomic():
            request = ExportRequest.objects.select_for_update(of=("self",)).get(public_id=public_id)
            if request.state == machine.APPROVED:  # a job run again after its worker was killed finds it made
                _make(request, actor, progress)
            return request
    except Grown as grown:
        return _fail(public_id, actor, str(grown))
    except longjobs.Cancelled:
        _fail(public_id, actor, "生成已取消，没有产生文件。")
        raise
    except Exception:
        _fail(public_id, actor, "生成中断，没有产生文件。请重新生成；仍不成功请告知系统管理员。")
        raise


def _fail(public_id: str, actor: Acting, problem: str) -> ExportRequest:
    with use_scope(actor.scope):
        request = ExportRequest.objects.get(public_id=public_id)
        if request.state != machine.APPROVED:
            return request
        return workflow.apply(request, "fail", actor=actor, reason=problem, fields={"problem": problem})


def _make(request: ExportRequest, actor: Acting, progress: Progress) -> None:
    actor.check("ledger.export")
    seen, sha256 = _file(request, actor, progress)
    fields = {
        "made_rows": seen, "made_at": clock.now(), "sha256": sha256, "problem": "",
        "expires_at": clock.now() + timedelta(hours=catalogue.term("expiry_hours")),
    }  # fmt: skip
    workflow.apply(request, "make", actor=actor, reason=f"{seen} 人", fields=fields)
    progress(seen, seen, "完成")


def _file(request: ExportRequest, actor: Acting, progress: Progress) -> tuple[int, str]:
    """(children in it, digest). A folder is written by the command itself; here it is only counted."""
    if request.form == "folder":
        rows = Child.objects.filter(state__in=transfer.STATES).count()
        check_grown(request, rows)
        return rows, ""
    asked = Asked(request.kind, request.area_code, request.basis)
    seen = [(child.pk, child.residence_area) for child in list_ledger(asked).only("pk", "residence_area")]
    check_grown(request, len(seen))
    reading.record(actor, seen, f"导出台账 {request.number}", Explanation("export", request.number))
    made = sheet(request, asked, _lines(request, asked, len(seen), progress))
    name = f"{made.title} {request.number}.{request.form}"
    content, kind, mime = _written(request, made)
    document = documents.keep(
        content=content, name=name, kind=kind, mime=mime, purpose="export", actor=actor,
        area_code=request.area_code, subject_type=asking.SUBJECT, subject_id=request.pk,
    )  # fmt: skip
    return len(seen), document.sha256


def check_grown(request: ExportRequest, rows: int) -> None:
    """What was approved is what was asked for, give or take the children of a day."""
    most = request.rows + max(5, request.rows * catalogue.term("grown_percent") // 100)
    if rows > most:
        raise Grown(f"申请时为 {request.rows} 人，现在已有 {rows} 人，超出批准的范围。请重新申请。")


def _written(request: ExportRequest, made: Sheet) -> tuple[bytes, str, str]:
    # python-docx is large: loaded by the job that writes
    from hutong.domains.ledgers.papers import document, workbook

    if request.form == "docx":
        return document.write(made, at=clock.now()), "doc", document.MIME
    return workbook.write([made], at=clock.now()), "sheet", workbook.MIME


def _lines(request: ExportRequest, asked: Asked, total: int, progress: Progress) -> Iterator[tuple[str, ...]]:
    columns = [COLUMNS[code] for code in catalogue.kinds()[request.kind].columns]
    at = 0
    # keys first, then the rows by keys: the order is computed once
    for children in people.in_chunks(list_ledger(asked).iterator(chunk_size=_CHUNK), _CHUNK):
        for line in people.lines(children, start=at + 1, clear=request.clear_id, home=request.area_code):
            yield tuple(column.cell(line) for column in columns)
        at += len(children)
        progress(at, total, f"已写 {at} 人")


def sheet(request: ExportRequest, asked: Asked, rows: Iterator[tuple[str, ...]]) -> Sheet:
    """The ledger as it stands on paper."""
    kind, place = catalogue.kinds()[asked.kind], network.area_path(asked.area)
    basis = {"hukou": "户籍地", "residence": "居住地"}[asked.basis]
    return Sheet(
        name=kind.label[:20], title=f"{place}{kind.label}台账", left=f"填报单位：{request.requested_post.org.name}",
        right=f"统计口径：按{basis}　截止日期：{clock.today()}",
        heads=tuple(Head(COLUMNS[code].label, COLUMNS[code].width) for code in kind.columns),
        rows=rows, foot=FOOT, mark=mark(request), note="本台账由儿童档案生成；空白栏为系统尚未登记的内容，请手工填写或在档案中补录。",
    )  # fmt: skip


def mark(request: ExportRequest) -> str:
    """Who took it, in which post, when, under which number: on every page and sheet."""
    return (
        f"内部资料，严禁外传　{request.requested_label}　{clock.now():%Y-%m-%d %H:%M}　编号 {request.number}"
    )
