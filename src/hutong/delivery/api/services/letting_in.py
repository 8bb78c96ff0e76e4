"""Whether a signed request is let in: key, time, what is covered, signature, never seen before, not too often.

Everything is decided from the headers; the body is not read before, and nothing is parsed. In doubt nobody enters.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.db import connection, transaction

from hutong.delivery.api.data import terms
from hutong.delivery.api.machines import key as machine
from hutong.delivery.api.models import Key, Minute, Nonce, System
from hutong.delivery.api.problems import Problem
from hutong.foundation.access import systems
from hutong.foundation.access.acting import Acting
from hutong.foundation.access.scope import system_scope, use_scope
from hutong.kernel import clock, httpsig, signing
from hutong.kernel.httpsig import Message, Signature, SignatureError

TAG: Final = "hutong-door"
_NONCE: Final = re.compile(r"[A-Za-z0-9+/=_\-]{16,64}")
_CODES: Final = {
    "missing": "signature-missing",
    "tag": "signature-missing",
    "component": "signature-components",
    "digest": "digest-wrong",
}
_COUNT: Final = (
    "INSERT INTO api_minute (system_id, minute, calls, refused) VALUES (%(system)s, %(minute)s, %(calls)s, %(refused)s) "
    "ON CONFLICT (system_id, minute) DO UPDATE SET calls = api_minute.calls + excluded.calls, "
    "refused = api_minute.refused + excluded.refused RETURNING calls, refused"
)
_USE: Final = (
    "INSERT INTO api_nonce (key_id, nonce, at) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING RETURNING id"
)


@dataclass(frozen=True, slots=True)
class Guest:
    """Who has come in: the system, with which key, as which actor."""

    system: System
    key: Key
    actor: Acting


@dataclass(slots=True)
class Known:
    """As much as is known of a caller who may yet be turned away: for the log."""

    key: Key | None = None
    proved: bool = False
    """The signature held: it is the department that calls."""


def let_in(message: Message, *, trial: bool, body: bool, once: bool, known: Known) -> Guest:
    """The guest, or the ``Problem`` to answer. ``body``, ``once``: what the signature must cover besides the line."""
    try:
        found = httpsig.read(message.headers, TAG)
    except SignatureError as error:
        raise Problem(_CODES.get(error.code, "signature-form")) from None
    with use_scope(system_scope("接口")), transaction.atomic():
        key = (
            Key.objects.select_related("system__org", "system__post").filter(key_id=found.keyid[:32]).first()
        )
        if key is None or key.system.trial is not trial:
            raise Problem("key-unknown")
        known.key = key
        _check_key(key)
    _check_time(found)
    _check_covered(found, body=body, once=once)
    _check_signature(key, message, found)
    known.proved = True
    with use_scope(system_scope("接口")), transaction.atomic():
        calls, _ = _count(key, calls=1)
        fresh = _use_nonce(key, found)
        actor = systems.find(kind="door", number=key.system.public_id, purpose=key.system.purpose[:80])
    if calls > key.system.calls_a_minute:
        wait = 60 - int(clock.now().timestamp()) % 60
        raise Problem("too-often", headers={"Retry-After": str(wait)})
    if not fresh:
        raise Problem("replayed")
    if actor is None:
        raise Problem("key-unknown")
    return Guest(key.system, key, actor)


def _check_key(key: Key) -> None:
    now = clock.now()
    works = key.state == machine.ACTIVE and key.since is not None and key.since <= now < key.until
    if not works or key.system.until <= now.date():
        raise Problem("key-unknown")


def _check_time(found: Signature) -> None:
    try:
        created, expires = found.created, found.expires
    except SignatureError:
        raise Problem("signature-time") from None
    now = clock.now().timestamp()
    if abs(now - created) > terms.value("window_seconds") or (expires is not None and expires < now):
        raise Problem("signature-time")


def _check_covered(found: Signature, *, body: bool, once: bool) -> None:
    wanted = {"@method", "@authority", "@path", "@query"}
    wanted |= {"content-digest", "content-type"} if body else set()
    wanted |= {"idempotency-key"} if once else set()
    if wanted - set(found.names) or not _NONCE.fullmatch(found.nonce):
        raise Problem("signature-components")


def _check_signature(key: Key, message: Message, found: Signature) -> None:
    if found.algorithm not in ("", key.algorithm):
        raise Problem("signature-wrong")
    try:
        base = httpsig.base(message, found.covered)
        spki = base64.b64decode(key.public_key)
        holds = signing.provider(key.algorithm).verify(spki, base, found.value)
    except SignatureError as error:
        raise Problem(_CODES.get(error.code, "signature-form")) from None
    except signing.NotAvailable as error:
        raise Problem("algorithm-unavailable", str(error)) from None
    if not holds:
        raise Problem("signature-wrong")


def _use_nonce(key: Key, found: Signature) -> bool:
    """Whether nobody used it before. Remembered for good while its time could still be accepted."""
    with connection.cursor() as cursor:
        cursor.execute(_USE, [key.pk, found.nonce, clock.now()])
        return cursor.fetchone() is not None


def _count(key: Key, *, calls: int = 0, refused: int = 0) -> tuple[int, int]:
    """(calls, refusals) of the system in this minute, these included."""
    values = {
        "system": key.system_id,
        "minute": int(clock.now().timestamp()) // 60,
        "calls": calls,
        "refused": refused,
    }
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, values)
        found = cursor.fetchone()
    return int(found[0]), int(found[1])


def worth_writing(known: Known) -> bool:
    """Whether a call goes to the log: all of the department's, but of what others send under its key's name only the
    first few a minute, so that nobody can fill the log without a key."""
    if known.key is None:
        return False
    return known.proved or _count(known.key, refused=1)[1] <= terms.value("refusals_a_minute")


def forget() -> int:
    """Nonces nobody could use any more, and counts of minutes gone by; called daily. Twice the window, so that no clock can bring one back."""
    long_past = clock.now() - timedelta(seconds=4 * terms.value("window_seconds"))
    with use_scope(system_scope("接口")), transaction.atomic():
        Minute.objects.filter(minute__lt=int(long_past.timestamp()) // 60).delete()
        return int(Nonce.objects.filter(at__lt=long_past).delete()[0])
