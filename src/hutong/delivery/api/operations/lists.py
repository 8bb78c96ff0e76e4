"""Delivering lists: as a file, as rows, or in pieces."""

from __future__ import annotations

import io
from typing import Annotated

from django.http import HttpRequest
from ninja import Path, Query, Status

from hutong.delivery.api import schemas
from hutong.delivery.api.desks.live import quarter_of
from hutong.delivery.api.operations.declaring import allowed_list, desk_of, guest_of, operation
from hutong.delivery.api.problems import Problem
from hutong.delivery.api.routes import CODE, ID
from hutong.domains.exchange import services as exchange

Code = Annotated[str, Path(pattern=f"^{CODE}$", description="清单代码，如 deaths")]
PublicId = Annotated[str, Path(pattern=f"^{ID}$")]
FILES = {
    "text/csv": ".csv",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.apache.parquet": ".parquet",
}
_FILE_BODY = {
    "requestBody": {
        "required": True,
        "description": "文件本身（不是表单）：csv（UTF-8 或 GB18030）、xlsx 或 parquet",
        "content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in FILES},
    }
}
# limits stand in Query itself: those of a nested annotation would make the default forgotten
FileName = Annotated[str, Query(min_length=1, max_length=100, pattern=schemas.PLAIN)]


@operation("file", gives=schemas.DeliveredOut, status=202, words="提交一份清单（文件）", extra=_FILE_BODY)
def file(
    request: HttpRequest, code: Code, period: Annotated[schemas.Period, Query()], name: FileName = "清单",
    supplements: Annotated[schemas.Id | None, Query()] = None,
) -> Status[schemas.DeliveredOut]:  # fmt: skip
    """文件检查在后台进行，用返回的批次编号查询结果；检查通过后还须由平台一方另一人确认，才用于比对。"""
    allowed_list(request, code)
    if request.content_type not in FILES:
        raise Problem("media-type")
    source = request.door_body  # type: ignore[attr-defined]
    return Status(
        202, desk_of(request).deliver(guest_of(request), code, quarter_of(period), name, source, supplements)
    )


@operation("rows", gives=schemas.DeliveredOut, status=202, words="提交一份清单（JSON，不超过 5000 行）")
def rows(request: HttpRequest, code: Code, payload: schemas.RowsIn) -> Status[schemas.DeliveredOut]:
    """每行为 {列名: 文本}，列名用代码或中文表头均可；与文件同样检查、同样须另一人确认。"""
    allowed_list(request, code)
    from hutong.delivery.api.desks.live import sentences

    with sentences(code):
        source = io.BytesIO(exchange.as_csv(code, payload.rows))
    quarter = quarter_of(payload.period)
    told = desk_of(request).deliver(
        guest_of(request), code, quarter, exchange.PUSHED_NAME, source, payload.supplements
    )
    return Status(202, told)


@operation("parcel_open", gives=schemas.ParcelOut, status=201, words="开始分段提交")
def parcel_open(request: HttpRequest, code: Code, payload: schemas.ParcelIn) -> Status[schemas.ParcelOut]:
    """大清单分段提交：先开始，再逐段上传（每段不超过 5000 行，最多 100 段），最后提交。"""
    allowed_list(request, code)
    quarter = quarter_of(payload.period)
    return Status(201, desk_of(request).open_parcel(guest_of(request), code, quarter, payload.supplements))


@operation("piece", gives=schemas.ParcelOut, words="上传一段")
def piece(
    request: HttpRequest,
    public_id: PublicId,
    number: Annotated[int, Path(ge=1, le=100)],
    payload: schemas.PieceIn,
) -> schemas.ParcelOut:
    """同一段号重传即替换，断线后可以放心重发。"""
    told: schemas.ParcelOut = desk_of(request).add_piece(guest_of(request), public_id, number, payload.rows)
    return told


@operation("parcel_close", gives=schemas.DeliveredOut, status=202, words="提交全部分段")
def parcel_close(
    request: HttpRequest, public_id: PublicId, payload: schemas.CloseIn
) -> Status[schemas.DeliveredOut]:
    """段数和行数与收到的不符时不提交。"""
    told = desk_of(request).close_parcel(guest_of(request), public_id, payload.pieces, payload.rows)
    return Status(202, told)
