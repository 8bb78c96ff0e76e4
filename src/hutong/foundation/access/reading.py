"""Reading a child's file leaves a line in the log, in the same transaction (architecture §3.2)."""

from __future__ import annotations

from collections.abc import Iterable

from hutong.foundation.access.acting import Acting
from hutong.foundation.audit import services as audit


def record(actor: Acting, children: Iterable[tuple[int, str]], what: str) -> None:
    """Say that ``actor`` opened these files; ``children`` are (id, residence area code)."""
    audit.record_reads(
        children=children,
        actor_id=actor.user.pk,
        actor_label=actor.label,
        post_id=actor.post.pk,
        what=what,
        purpose=actor.scope.purpose,
        request_id=actor.scope.request_id,
    )
