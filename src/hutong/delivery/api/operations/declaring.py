"""How an operation is declared: its address from ``routes``, and every answer it may give beside the good one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from ninja import Router

from hutong.delivery.api import schemas
from hutong.delivery.api.desks import live, trial
from hutong.delivery.api.problems import Problem
from hutong.delivery.api.routes import ROUTES, Route
from hutong.delivery.api.services.letting_in import Guest

router = Router()
_ALWAYS = (400, 401, 404, 405, 429, 500, 501, 503)
_BODY = (409, 413, 415, 422)
_HEADER: dict[str, Any] = {
    "name": "Idempotency-Key", "in": "header", "required": True,
    "description": "这次提交的不重复的键；失败重发时保持不变",
    "schema": {"type": "string", "pattern": "^[A-Za-z0-9_-]{16,64}$"},
}  # fmt: skip


def operation(
    name: str,
    *,
    gives: Any,
    status: int = 200,
    words: str,
    extra: dict[str, Any] | None = None,
    whole: bool = True,
) -> Callable[..., Any]:
    """Decorator: the operation ``name`` of ``routes``. ``words``: its title in the documentation; ``whole``: also what the
    answer leaves at its default is sent."""
    route = ROUTES[name]
    answers: dict[Any, Any] = {status: gives}
    if not route.keyless:
        answers |= dict.fromkeys(_errors(route), schemas.ProblemOut)
    more = dict(extra or {})
    if route.once:
        more["parameters"] = [_HEADER]
    return router.api_operation(
        [route.method],
        route.path,
        response=answers,
        url_name=name,
        operation_id=name,
        summary=words,
        openapi_extra=more,
        exclude_defaults=not whole,
    )


def _errors(route: Route) -> tuple[int, ...]:
    return (*_ALWAYS, *_BODY) if route.body or route.once else (*_ALWAYS, 422)


def guest_of(request: HttpRequest) -> Guest:
    found: Guest = request.guest  # type: ignore[attr-defined]
    return found


def desk_of(request: HttpRequest) -> Any:
    """``live`` or ``trial``; both have the same functions."""
    return trial if guest_of(request).system.trial else live


def allowed_list(request: HttpRequest, code: str) -> str:
    """The list, if the key is for it; any other does not exist."""
    if code not in guest_of(request).system.lists:
        raise Problem("not-found", "没有这份清单，或本密钥的约定范围不含这份清单。请核对清单代码。")
    return code
