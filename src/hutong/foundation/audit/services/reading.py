"""Writes to the read log."""

from __future__ import annotations

from collections.abc import Iterable

from hutong.foundation.audit.models import Read


def record_reads(
    *, children: Iterable[tuple[int, str]], actor_id: int, actor_label: str, post_id: int | None,
    what: str, purpose: str = "", request_id: str = "", explained: str = "", explained_ref: str = "",
) -> None:  # fmt: skip
    """Record that ``actor`` saw these children's files: ``(child id, area code)`` each, in the caller's transaction.

    ``explained`` and ``explained_ref`` say why they could: a code of ``access.explaining`` and what it rests on.
    """
    Read.objects.bulk_create(
        [
            Read(
                child_id=child, area_code=area, actor_id=actor_id, actor_label=actor_label, post_id=post_id,
                what=what, purpose=purpose, request_id=request_id, explained=explained, explained_ref=explained_ref,
            )
            for child, area in children
        ]
    )  # fmt: skip
