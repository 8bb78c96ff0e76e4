"""One call, from the door in and out again: let in, scope, once, answer, log. Loaded by the first call, not with the pages.

Order matters: the signature covers the headers and, through ``Content-Digest``, the body, so the body is read only after the
signature held, and parsed only after the digest did. The scope is set before the ORM is used for what was asked.
"""

from __future__ import annotations

import hashlib
import logging
import tempfile
import uuid
from dataclasses import replace
from typing import IO
from urllib.parse import quote

from django.db import ProgrammingError, transaction
from django.http import HttpRequest, HttpResponse

from hutong.delivery.api import problems
from hutong.delivery.api.models import Call
from hutong.delivery.api.problems import Problem
from hutong.delivery.api.routes import ROUTES, SMALL, Route
from hutong.delivery.api.services import answering, letting_in
from hutong.delivery.api.services.letting_in import Guest, Known
from hutong.foundation.access.middleware import INSUFFICIENT_PRIVILEGE
from hutong.foundation.access.scope import system_scope, use_scope
from hutong.foundation.outage import database_is_away
from hutong.kernel import clock, httpsig
from hutong.kernel.httpsig import Message, SignatureError

log = logging.getLogger(__name__)
_BLOCK = 1 << 16
_IN_MEMORY = 1 << 20


def answer(request: HttpRequest, name: str, kwargs: dict[str, str], *, trial: bool) -> HttpResponse:
    """What the door says to a request for ``name``; never an exception."""
    route = ROUTES[name]
    request.door_request = uuid.uuid4().hex  # type: ignore[attr-defined]
    known, sent = Known(), _Sent()
    try:
        response = _answer(request, name, route, kwargs, trial, known, sent)
    except Problem as problem:
        response = problems.respond(problem, request)
    except Exception as error:
        # the class only: a message may quote what was sent
        log.error("door %s failed: %s", request.door_request, type(error).__name__)  # type: ignore[attr-defined]
        response = problems.respond(Problem("unavailable" if database_is_away(error) else "broken"), request)
    finally:
        if sent.body is not None:
            sent.body.close()
    response.headers.setdefault("Cache-Control", "no-store")
    _write_down(request, name, known, sent, response)
    return response


class _Sent:
    """What came, as far as it was read."""

    sha256 = ""
    size = 0
    body: IO[bytes] | None = None


def _answer(
    request: HttpRequest, name: str, route: Route, kwargs: dict[str, str], trial: bool, known: Known, sent: _Sent
) -> HttpResponse:  # fmt: skip
    if request.method != route.method:
        raise Problem("method", headers={"Allow": route.method})
    request.door_trial = trial  # type: ignore[attr-defined]
    if route.keyless:
        return _operation(request, name, kwargs)
    message = _message(request)
    guest = letting_in.let_in(message, trial=trial, body=bool(route.body), once=route.once, known=known)
    if route.body:
        _read_body(request, route, message, sent)
    scope = replace(guest.actor.scope, request_id=request.door_request)  # type: ignore[attr-defined]
    guest = replace(guest, actor=replace(guest.actor, scope=scope))
    request.guest = guest  # type: ignore[attr-defined]
    return _within(request, name, route, kwargs, guest, sent)


def _within(
    request: HttpRequest, name: str, route: Route, kwargs: dict[str, str], guest: Guest, sent: _Sent
) -> HttpResponse:
    """The operation under the system's scope, in one transaction; whatever is not done is undone."""
    with use_scope(guest.actor.scope), transaction.atomic():
        try:
            with transaction.atomic():
                response = (
                    _once(request, name, kwargs, guest, sent)
                    if route.once
                    else _operation(request, name, kwargs)
                )
                if response.status_code >= 400:
                    transaction.set_rollback(True)
        except ProgrammingError as error:
            if getattr(error.__cause__, "sqlstate", "") != INSUFFICIENT_PRIVILEGE:
                raise
            response = problems.respond(Problem("not-found"), request)
    return response


def _once(request: HttpRequest, name: str, kwargs: dict[str, str], guest: Guest, sent: _Sent) -> HttpResponse:
    key = request.headers.get("Idempotency-Key", "")
    about = "\n".join((request.method or "", request.path, request.META.get("QUERY_STRING", ""), sent.sha256))
    known = answering.claim(guest.system, key, hashlib.sha256(about.encode()).hexdigest())
    if known is not None:
        response = HttpResponse(
            known.body, status=known.status, content_type="application/json; charset=utf-8"
        )
        response.headers["Idempotency-Replayed"] = "true"
        return response
    response = _operation(request, name, kwargs)
    if response.status_code < 400:
        answering.remember(guest.system, key, response.status_code, response.content.decode())
    return response


def _operation(request: HttpRequest, name: str, kwargs: dict[str, str]) -> HttpResponse:
    from hutong.delivery.api import application

    response: HttpResponse = application.views()[name](request, **kwargs)
    return response


def _message(request: HttpRequest) -> Message:
    return Message(
        method=request.method or "", authority=request.get_host(), path=quote(request.path, safe="/:@!$&'()*+,;=-._~"),
        query=request.META.get("QUERY_STRING", ""), scheme=request.scheme or "https",
        headers={name.lower(): value for name, value in request.headers.items()},
    )  # fmt: skip


def _read_body(request: HttpRequest, route: Route, message: Message, sent: _Sent) -> None:
    """Read what came, no more than allowed, and compare it with the digest that was signed."""
    digest, size = hashlib.sha256(), 0
    # small ones stay in memory; ``answer`` closes it
    body = sent.body = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115
    while block := request.read(_BLOCK):
        size += len(block)
        if size > route.body:
            raise Problem("too-large")
        digest.update(block)
        body.write(block)
    sent.sha256, sent.size = digest.hexdigest(), size
    try:
        holds = httpsig.digest_matches(message.headers.get("content-digest", ""), digest.digest())
    except SignatureError:
        holds = False
    if not holds:
        raise Problem("digest-wrong")
    body.seek(0)
    request.door_body = body  # type: ignore[attr-defined]
    if request.content_type == "application/json":
        request._body = body.read()
        body.seek(0)
    elif route.body == SMALL or "json" in (request.content_type or ""):
        raise Problem("media-type")


def _write_down(request: HttpRequest, name: str, known: Known, sent: _Sent, response: HttpResponse) -> None:
    """Who called, with which key, what for, what came of it: in a transaction of its own, so that it stays whatever happened."""
    if known.key is None:
        if response.status_code in (401, 403):
            log.warning("door: %s refused to an unknown key: %s", name, getattr(response, "problem", ""))
        return
    key = known.key
    with use_scope(system_scope("接口")), transaction.atomic():
        if not letting_in.worth_writing(known):
            return
        Call.objects.bulk_create(
            [
                Call(
                    system_id=key.system_id, key=key, area_code=key.area_code, at=clock.now(), operation=name,
                    method=(request.method or "")[:8], status=response.status_code,
                    problem=getattr(response, "problem", ""), purpose=key.system.purpose, digest=sent.sha256,
                    size=sent.size, request_id=request.door_request,  # type: ignore[attr-defined]
                )
            ]
        )  # fmt: skip
