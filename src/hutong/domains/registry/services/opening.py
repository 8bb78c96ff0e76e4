"""Opening a file: seen by nobody unrecorded."""

from __future__ import annotations

from django.db import connection

from hutong.domains.registry import selectors
from hutong.domains.registry.models import Child
from hutong.foundation.access.acting import Acting
from hutong.kernel import clock


def open_file(public_id: str, *, actor: Acting, what: str = "档案") -> Child:
    """The child, with the reading recorded and put on the reader's list of recent files."""
    child = selectors.get_child(public_id, actor, what)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO registry_opened (user_id, child_id, at) VALUES (%s, %s, %s) "
            "ON CONFLICT (user_id, child_id) DO UPDATE SET at = EXCLUDED.at",
            [actor.user.pk, child.pk, clock.now()],
        )
    return child
