"""What is answered when a request is not done: what happened, why, what to do. Never anything of what was sent.

Named in ``config.urls`` and the settings. Under ``/api/`` the same is said in the form of the door. What is broken is told
without session, database or frame: one of them may be what broke.
"""

from __future__ import annotations

import logging
import sys
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final, cast
from urllib.parse import quote

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.template.backends.jinja2 import Jinja2

from hutong.delivery.api import problems
from hutong.foundation.design.fragments import render
from hutong.foundation.outage import database_is_away
from hutong.foundation.workflow.errors import NotNow

log = logging.getLogger(__name__)
TEMPLATE: Final = "refusal.html"


@dataclass(frozen=True, slots=True)
class Refusal:
    """``problem``: which of the door's says the same."""

    status: int
    title: str
    sentence: str
    tone: str = "warn"
    problem: str = "bad-request"
    unsaved: bool = False
    """Its sentence is given by whoever refuses; that nothing is half done is added."""


UNREADABLE = Refusal(
    400, "请求读不出来",
    "没有办理：浏览器送来的网址或内容读不出来，可能是网址抄写不全，也可能是传输中断。请从“我的工作”重新进入，再办一次。",
)  # fmt: skip
FORBIDDEN = Refusal(
    403,
    "没有权限",
    "您没有办理这件事的权限。如工作需要，请联系本单位管理员。",
    problem="not-found",
    unsaved=True,
)
OUT_OF_DATE = Refusal(
    403, "页面已过期",
    "为防止他人冒用您的身份提交，页面打开太久或登录状态变化后需要重新打开。本次没有保存。请返回上一页、刷新，再提交一次；填过的内容一般会自动恢复。",
)  # fmt: skip
MISSING = Refusal(
    404, "没有找到",
    "没有找到您要的内容：可能不存在，或者不在您的辖区和权限内。请核对后重试；确需查看，请联系上级儿童督导员或县级民政部门。",
    "info", "not-found",
)  # fmt: skip
NOT_LIKE_THIS = Refusal(
    405, "不能直接打开",
    "没有办理：这个网址只接受页面上的按钮，不能直接打开或刷新。请回到原来的页面，按其中的按钮再办一次。",
    "info", "method",
)  # fmt: skip
LATE = Refusal(
    409, "现在不能办理", "情况已经变化，现在不能这样办。请刷新页面核对。", problem="conflict", unsaved=True
)
TOO_LARGE = Refusal(
    413, "内容过大",
    "没有保存：一次提交的内容超过上限。请压缩文件或分几次提交。", problem="too-large",
)  # fmt: skip
TOO_OFTEN = Refusal(
    429, "操作过于频繁",
    "短时间内尝试次数过多，为防止他人试探账号，暂停受理几分钟，没有保存任何改动。请过几分钟再试；不是您本人操作的，请告知安全管理员。",
    problem="too-often",
)  # fmt: skip
BROKEN = Refusal(
    500, "系统出错",
    "系统处理时出错，本次没有保存任何改动，错误已记录。请稍后重试；多次出现请告知系统管理员发生的时间和您正在办理的事项。",
    "danger", "broken",
)  # fmt: skip
AWAY = Refusal(
    503, "系统暂时不能使用",
    "系统正在维护，或数据库暂时连接不上，本次没有保存任何改动。请等几分钟后刷新页面；长时间打不开，请联系系统管理员。",
    problem="unavailable",
)  # fmt: skip


def unreadable(request: HttpRequest, exception: Exception) -> HttpResponse:
    """``handler400``. The address of the host may be what is wrong, so nothing is asked of the request."""
    too_large = isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent)
    return _bare(request, TOO_LARGE if too_large else UNREADABLE)


def refused(request: HttpRequest, exception: Exception) -> HttpResponse:
    """``handler403``: the sentence of what was refused; 409 when somebody else was faster. Nothing is half saved."""
    told = LATE if isinstance(exception, NotNow) else FORBIDDEN
    response = _framed(request, told, str(exception))
    if transaction.get_connection().in_atomic_block:  # after the page: its frame still counts what waits
        transaction.set_rollback(True)
    return response


def out_of_date(request: HttpRequest, reason: str = "") -> HttpResponse:
    """``CSRF_FAILURE_VIEW``."""
    return _framed(request, OUT_OF_DATE)


def missing(request: HttpRequest, exception: Exception) -> HttpResponse:
    """``handler404``: the same words whether there is nothing or it is not theirs."""
    return _framed(request, MISSING)


def too_often(request: HttpRequest) -> HttpResponse:
    """``handler429``, which allauth asks for."""
    return _framed(request, TOO_OFTEN)


def broken(request: HttpRequest) -> HttpResponse:
    """``handler500``."""
    return _bare(request, AWAY if database_is_away(sys.exc_info()[1]) else BROKEN)


class OnlyByButton:
    """A page that takes only what a button sends, opened or reloaded by its address: else the browser shows nothing of ours."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != HTTPStatus.METHOD_NOT_ALLOWED or _at_the_door(request):
            return response
        told = _framed(request, NOT_LIKE_THIS)
        told["Allow"] = response["Allow"]
        return told


def _framed(request: HttpRequest, told: Refusal, sentence: str = "") -> HttpResponse:
    if _at_the_door(request):
        return _problem(request, told)
    sentence = sentence or told.sentence
    response = render(request, TEMPLATE, {"told": told, "sentence": sentence}, status=told.status)
    response["X-Message"] = quote(sentence)  # shown as a toast where htmx asked
    return response


def _bare(request: HttpRequest, told: Refusal) -> HttpResponse:
    if _at_the_door(request):
        return _problem(request, told)
    template = cast(Jinja2, engines["jinja2"]).env.get_template(TEMPLATE)
    response = HttpResponse(template.render(told=told, sentence=told.sentence), status=told.status)
    response["X-Message"] = quote(told.sentence)
    response["Cache-Control"] = "no-store"
    if told is AWAY:
        response["Retry-After"] = problems.LATER
    return response


def _at_the_door(request: HttpRequest) -> bool:
    return request.path_info.startswith("/api/")


def _problem(request: HttpRequest, told: Refusal) -> HttpResponse:
    """In the form of the door, with a number under which the log knows it where the machine is to blame."""
    if told.status >= HTTPStatus.INTERNAL_SERVER_ERROR and not hasattr(request, "door_request"):
        request.door_request = uuid.uuid4().hex  # type: ignore[attr-defined]
        log.error("door %s failed: %s", request.door_request, type(sys.exc_info()[1]).__name__)  # type: ignore[attr-defined]
    return problems.respond(problems.Problem(told.problem), request)
