"""Everything filed under a code that went on as another follows it, in the transaction of the change (ADR 0020).

A column holds a place when it is a 12-character text in collation C whose name ends in ``area`` or ``area_code``: the rule
the whole house keeps. The function of the owner does it, because the platform itself sees no sealed file.
"""

from __future__ import annotations

import json

from django.db import connection

from hutong.foundation.adjustments.models import Adjustment


def refile(adjustment: Adjustment | None) -> dict[str, int]:
    """Write the new code wherever an old one stands and note where each row stood; table → rows.

    None: once more for all that was ever applied, for rows written while a change went through, or from a list that still
    had old codes. Under a system scope.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT adjustments_refile(%s)", [adjustment.pk if adjustment else None])
        answer = cursor.fetchone()[0]
    found: dict[str, int] = json.loads(answer) if isinstance(answer, str) else answer
    return found


def alone() -> None:
    """One comparison or change of places at a time, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('adjustments'))")
