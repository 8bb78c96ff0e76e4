"""What the door answers when it does not do what was asked: RFC 9457 problem details, in Chinese, without anybody's data.

Each kind says what happened (title), why and how to mend it (detail). ``type`` is stable: programs read it, people the rest.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, Final

from django.http import HttpRequest, HttpResponse

MEDIA_TYPE: Final = "application/problem+json"
LATER: Final = "60"
"""Seconds until asking again makes sense while the platform is away: an update or restart takes about that."""


@dataclass(frozen=True, slots=True)
class Kind:
    status: int
    title: str
    detail: str


KINDS: Final[dict[str, Kind]] = {
    "signature-missing": Kind(401, "请求没有签名", "请按 RFC 9421 用已启用的密钥签名，tag 为 hutong-door；示例程序见接口文档。"),
    "signature-form": Kind(401, "签名头读不出来", "Signature-Input 或 Signature 不符合 RFC 9421 的格式，请核对组件、参数和引号。"),
    "signature-components": Kind(401, "签名没有覆盖必需的内容", "必须覆盖 @method、@authority、@path、@query；有正文的还须覆盖 content-digest、content-type，要求幂等键的还须覆盖 idempotency-key。"),
    "signature-time": Kind(401, "签名时间与平台时间相差过大", "请校准服务器时间（建议使用 NTP）后重新签名发送；created 不得早于或晚于平台时间 5 分钟。"),
    "signature-wrong": Kind(401, "签名验证不通过", "请求内容与签名不符，或用错了私钥。请核对密钥编号、私钥，以及经过的代理有没有改动请求。"),
    "digest-wrong": Kind(401, "正文与摘要不符", "Content-Digest 应为正文的 sha-256。正文可能在途中被改动，请重新计算并签名发送。"),
    "key-unknown": Kind(401, "密钥不可用", "密钥编号不存在、尚未批准、已到期或已吊销。请联系县级民政部门核对或更换密钥。"),
    "replayed": Kind(401, "请求重复使用了随机数", "每个请求的 nonce 只能用一次。请换一个随机数重新签名；要重发同一请求，请保留 Idempotency-Key。"),
    "algorithm-unavailable": Kind(501, "平台暂不能验证这种签名", "本平台没有接入该算法的密码模块，请改用 Ed25519，或联系系统管理员。"),
    "not-found": Kind(404, "没有找到", "编号不存在，或不属于本密钥的清单和地区。请核对地址和编号。"),
    "method": Kind(405, "该地址不支持这种请求方法", "请按接口文档使用正确的方法。"),
    "idempotency-missing": Kind(400, "缺少 Idempotency-Key", "请为这次提交生成一个不重复的键（16 至 64 个字母、数字、横线或下划线），失败重发时保持不变。"),
    "idempotency-other": Kind(409, "Idempotency-Key 已用于另一个请求", "同一个键只能用于同一个请求。这次内容不同，请换一个新键。"),
    "too-large": Kind(413, "请求过大", "正文超过这个地址的上限，请分成几份，或使用分段上传。"),
    "media-type": Kind(415, "正文类型不支持", "JSON 请求请用 application/json（UTF-8）；文件请用 text/csv、xlsx 或 parquet 的类型。"),
    "not-json": Kind(400, "正文不是有效的 JSON", "请检查括号、引号和编码（UTF-8）后重新发送。"),
    "invalid": Kind(422, "参数或内容不符合要求", "请按 errors 中的说明逐项改正后重新发送。"),
    "refused": Kind(422, "没有受理", ""),
    "too-many-rows": Kind(422, "超过约定的数量", ""),
    "conflict": Kind(409, "现在不能这样办", ""),
    "already": Kind(409, "已经提交过", ""),
    "too-often": Kind(429, "请求过于频繁", "本系统每分钟的请求数有约定上限，请按 Retry-After 的秒数稍后再发。"),
    "bad-host": Kind(400, "主机名不被接受", "请使用县级民政部门告知的接口地址。"),
    "bad-request": Kind(400, "请求读不出来", "没有受理：地址、头或正文不完整。请核对后重新签名发送。"),
    "broken": Kind(500, "平台处理出错", "没有受理，数据没有改变。请稍后用同一个 Idempotency-Key 重发；仍不成功请将 request 编号告知平台管理员。"),
    "unavailable": Kind(503, "平台暂时不能使用", "没有受理：平台正在维护或数据库暂时连接不上，数据没有改变。请按 Retry-After 的秒数稍后用同一个 Idempotency-Key 重发。"),
}  # fmt: skip


@dataclass(eq=False)
class Problem(Exception):
    """``kind`` of ``KINDS``; ``detail`` takes the place of its own; ``errors``: what is wrong where."""

    kind: str
    detail: str = ""
    errors: list[dict[str, str]] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def status(self) -> int:
        return KINDS[self.kind].status

    def body(self, request_id: str = "") -> dict[str, Any]:
        kind = KINDS[self.kind]
        told: dict[str, Any] = {
            "type": f"urn:hutong:problem:{self.kind}",
            "title": kind.title,
            "status": kind.status,
            "detail": self.detail or kind.detail,
            "request": request_id,
        }
        return told | ({"errors": self.errors} if self.errors else {})


def respond(problem: Problem, request: HttpRequest | None = None) -> HttpResponse:
    request_id = str(getattr(request, "door_request", "")) if request is not None else ""
    content = json.dumps(problem.body(request_id), ensure_ascii=False)
    response = HttpResponse(content, status=problem.status, content_type=MEDIA_TYPE)
    for name, value in problem.headers.items():
        response.headers[name] = value
    if problem.status == 503:
        response.headers["Retry-After"] = LATER
    if problem.status == 401:
        response.headers["WWW-Authenticate"] = 'Signature realm="hutong-door"'
    response.problem = problem.kind  # type: ignore[attr-defined]
    return response


VALIDATION: Final = {
    "missing": "缺少这一项",
    "extra_forbidden": "没有这一项，请删去或核对名称",
    "string_type": "应为文本",
    "string_too_short": "太短",
    "string_too_long": "太长",
    "string_pattern_mismatch": "格式不对",
    "string_unicode": "含有无效的字符",
    "int_type": "应为整数",
    "int_parsing": "应为整数",
    "int_parsing_size": "数字过大",
    "int_from_float": "应为整数",
    "greater_than_equal": "太小",
    "less_than_equal": "太大",
    "bool_type": "应为 true 或 false",
    "bool_parsing": "应为 true 或 false",
    "list_type": "应为数组",
    "dict_type": "应为对象",
    "model_attributes_type": "应为对象",
    "model_type": "应为对象",
    "too_long": "项数过多",
    "too_short": "项数过少",
    "literal_error": "不是可选的值",
    "enum": "不是可选的值",
    "none_required": "应为空",
    "json_invalid": "不是有效的 JSON",
}
"""pydantic's kind of error → what the sender is told. Never what was sent: it may be somebody's data."""


def from_validation(errors: list[dict[str, Any]]) -> Problem:
    told = []
    for one in errors[:20]:
        place = [
            str(part)[:40] for part in one.get("loc", ()) if part not in ("body", "query", "path", "payload")
        ]
        known = VALIDATION.get(str(one.get("type")), "不符合要求")
        told.append({"field": ".".join(place)[:120], "told": known})
    return Problem("invalid", errors=told)
