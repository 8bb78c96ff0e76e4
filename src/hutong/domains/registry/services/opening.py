"""Opening a file: seen by nobody unrecorded."""

from __future__ import annotations

from hutong.domains.registry import selectors
from hutong.domains.registry.models import Child, Opened
from hutong.foundation.access.acting import Acting
from hutong.kernel import clock


def open_file(public_id: str, *, actor: Acting, what: str = "档案") -> Child:
    """The child, with the reading recorded and put on the reader's list of recent files."""
    child = selectors.get_child(public_id, actor, what)
    Opened.objects.bulk_create(
        [Opened(user=actor.user, child=child, at=clock.now())],
        update_conflicts=True,
        unique_fields=["user", "child"],
        update_fields=["at"],
    )
    return child
