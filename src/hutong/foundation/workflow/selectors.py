"""Reads of the worklist, history and jobs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from hutong.foundation.access.acting import Acting
from hutong.foundation.design.listings import Fetch
from hutong.foundation.network import selectors as network
from hutong.foundation.network.models import Holding, Post
from hutong.foundation.queries import Number, Remembered, capped
from hutong.foundation.workflow.models import OPEN, LongJob, Outbox, StatusChange, WorkItem
from hutong.kernel import areas, clock

ACTIVE = OPEN & Q(paused_on__isnull=True)


_LISTED = (
    "public_id", "kind", "title", "summary", "owner_post_id", "link", "area_code", "priority", "due_on", "paused_on",
    "pause_reason", "escalated_at", "closed_at", "outcome",
)  # fmt: skip
"""What a line of the worklist shows."""


def list_mine(actor: Acting) -> QuerySet[WorkItem]:
    """Open and running items of the actor's post, most urgent first."""
    return _of_post(actor.post.pk)


def _of_post(post_id: int) -> QuerySet[WorkItem]:
    return WorkItem.objects.filter(ACTIVE, owner_post=post_id).order_by("due_on", "-priority", "pk")


def _mine_page(start: int, stop: int, *, post_id: int) -> QuerySet[WorkItem]:
    return _of_post(post_id).only(*_LISTED)[start:stop]


_mine = Remembered(_mine_page)


def fetch_mine(actor: Acting) -> Fetch:
    """Pages of ``list_mine``."""
    return lambda order, start, stop: _mine(start, stop, post_id=actor.post.pk)


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
    return _of_others(actor.post.pk, actor.scope.lo, actor.scope.hi, clock.today())


def _of_others(post_id: int, lo: str, hi: str, day: date) -> QuerySet[WorkItem]:
    found = WorkItem.objects.filter(OPEN, area_code__gte=lo, area_code__lt=hi).exclude(owner_post=post_id)
    held = Exists(Holding.objects.filter(network.current(day), post=OuterRef("owner_post")))
    return found.annotate(unowned=~held).select_related("owner_post").order_by("due_on", "pk")


def _supervised_page(
    kind: str, state: str, vacant: tuple[int, ...], today: date, order: tuple[str, ...], start: int, stop: int,
    *, post_id: int, lo: str, hi: str, day: date,
) -> QuerySet[WorkItem]:  # fmt: skip
    rows = _narrowed(_of_others(post_id, lo, hi, day), kind, state, vacant, today)
    return rows.only(*_LISTED, "owner_post__title").order_by(*order)[start:stop]


_supervised = Remembered(_supervised_page)


def fetch_supervised(actor: Acting, *, area_code: str = "", kind: str = "", state: str = "") -> Fetch:
    """Pages of ``list_supervised``, narrowed as by ``filter_supervised``. For those with ``work.supervise``."""
    lo, hi = actor.scope.within(area_code)
    vacant = _vacant() if state == "unowned" else ()

    def fetch(order: tuple[str, ...], start: int, stop: int) -> list[WorkItem]:
        today = clock.today()
        return _supervised(
            kind, state, vacant, today, order or ("due_on", "pk"), start, stop, post_id=actor.post.pk, lo=lo, hi=hi, day=today
        )  # fmt: skip

    return fetch


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
    return _narrowed(items, kind, state, _vacant() if state == "unowned" else (), clock.today())


def _vacant() -> tuple[int, ...]:
    """Posts nobody holds: few, so they are named first and then only their items looked at."""
    return tuple(Post.objects.filter(~is_held("pk")).values_list("pk", flat=True))


def _narrowed(
    items: QuerySet[WorkItem], kind: str, state: str, vacant: tuple[int, ...], today: date
) -> QuerySet[WorkItem]:
    if kind:
        items = items.filter(kind=kind)
    match state:
        case "late":
            items = items.filter(due_on__lt=today, paused_on__isnull=True)
        case "soon":
            items = items.filter(due_on__gte=today, due_on__lte=today + timedelta(days=3))
        case "unowned":
            items = items.filter(owner_post__in=vacant)
        case "paused":
            items = items.filter(paused_on__isnull=False)
    return items


count_mine = Number(
    capped(
        "workflow_workitem WHERE owner_post_id = %s AND closed_at IS NULL AND paused_on IS NULL AND due_on <= %s"
    ),
    lambda actor: (actor.post.pk, clock.today()),
)
"""Due today or late: the number beside 我的工作."""

count_late_supervised = Number(
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


def list_histories(subject_type: str, subject_ids: Sequence[int]) -> dict[int, list[StatusChange]]:
    """The steps of several things, oldest first, by the thing; one query."""
    found: dict[int, list[StatusChange]] = {}
    for change in StatusChange.objects.filter(subject_type=subject_type, subject_id__in=subject_ids).order_by(
        "pk"
    ):
        found.setdefault(change.subject_id, []).append(change)
    return found


def list_history_of_child(child_id: int) -> QuerySet[StatusChange]:
    """Every step of everything about a child, newest first."""
    return StatusChange.objects.filter(child_id=child_id).order_by("-at", "-pk")


def _history_of_child(most: int, *, child_id: int) -> QuerySet[StatusChange]:
    return list_history_of_child(child_id)[:most]


_history = Remembered(_history_of_child)


def fetch_history_of_child(child_id: int, most: int) -> list[StatusChange]:
    """The newest of ``list_history_of_child``."""
    return _history(most, child_id=child_id)


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
