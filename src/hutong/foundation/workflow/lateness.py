"""What is late is told once to the role above: the sweeper of clocks and worklist (R-48: nothing waits unseen)."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from hutong.foundation.access.scope import system_scope, use_scope
from hutong.foundation.network import selectors as network
from hutong.foundation.network.models import Post
from hutong.foundation.workflow import services
from hutong.foundation.workflow.models import OPEN, Clock, WorkItem
from hutong.foundation.workflow.services.items import SUBJECT
from hutong.kernel import areas, clock

BATCH: Final = 500
ANSWER_WITHIN: Final = timedelta(days=1)
"""The supervisor's own item is due tomorrow: a matter of the worklist, not a legal term."""


def sweep() -> int:
    """Escalate everything newly late; how many. Running it again does nothing more."""
    with use_scope(system_scope("clocks")):
        return _late_items() + _late_clocks()


@transaction.atomic
def _late_items() -> int:
    late = WorkItem.objects.select_for_update(skip_locked=True, of=("self",)).select_related("owner_post")
    late = late.filter(
        OPEN, ~Q(escalate_to=""), due_on__lt=clock.today(), paused_on__isnull=True, escalated_at__isnull=True
    )
    found = list(late.order_by("due_on", "pk")[:BATCH])
    for item in found:
        above = _above(item.escalate_to, item.area_code, item.owner_post)
        if above is not None:
            services.open_item(
                kind="workflow.late", title=f"督办：{item.title}"[:120], summary=f"{item.owner_post.title}逾期未办",
                owner=above, subject_type=SUBJECT, subject_id=item.pk,
                link=reverse("workflow:item", args=[item.public_id]), due_on=clock.today() + ANSWER_WITHIN,
                area_code=item.area_code, child_id=item.child_id, actor=None,
            )  # fmt: skip
        _announce_late(
            "item",
            item.pk,
            above,
            f"逾期未办：{item.title}",
            reverse("workflow:item", args=[item.public_id]),
            item.child_id,
        )
    WorkItem.objects.filter(pk__in=[item.pk for item in found]).update(escalated_at=clock.now())
    return len(found)


@transaction.atomic
def _late_clocks() -> int:
    late = Clock.objects.select_for_update(skip_locked=True).filter(
        OPEN, ~Q(escalate_to=""), due_at__lt=clock.now(), stopped_at__isnull=True, escalated_at__isnull=True
    )
    found = list(late.order_by("due_at", "pk")[:BATCH])
    for one in found:
        above = _above(one.escalate_to, one.area_code, None)
        subject = WorkItem.objects.filter(subject_type=one.subject_type, subject_id=one.subject_id).first()
        link = subject.link if subject else reverse("workflow:supervise")
        title = f"逾期：{subject.title}" if subject else "有事项超过办理时限"
        _announce_late("clock", one.pk, above, title[:120], link, one.child_id)
    Clock.objects.filter(pk__in=[one.pk for one in found]).update(escalated_at=clock.now())
    return len(found)


def _above(role: str, area_code: str, owner: Post | None) -> Post | None:
    """The post told: the role over the area, going up; never the late post itself."""
    for code in reversed(areas.ancestors(area_code)):
        found = network.find_post(role, code)
        if found is not None and (owner is None or found.pk != owner.pk):
            return found
    return None


def _announce_late(
    what: str, pk: int, above: Post | None, title: str, link: str, child_id: int | None
) -> None:  # fmt: skip
    if above is not None:
        services.announce(
            event="workflow.notice",
            payload={"post_id": above.pk, "title": title, "link": link, "body": "", "child_id": child_id},
            key=f"late:{what}:{pk}",
        )
