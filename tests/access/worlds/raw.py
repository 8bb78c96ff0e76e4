"""The filters of the ORM off: every row of every table that a role's scope lets through (ADR 0002).

What PostgreSQL gives to ``SELECT *`` is all that any query, right or wrong, can make a page of.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from types import SimpleNamespace
from typing import Any

from django.db import connection

from hutong.foundation.access.scope import use_scope

Rows = dict[tuple[str, str], Counter[str]]
"""(member, table) → rows without what numbers and clocks make of them."""
RUNNING = re.compile(r"(?:^id|_id|_pk|^row_id|^version|^tx)$")
MOMENT = re.compile(r'"20\d\d-\d\d-\d\dT[\d:.]+(?:[+-]\d\d:\d\d)?"')
NOT_OF_CHILDREN = re.compile(r"^(?:django_|auth_|accounts_cache$|usersessions_|mfa_|account_|procrastinate_)")


SEALED_CHANGED = '"table": "sealed"'
"""The log says that something sealed was changed, by whom and when, and no more (ADR 0014)."""


def tables(cast: SimpleNamespace, members: tuple[str, ...]) -> Rows:
    found: Rows = {}
    for member in members:
        with use_scope(getattr(cast, member).scope), connection.cursor() as cursor:
            cursor.execute(
                "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v') "
                "AND has_table_privilege(oid, 'SELECT') ORDER BY 1"
            )
            for (table,) in cursor.fetchall():
                if not NOT_OF_CHILDREN.match(table):
                    cursor.execute(f'SELECT row_to_json(one)::text FROM "{table}" AS one')
                    texts = (_plain(text) for (text,) in cursor.fetchall())
                    found[member, table] = Counter(text for text in texts if SEALED_CHANGED not in text)
    return found


def _plain(text: str) -> str:
    """A row without running numbers and moments; bytes by their length, for what is sealed is never the same twice."""
    return MOMENT.sub('"⏱"', json.dumps(_kept(json.loads(text)), ensure_ascii=False, sort_keys=True))


def _kept(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _kept(inner) for name, inner in value.items() if not RUNNING.search(name)}
    return f"({len(value)})" if isinstance(value, str) and value.startswith("\\x") else value


def differences(one: Rows, other: Rows) -> list[str]:
    assert one.keys() == other.keys()
    return [
        f"{member} sees in {table}: {sign}{row[:300]}"
        for member, table in one
        for sign, left, right in (("-", one, other), ("+", other, one))
        for row in sorted(left[member, table] - right[member, table])
    ]
