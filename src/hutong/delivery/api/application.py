"""The operations as a django-ninja application. Not in the URL configuration: ``entrance`` calls its views one by one."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from hutong.delivery.api import problems
from hutong.delivery.api.operations import about, batches, declaring, events, lists, rules
from hutong.delivery.api.problems import Problem

assert about and batches and events and lists and rules  # noqa: PT018 - each declares its operations
log = logging.getLogger(__name__)

DESCRIPTION = """部门业务系统向护童平台提交清单、推送事件、查询检查结果、更正和取回执的接口。

* 每个请求按 RFC 9421 签名（Ed25519；SM2 视平台密码模块而定），正文按 RFC 9530 附 Content-Digest（sha-256）。
* 写请求带 Idempotency-Key：同一请求重发得到同一答复，不会办两次。
* 提交的数据由平台一方另一人确认后才用于比对；比对结果只交给对儿童负有职责的人员，不返回提交方。
* 出错时返回 application/problem+json（RFC 9457），说明发生了什么、为什么、怎么办，不回显人员信息。"""


@cache
def build() -> NinjaAPI:
    api = NinjaAPI(
        title="护童部门接口", version="1.0.0", description=DESCRIPTION, docs_url=None, openapi_url=None,
        urls_namespace="door_operations",
    )  # fmt: skip
    api.add_router("", declaring.router)
    api.add_exception_handler(Problem, _told)
    api.add_exception_handler(ValidationError, _invalid)
    api.add_exception_handler(HttpError, _unreadable)
    api.add_exception_handler(Exception, _broken)
    return api


# ninja allows an error to be given as a class; here it is always one that was raised
def _told(request: HttpRequest, error: Problem | type[Problem]) -> HttpResponse:
    return problems.respond(error if isinstance(error, Problem) else Problem("broken"), request)


def _invalid(request: HttpRequest, error: ValidationError | type[ValidationError]) -> HttpResponse:
    return problems.respond(
        problems.from_validation(list(error.errors) if isinstance(error, ValidationError) else []), request
    )


def _unreadable(request: HttpRequest, error: HttpError | type[HttpError]) -> HttpResponse:
    """ninja's own: a body that is no JSON."""
    return problems.respond(Problem("not-json"), request)


def _broken(request: HttpRequest, error: Exception | type[Exception]) -> HttpResponse:
    raise error


@cache
def views() -> dict[str, Callable[..., Any]]:
    """Operation → Django view."""
    found, _, _ = build().urls
    return {one.name: one.callback for one in found if isinstance(one, URLPattern) and one.name}
