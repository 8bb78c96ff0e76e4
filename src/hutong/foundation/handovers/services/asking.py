"""On the worklists: the one named is asked to take over; where nobody does, those above name somebody."""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse

from hutong.foundation.access.scope import system_scope, use_scope
from hutong.foundation.handovers.models import HandOver
from hutong.foundation.network import duty
from hutong.foundation.network import selectors as network
from hutong.foundation.network.models import Post
from hutong.foundation.workflow import services as workflow
from hutong.kernel import clock

SUBJECT = "handovers.handover"
ACCEPT, ASSIGN = "handover.accept", "handover.assign"
KINDS = {ACCEPT: "接手岗位", ASSIGN: "指定代班人"}


def next_step(found: HandOver) -> None:
    """Ask whoever is to act now, and nobody else any more."""
    with use_scope(system_scope("交接代班")):
        done(found, "已另行安排")
        if found.state in ("PROPOSED",) and found.to_user is not None:
            held = network.list_current_holdings(found.to_user).first()
            if held is not None:
                _ask(found, ACCEPT, held.post, f"请确认是否接手：{found.post.title}")
                return
        if found.state in ("PROPOSED", "DECLINED", "STANDING"):
            for post in duty.find_answering(found.post, without=[found.from_user_id]):
                _ask(found, ASSIGN, post, f"请指定代班人：{found.post.title}")


def done(found: HandOver, outcome: str) -> None:
    """Called under a system scope: the items stand on other people's worklists."""
    workflow.close_items(subject_type=SUBJECT, subject_id=found.pk, actor=None, outcome=outcome)


def tell(found: HandOver, title: str, body: str = "") -> None:
    """A notice before the post itself: whoever holds it from now on, and later again whoever comes back."""
    workflow.announce(
        event="workflow.notice",
        payload={
            "post_id": found.post_id, "title": title[:120], "link": reverse("handovers:show", args=[found.public_id]),
            "body": body, "child_id": None,
        },
        key=f"handover:{found.pk}:{found.state}:{found.to_user_id}",
    )  # fmt: skip


def _ask(found: HandOver, kind: str, owner: Post, title: str) -> None:
    """Due the day before it is to begin, today where that has passed."""
    workflow.open_item(
        kind=kind, title=title, owner=owner, subject_type=SUBJECT, subject_id=found.pk,
        link=reverse("handovers:show", args=[found.public_id]), due_on=max(found.since - timedelta(days=1), clock.today()),
        area_code=found.area_code, summary=f"{found.from_user.name}：{found.reason}", actor=None,
    )  # fmt: skip
