"""The description of the API: what django-ninja writes, completed where it cannot know better."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from hutong.delivery.api import application, problems
from hutong.delivery.api.routes import PREFIX, ROUTES, TRIAL_PREFIX

SECURITY = {
    "MessageSignature": {
        "type": "apiKey",
        "in": "header",
        "name": "Signature-Input",
        "description": 'RFC 9421：Signature-Input 与 Signature 两个头；参数 created、nonce、keyid、tag="hutong-door"，'
        "覆盖 @method、@authority、@path、@query，有正文的还有 content-digest、content-type，有幂等键的还有 idempotency-key。",
    }
}


@cache
def document() -> dict[str, Any]:
    """OpenAPI 3.1 as plain data."""
    raw = json.loads(json.dumps(application.build().get_openapi_schema(path_prefix=""), default=str))
    by_path = {(route.path, route.method.lower()): route for route in ROUTES.values()}
    for path, methods in raw["paths"].items():
        for method, told in methods.items():
            route = by_path[path, method]
            if not route.keyless:
                told["security"] = [{"MessageSignature": []}]
            if route.body:
                told.setdefault("parameters", []).append(_digest())
            _errors(told["responses"])
    raw["components"]["securitySchemes"] = SECURITY
    raw["servers"] = [
        {"url": f"/{PREFIX.rstrip('/')}", "description": "正式"},
        {"url": f"/{TRIAL_PREFIX.rstrip('/')}", "description": "测试：只收虚构数据，不接触儿童档案"},
    ]
    return dict(raw)


def _digest() -> dict[str, Any]:
    return {
        "name": "Content-Digest", "in": "header", "required": True, "description": "正文的 sha-256（RFC 9530）",
        "schema": {"type": "string", "pattern": "^sha-256=:[A-Za-z0-9+/]{43}=:$"},
    }  # fmt: skip


def _errors(responses: dict[str, Any]) -> None:
    for status, told in responses.items():
        if int(status) < 400:
            continue
        told["content"] = {problems.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemOut"}}}
        kinds = [kind for kind in problems.KINDS.values() if kind.status == int(status)]
        told["description"] = "；".join(kind.title for kind in kinds)
        if status in ("429", "503"):
            told["headers"] = {"Retry-After": {"description": "多少秒后再发", "schema": {"type": "integer"}}}


def text() -> str:
    return json.dumps(document(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
