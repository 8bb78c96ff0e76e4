"""What waits in other posts one acts for: held beside this one, or empty with this one answering (ADR 0029)."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q

from hutong.foundation.access.acting import Acting
from hutong.foundation.access.scope import system_scope, use_scope
from hutong.foundation.network import duty
from hutong.foundation.network.models import Post
from hutong.foundation.workflow.models import OPEN, WorkItem
from hutong.kernel import clock


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """One post: ``why`` is 代班, 兼任 or 代管."""

    post_id: int
    title: str
    why: str
    open: int
    late: int


def fetch(actor: Acting) -> list[Elsewhere]:
    """Posts to switch to. Nothing is asked of whoever holds one post and answers for none."""
    others = {
        one.post_id: (one.post.title, "代班" if one.deputy else "兼任")
        for one in actor.holdings
        if one.pk and one.post_id != actor.post.pk
    }
    if actor.stands_in is None and duty.is_answering(actor.role):
        waiting = WorkItem.objects.filter(OPEN, owner_post=OuterRef("pk"))
        with use_scope(system_scope("代管")):  # work of the post may lie outside the place
            empty = duty.answered_for(actor.post, Post.objects.filter(Exists(waiting)))
        others |= {post.pk: (post.title, "代管") for post in empty}
    if not others:
        return []
    late = Q(due_on__lt=clock.today(), paused_on__isnull=True)
    with use_scope(system_scope("代管")):
        rows = WorkItem.objects.filter(OPEN, owner_post__in=others).values("owner_post")
        found = {
            row["owner_post"]: row for row in rows.annotate(open=Count("pk"), late=Count("pk", filter=late))
        }
    none = {"open": 0, "late": 0}
    return [
        Elsewhere(pk, title, why, found.get(pk, none)["open"], found.get(pk, none)["late"])
        for pk, (title, why) in others.items()
    ]
