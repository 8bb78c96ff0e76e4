"""One worklist item a child: the family is told of everything at one visit."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

from django.urls import reverse

from hutong.domains.outreach.machines import offer as machine
from hutong.domains.outreach.models import Offer, Question
from hutong.domains.registry.models import Child
from hutong.foundation.access.acting import Acting
from hutong.foundation.access.scope import because
from hutong.foundation.network import selectors as network
from hutong.foundation.network.models import Post
from hutong.foundation.workflow import services as workflow
from hutong.foundation.workflow.models import OPEN, WorkItem

KIND: Final = "outreach.tell"
SUBJECT: Final = "outreach.child"
_STEPS: Final = {machine.FOUND: "告知", machine.TOLD: "协助申请", machine.HELPED: "查看办理结果"}


def arrange(child_ids: Iterable[int], *, tell: Sequence[Offer] = (), actor: Acting | None = None) -> None:
    """The worklist says what the offers of these children say: what is to be done next and by when.

    ``tell``: offers just found; their posts get one notice each.
    """
    keys = set(child_ids)
    live: dict[int, list[Offer]] = defaultdict(list)
    for offer in (
        Offer.objects.filter(child__in=keys, state__in=machine.LIVE)
        .select_related("child")
        .order_by("due_on", "pk")
    ):
        live[offer.child_id].append(offer)
    waiting = {
        item.subject_id: item
        for item in WorkItem.objects.filter(OPEN, subject_type=SUBJECT, kind=KIND, subject_id__in=keys)
    }
    posts = network.responsible_posts(offers[0].area_code for offers in live.values())
    made = []
    for key in sorted(keys):
        offers, item = live.get(key, []), waiting.get(key)
        said = _said(offers)
        if item is not None and (not offers or (item.title, item.due_on) != (said, offers[0].due_on)):
            outcome = "已更新" if offers else "已全部办结"
            workflow.close_items(
                subject_type=SUBJECT, subject_id=key, kind=KIND, actor=actor, outcome=outcome
            )
        elif item is not None:
            continue
        if offers:
            owner = item.owner_post if item is not None else posts[offers[0].area_code][0]
            if owner is not None:
                made.append(_item(offers, said, owner))
    workflow.open_items(items=made, actor=actor)
    _tell(tell, {item.subject_id: item.owner.pk for item in made})


def _said(offers: Sequence[Offer]) -> str:
    if not offers:
        return ""
    step = _STEPS[offers[0].state]
    return f"政策找人：{step} {offers[0].child.name}（{len(offers)} 项待遇）"[:120]


def _item(offers: Sequence[Offer], title: str, owner: Post) -> workflow.NewItem:
    first = offers[0]
    return workflow.NewItem(
        kind=KIND,
        title=title,
        owner=owner,
        subject_type=SUBJECT,
        subject_id=first.child_id,
        link=reverse("outreach:child", args=[first.child.public_id]),
        due_on=first.due_on,
        area_code=first.area_code,
        child_id=first.child_id,
        summary="、".join(offer.label for offer in offers)[:200],
        escalate_to_role="TOWNSHIP_CHILD_SUPERVISOR",
    )


def _tell(found: Sequence[Offer], posts: dict[int, int]) -> None:
    """One notice a post, however much was found; without a name."""
    by_post: Counter[int] = Counter(posts[offer.child_id] for offer in found if offer.child_id in posts)
    newest = max((offer.pk for offer in found), default=0)
    rows = [
        (
            f"outreach:{newest}:{post}",
            {"post_id": post, "title": f"政策找人：新发现 {count} 项待遇待告知家庭", "link": reverse("outreach:mine"), "body": ""},
        )
        for post, count in sorted(by_post.items())
    ]  # fmt: skip
    workflow.announce_many(event="workflow.notice", rows=rows)


def follow(child_id: int) -> None:
    """Offers go where the child went; her worklist item has been handed over already. Under a system scope."""
    child = Child.objects.get(pk=child_id)
    with because("儿童转移，可享待遇随档案移交"):
        for table in (Offer, Question):
            table.objects.filter(child=child).update(
                area_code=child.residence_area, hukou_area=child.hukou_area
            )
    arrange([child_id])
