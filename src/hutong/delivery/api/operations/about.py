"""Who am I, what may I deliver, what did I get a receipt for."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from hutong.delivery.api import schemas, selectors
from hutong.delivery.api.operations.declaring import guest_of, operation
from hutong.delivery.api.operations.lists import PublicId
from hutong.delivery.api.problems import Problem
from hutong.delivery.api.services import agreed, receipts
from hutong.domains.exchange import presenters, quarters
from hutong.kernel import clock


@operation("me", gives=schemas.MeOut, words="本密钥的约定范围和余量")
def me(request: HttpRequest) -> schemas.MeOut:
    """server_time 可用来核对服务器时钟。"""
    guest = guest_of(request)
    system, quarter = guest.system, str(quarters.of(clock.today()))
    return schemas.MeOut(
        system=system.name, department=system.org.name, trial=system.trial, area_code=system.area_code,
        purpose=system.purpose, agreement=system.agreement, agreement_until=system.until.isoformat(),
        key=guest.key.key_id, key_until=guest.key.until, lists=system.lists, rules=system.rules, period=quarter,
        rows_left=agreed.left(system, quarter), calls_a_minute=system.calls_a_minute, server_time=clock.now(),
    )  # fmt: skip


@operation("lists", gives=schemas.ListsOut, words="可以提交的清单和各列")
def lists(request: HttpRequest) -> schemas.ListsOut:
    found = [schemas.ListOut(**presenters.list_description(code)) for code in guest_of(request).system.lists]
    return schemas.ListsOut(lists=found)


@operation("receipt", gives=schemas.ReceiptOut, words="取回一份回执")
def receipt(request: HttpRequest, public_id: PublicId) -> schemas.ReceiptOut:
    found = selectors.find_receipt(public_id)
    if found is None:
        raise Problem("not-found")
    return schemas.ReceiptOut(**receipts.envelope(found))


@operation("platform_key", gives=schemas.PlatformKeyOut, words="平台的回执公钥")
def platform_key(request: HttpRequest) -> schemas.PlatformKeyOut:
    """请保存下来，并与县级民政部门核对指纹；回执用它验证。"""
    return schemas.PlatformKeyOut(**receipts.platform_key())


@operation(
    "description", gives=None, words="本说明（OpenAPI 3.1）",
    extra={"responses": {200: {"description": "OpenAPI", "content": {"application/json": {"schema": {"type": "object"}}}}}},
)  # fmt: skip
def description(request: HttpRequest) -> HttpResponse:
    from hutong.delivery.api import openapi

    return HttpResponse(openapi.text(), content_type="application/json; charset=utf-8")
