"""What became of a delivery, and taking it back."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Query, Status

from hutong.delivery.api import schemas
from hutong.delivery.api.operations.declaring import desk_of, guest_of, operation
from hutong.delivery.api.operations.lists import PublicId

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PageNumber = Annotated[int, Query(ge=1, le=10_000)]


@operation("batches", gives=schemas.BatchesOut, words="本系统提交的批次")
def batches(
    request: HttpRequest, page: PageNumber = 1, period: Annotated[schemas.Period | None, Query()] = None
) -> schemas.BatchesOut:
    told: schemas.BatchesOut = desk_of(request).list_batches(guest_of(request), period or "", page)
    return told


@operation("batch", gives=schemas.BatchOut, words="一个批次的状态和检查结果")
def batch(request: HttpRequest, public_id: PublicId) -> schemas.BatchOut:
    """通过、提醒、退回的行数，按原因归并；CHECKED 待另一人确认，CONFIRMED 已用于比对。"""
    told: schemas.BatchOut = desk_of(request).batch(guest_of(request), public_id)
    return told


@operation("rejected", gives=schemas.RejectedOut, words="退回的行和原因")
def rejected(request: HttpRequest, public_id: PublicId, page: PageNumber = 1) -> schemas.RejectedOut:
    """行号是所交文件中的行号（表头为第 1 行）；不含人员信息。"""
    told: schemas.RejectedOut = desk_of(request).rejected(guest_of(request), public_id, page)
    return told


@operation(
    "rejected_file", gives=None, words="下载退回的行（xlsx，末列为原因）",
    extra={"responses": {200: {"description": "工作簿", "content": {XLSX: {"schema": {"type": "string", "format": "binary"}}}}}},
)  # fmt: skip
def rejected_file(request: HttpRequest, public_id: PublicId) -> HttpResponse:
    """改好后作为补报提交（supplements 写原批次编号），只交改好的行。"""
    content = desk_of(request).rejected_file(guest_of(request), public_id)
    response = HttpResponse(content, content_type=XLSX)
    response.headers["Content-Disposition"] = 'attachment; filename="rejected.xlsx"'
    return response


@operation("recall", gives=schemas.BatchOut, words="撤回尚未确认的批次")
def recall(request: HttpRequest, public_id: PublicId, payload: schemas.ReasonIn) -> schemas.BatchOut:
    told: schemas.BatchOut = desk_of(request).recall(guest_of(request), public_id, payload.reason)
    return told


@operation("batch_amend", gives=schemas.AmendmentTaken, status=202, words="请求更正已确认的批次")
def batch_amend(
    request: HttpRequest, public_id: PublicId, payload: schemas.BatchAmendmentIn
) -> Status[schemas.AmendmentTaken]:
    """lines 为空即撤回整批；写明行号即撤回这些行，rows 为代替它们的新数据（作为补报检查、确认）。由县级民政部门办理。"""
    told = desk_of(request).amend_batch(
        guest_of(request), public_id, payload.reason, payload.lines, payload.rows
    )
    return Status(202, told)


@operation("amendment", gives=schemas.AmendmentOut, words="查询更正请求")
def amendment(request: HttpRequest, public_id: PublicId) -> schemas.AmendmentOut:
    told: schemas.AmendmentOut = desk_of(request).amendment(guest_of(request), public_id)
    return told


@operation("corrections", gives=schemas.CorrectionsOut, words="平台反馈的疑似错误数据")
def corrections(request: HttpRequest, page: PageNumber = 1) -> schemas.CorrectionsOut:
    """实地核实与所交数据不符、由县级民政部门反馈本部门核对的行。"""
    told: schemas.CorrectionsOut = desk_of(request).corrections(guest_of(request), page)
    return told


@operation("correction_reply", gives=schemas.CorrectionOut, words="答复一条反馈")
def correction_reply(
    request: HttpRequest, public_id: PublicId, payload: schemas.ReplyIn
) -> schemas.CorrectionOut:
    """corrected 为 true 表示本部门已更正源数据，false 表示核对无误、坚持原数据。"""
    told: schemas.CorrectionOut = desk_of(request).reply(
        guest_of(request), public_id, payload.corrected, payload.words
    )
    return told
