"""Single events, as they happen."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import Status

from hutong.delivery.api import schemas
from hutong.delivery.api.operations.declaring import allowed_list, desk_of, guest_of, operation
from hutong.delivery.api.operations.lists import Code, PublicId


@operation("event", gives=schemas.EventTaken, status=202, words="推送一条事件")
def event(request: HttpRequest, code: Code, payload: schemas.EventIn) -> Status[schemas.EventTaken]:
    """清单中的一行，事情发生时即推送（死亡、释放、辍学、残疾证……）。平台按同样的规则比对，不直接改动任何档案；
    是否涉及儿童不会告知。"""
    allowed_list(request, code)
    return Status(202, desk_of(request).push(guest_of(request), code, payload.row))


@operation("event_show", gives=schemas.EventOut, words="查询一条事件")
def event_show(request: HttpRequest, public_id: PublicId) -> schemas.EventOut:
    told: schemas.EventOut = desk_of(request).event(guest_of(request), public_id)
    return told


@operation("event_amend", gives=schemas.AmendmentTaken, status=202, words="请求撤回一条事件")
def event_amend(
    request: HttpRequest, public_id: PublicId, payload: schemas.ReasonIn
) -> Status[schemas.AmendmentTaken]:
    """由县级民政部门办理；采纳后，只以这条事件为依据的线索一并撤回。"""
    return Status(202, desk_of(request).amend_event(guest_of(request), public_id, payload.reason))
