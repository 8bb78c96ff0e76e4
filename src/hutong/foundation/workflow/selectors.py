"""Reads of the worklist, history and jobs."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from hutong.foundation.access.acting import Acting
from hutong.foundation.network import selectors as network
from hutong.foundation.network.models import Holding, Post
from hutong.foundation.queries import Count, capped
from hutong.foundation.workflow.models import OPEN, LongJob, Outbox, StatusChange, WorkItem
from hutong.kernel import areas, clock

ACTIVE = OPEN & Q(paused_on__isnull=True)


def list_mine(actor: Acting) -> QuerySet[WorkItem]:
    """Open and running items of the actor's post, most urgent first."""
    return WorkItem.objects.filter(ACTIVE, owner_post=actor.post).order_by("due_on", "-priority", "pk")


def list_overdue(actor: Acting) -> QuerySet[WorkItem]:
    return list_mine(actor).filter(due_on__lt=clock.today())


def list_due_today(actor: Acting) -> QuerySet[WorkItem]:
    return list_mine(actor).filter(due_on=clock.today())


def list_coming(actor: Acting) -> QuerySet[WorkItem]:
    return list_mine(actor).filter(due_on__gt=clock.today())


def list_waiting(actor: Acting) -> QuerySet[WorkItem]:
    """What waits for others: handed on by this post to another, or the post's own with the clock stopped."""
    handed = Q(opened_by_post=actor.post) & ~Q(owner_post=actor.post)
    stopped = Q(owner_post=actor.post, paused_on__isnull=False)
    return (
        WorkItem.objects.filter(OPEN & (handed | stopped))
        .select_related("owner_post")
        .order_by("due_on", "pk")
    )


def list_done(actor: Acting) -> QuerySet[WorkItem]:
    """Closed items of the post, newest first."""
    return WorkItem.objects.filter(~OPEN, owner_post=actor.post).order_by("-closed_at", "-pk")


def list_supervised(actor: Acting) -> QuerySet[WorkItem]:
    """Open items of other posts in the actor's range; none without the right to supervise. ``unowned``: nobody holds the post."""
    if not actor.may("work.supervise"):
        return WorkItem.objects.none()
    found = WorkItem.objects.filter(OPEN, area_code__gte=actor.scope.lo, area_code__lt=actor.scope.hi)
    found = found.exclude(owner_post=actor.post).annotate(unowned=~is_held()).prefetch_related("owner_post")
    return found.order_by("due_on", "pk")


def is_held(post: str = "owner_post") -> Exists:
    """Whether somebody holds the post (the outer query's field of that name) today."""
    return Exists(Holding.objects.filter(network.current(), post=OuterRef(post)))


def filter_supervised(
    items: QuerySet[WorkItem], *, area_code: str = "", kind: str = "", state: str = ""
) -> QuerySet[WorkItem]:
    """Narrow a supervised list; ``state``: late, soon (three days), unowned, paused."""
    if area_code:
        lo, hi = areas.bounds(area_code)
        items = items.filter(area_code__gte=lo, area_code__lt=hi)
    if kind:
        items = items.filter(kind=kind)
    today = clock.today()
    match state:
        case "late":
            items = items.filter(due_on__lt=today, paused_on__isnull=True)
        case "soon":
            items = items.filter(due_on__gte=today, due_on__lte=today + timedelta(days=3))
        case "unowned":
            # posts are few: name the vacant ones first, then look only at their items
            vacant = Post.objects.filter(~is_held("pk")).values_list("pk", flat=True)
            items = items.filter(owner_post__in=list(vacant))
        case "paused":
            items = items.filter(paused_on__isnull=False)
    return items


count_mine = Count(
    capped(
        "workflow_workitem WHERE owner_post_id = %s AND closed_at IS NULL AND paused_on IS NULL AND due_on <= %s"
    ),
    lambda actor: (actor.post.pk, clock.today()),
)
"""Due today or late: the number beside 我的工作."""

count_late_supervised = Count(
    capped(
        "workflow_workitem WHERE area_code >= %s AND area_code < %s AND closed_at IS NULL AND paused_on IS NULL "
        "AND due_on < %s AND owner_post_id <> %s"
    ),
    lambda actor: (actor.scope.lo, actor.scope.hi, clock.today(), actor.post.pk),
)
"""Late items of others in the range: the number beside 督办."""


def counts(actor: Acting) -> dict[str, int]:
    """``open``, ``late``, ``today`` and ``waiting`` of the actor's post, in one query."""
    today, post = clock.today(), actor.post.pk
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), count(*) FILTER (WHERE due_on < %s), count(*) FILTER (WHERE due_on = %s), "
            "(SELECT count(*) FROM workflow_workitem WHERE closed_at IS NULL AND (opened_by_post_id = %s "
            "AND owner_post_id <> %s OR owner_post_id = %s AND paused_on IS NOT NULL)) "
            "FROM workflow_workitem WHERE owner_post_id = %s AND closed_at IS NULL AND paused_on IS NULL",
            [today, today, post, post, post, post],
        )
        return dict(zip(("open", "late", "today", "waiting"), cursor.fetchone(), strict=True))


def get_item(public_id: str, actor: Acting) -> WorkItem:
    """One item, for its owner, whoever opened it, and supervisors of the range. Raises WorkItem.DoesNotExist."""
    found = WorkItem.objects.select_related("owner_post", "opened_by_post")
    if not actor.may("work.supervise"):
        found = found.filter(Q(owner_post=actor.post) | Q(opened_by_post=actor.post))
    return found.get(public_id=public_id)


def list_history(subject_type: str, subject_id: int) -> QuerySet[StatusChange]:
    """The steps of one thing, oldest first."""
    return StatusChange.objects.filter(subject_type=subject_type, subject_id=subject_id).order_by("pk")


def list_history_of_child(child_id: int) -> QuerySet[StatusChange]:
    """Every step of everything about a child, newest first."""
    return StatusChange.objects.filter(child_id=child_id).order_by("-at", "-pk")


def get_job(public_id: str, actor: Acting) -> LongJob:
    """One's own post's, or any of the range for those who may see jobs. Raises LongJob.DoesNotExist."""
    return list_jobs(actor).get(public_id=public_id)


def list_jobs(actor: Acting) -> QuerySet[LongJob]:
    jobs = LongJob.objects.select_related("actor", "post").order_by("-created_at", "-pk")
    return jobs if actor.may("job.view") else jobs.filter(post=actor.post)


def list_undelivered() -> QuerySet[Outbox]:
    """Announcements whose handlers failed, dead ones first (row security: system administrators only)."""
    failed = Outbox.objects.filter(done_at__isnull=True, attempts__gt=0)
    return failed.order_by(F("dead_at").desc(nulls_last=True), "pk")
