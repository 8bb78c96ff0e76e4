"""Reading a child's file leaves a line in the log, in the same transaction (architecture §3.2), and says why (ADR 0016)."""

from __future__ import annotations

from collections.abc import Iterable

from hutong.foundation.access import explaining
from hutong.foundation.access.acting import Acting
from hutong.foundation.access.explaining import Explanation
from hutong.foundation.audit import services as audit


def opening(
    actor: Acting, *, child_id: int, residence: str, hukou: str, what: str, because: Explanation | None = None
) -> Explanation:
    """One file is opened: explained, then recorded. Raises ``ReasonNeeded`` before anything of it is shown.

    ``because``: what the caller knows already, as the lead or document through which the file is opened.
    """
    why = explaining.explain(actor, child_id=child_id, places=(residence, hukou), because=because)
    record(actor, [(child_id, residence)], what, why)
    return why


def record(actor: Acting, children: Iterable[tuple[int, str]], what: str, why: Explanation) -> None:
    """Say that ``actor`` saw these files, and why they could; ``children`` are (id, residence area code)."""
    audit.record_reads(
        children=children,
        actor_id=actor.user.pk,
        actor_label=actor.label,
        post_id=actor.post.pk,
        what=what[:40],
        purpose=(why.said or actor.scope.purpose)[:80],
        request_id=actor.scope.request_id,
        explained=why.code,
        explained_ref=why.ref,
    )
