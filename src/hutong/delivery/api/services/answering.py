"""The same request twice gets one answer: remembered in the transaction of what was done (architecture §3.10)."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Final

from django.db import connection, transaction

from hutong.delivery.api.data import terms
from hutong.delivery.api.models import Answer, System
from hutong.delivery.api.problems import Problem
from hutong.foundation.access.scope import system_scope, use_scope
from hutong.kernel import clock

FORM: Final = re.compile(r"[A-Za-z0-9_\-]{16,64}")
# of two at the same moment the second waits here until the first has ended, and finds its answer or its place
_CLAIM: Final = (
    "INSERT INTO api_answer (system_id, name, digest, status, body, at) VALUES (%s, %s, %s, 0, '', %s) "
    "ON CONFLICT (system_id, name) DO NOTHING RETURNING id"
)


def claim(system: System, name: str, digest: str) -> Answer | None:
    """None: do it now. Else the answer given before. ``Problem`` for a bad name, or one used for another request."""
    if not FORM.fullmatch(name):
        raise Problem("idempotency-missing")
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [system.pk, name, digest, clock.now()])
        if cursor.fetchone() is not None:
            return None
    known = Answer.objects.get(system=system, name=name)
    if known.digest != digest:
        raise Problem("idempotency-other")
    return known


def remember(system: System, name: str, status: int, body: str) -> None:
    Answer.objects.filter(system=system, name=name).update(status=status, body=body)


def forget() -> int:
    """Answers nobody will ask for any more; called daily."""
    old = clock.now() - timedelta(days=terms.value("answers_days"))
    with use_scope(system_scope("接口")), transaction.atomic():
        return int(Answer.objects.filter(at__lt=old).delete()[0])
