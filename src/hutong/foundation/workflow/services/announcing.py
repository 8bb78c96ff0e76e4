"""Telling others what happened, in the same transaction as the happening."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction

from hutong.foundation.access.scope import required
from hutong.foundation.workflow import jobs
from hutong.kernel import clock

# No conflict target and no RETURNING: announcing needs no right to read the outbox.
_INSERT = """INSERT INTO workflow_outbox (event, key, payload, at, actor_id, request_id, attempts, next_try_at, error)
VALUES (%s, %s, %s::jsonb, %s, %s, %s, 0, %s, '') ON CONFLICT DO NOTHING"""


def announce(*, event: str, payload: dict[str, Any], key: str) -> None:
    """Say that ``event`` happened; ``key`` makes a repetition harmless. ``payload``: ids and codes, no personal data."""
    announce_many(event=event, rows=[(key, payload)])


@transaction.atomic
def announce_many(*, event: str, rows: Iterable[tuple[str, dict[str, Any]]]) -> None:
    """Many of one kind, as (key, payload)."""
    scope, now = required(), clock.now()
    values = [
        (event, key, json.dumps(payload, cls=DjangoJSONEncoder), now, scope.user_id, scope.request_id, now)
        for key, payload in rows
    ]
    if not values:
        return
    with connection.cursor() as cursor:
        cursor.executemany(_INSERT, values)
    jobs.defer(jobs.DISPATCH)
