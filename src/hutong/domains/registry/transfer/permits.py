"""A person takes the registry out only with a permit (TM-06): asked for, approved by a second person, not expired.

The app that keeps export requests stands above this one and says here how a permit is looked up. Where none is
installed nobody gets anything out.
"""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import PermissionDenied

from hutong.foundation.access.acting import Acting

Check = Callable[[Acting, str, int], str]
"""``check(actor, number, rows)`` raises the sentence, or returns what is written into the read log."""

_checks: list[Check] = []


def decided_by(check: Check) -> None:
    _checks[:] = [check]


def check(actor: Acting, number: str, rows: int) -> str:
    """Under the permit's number this actor may take out ``rows`` files now; PermissionDenied otherwise."""
    if not number or not _checks:
        raise PermissionDenied(
            "导出整套档案须先申请并由另一人批准，再凭申请编号取件。请在“台账—导出申请”中办理。"
        )
    return _checks[0](actor, number, rows)
