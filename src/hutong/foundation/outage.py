"""Whether the database is away (updated, restarted, cut off), as against a mistake of ours."""

from __future__ import annotations

from typing import Final

import psycopg

_GONE: Final = ("08", "57P", "53300")
"""Connection lost; server stopping, crashed or starting; no connection left (PostgreSQL, appendix A)."""


def database_is_away(error: BaseException | None) -> bool:
    """Looked for among the causes too: Django wraps the driver's error, and what failed next hides what failed first."""
    while error is not None:
        if isinstance(error, psycopg.OperationalError) and (error.sqlstate or "08").startswith(_GONE):
            return True
        error = error.__cause__ or error.__context__
    return False
