"""Telling a post something."""

from __future__ import annotations

from django.db import transaction

from hutong.foundation.access.acting import Acting
from hutong.foundation.messaging.models import Notice
from hutong.foundation.network.models import Post
from hutong.kernel import clock


@transaction.atomic
def notify(
    *, to: Post, title: str, link: str, body: str = "", child_id: int | None = None, actor: Acting | None = None
) -> Notice:  # fmt: skip
    """Put a notice before whoever holds ``to``, with the child it is about. ``link``: a path on this site; ValueError for
    any other address."""
    if link and (not link.startswith("/") or link.startswith(("//", "/\\"))):
        raise ValueError(f"not a path on this site: {link!r}")
    notice = Notice(
        post=to, child_id=child_id, title=title[:120], body=body[:500], link=link, sender=actor.label if actor else "系统", at=clock.now()
    )  # fmt: skip
    notice.save(force_insert=True)
    return notice


@transaction.atomic
def mark_read(notice: Notice, *, actor: Acting) -> Notice:
    """Remember that the post has read it; the first reading counts."""
    if notice.read_at is None:
        notice.read_at = clock.now()
        notice.save(update_fields=["read_at"])
    return notice


@transaction.atomic
def mark_all_read(*, actor: Acting) -> int:
    """Everything unread of the actor's post; how many there were."""
    return Notice.objects.filter(post=actor.post, read_at__isnull=True).update(read_at=clock.now())
