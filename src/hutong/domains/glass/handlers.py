"""Who is told of an emergency opening, and of its review. Notices name the file by its number, never the child."""

from __future__ import annotations

from typing import Any, Final

from django.urls import reverse

from hutong.domains.glass.data import terms
from hutong.domains.glass.machines.opening import UNJUSTIFIED
from hutong.domains.glass.models import Opening
from hutong.domains.glass.services import breaking, reviewing
from hutong.foundation.messaging import services as messaging
from hutong.foundation.network import selectors as network
from hutong.foundation.network.models import Post
from hutong.foundation.workflow import outbox
from hutong.foundation.workflow import services as workflow
from hutong.kernel import areas

REVIEW: Final = "glass.review"


def _link(opening: Opening) -> str:
    return reverse("glass:opening", args=[opening.public_id])


@outbox.handles(breaking.OPENED)
def tell_of_opening(payload: dict[str, Any]) -> None:
    """The child's responsible post, the supervisors of both sides, the auditors of both counties; and the review."""
    opening = Opening.objects.select_related("post").get(pk=payload["opening"])
    workflow.begin(opening, actor=None, right="glass.break", reason=opening.words)
    supervisor = network.find_supervisor(opening.area_code)
    if supervisor is not None:
        workflow.open_item(
            kind=REVIEW, title=f"复核紧急查阅：{opening.file_no}", owner=supervisor, subject_type=reviewing.SUBJECT,
            subject_id=opening.pk, link=_link(opening), due_on=opening.review_due, area_code=opening.area_code,
            summary=f"{opening.label}：{_reason(opening)}", child_id=opening.child_id, priority=1, actor=None, escalate_to_role="COUNTY_CA",
        )  # fmt: skip
    for post in _concerned(opening, supervisor):
        messaging.notify(
            to=post, title=f"紧急查阅：{opening.file_no}", link=_link(opening), child_id=opening.child_id,
            body=f"{opening.label} 以“{_reason(opening)}”为由打开了这份档案。",
        )  # fmt: skip


def _reason(opening: Opening) -> str:
    return terms.label(opening.reason, opening.at.date())


def _concerned(opening: Opening, supervisor: Post | None) -> list[Post]:
    own = network.find_supervisor(areas.parent(opening.post_area) or opening.post_area)
    posts = [network.find_responsible_post(opening.area_code), supervisor, own, *_auditors(opening)]
    found = {post.pk: post for post in posts if post is not None and post.pk != opening.post_id}
    return list(found.values())


def _auditors(opening: Opening) -> list[Post | None]:
    return [network.find_post_above("AUDITOR", code) for code in (opening.area_code, opening.post_area)]


@outbox.handles(reviewing.REVIEWED)
def tell_of_review(payload: dict[str, Any]) -> None:
    """The opener; where it was found wrong also the opener's supervisor and the auditors."""
    opening = Opening.objects.select_related("post").get(pk=payload["opening"])
    posts: list[Post | None] = [opening.post]
    if opening.state == UNJUSTIFIED:
        posts += [
            network.find_supervisor(areas.parent(opening.post_area) or opening.post_area),
            *_auditors(opening),
        ]
    for post in {post.pk: post for post in posts if post is not None}.values():
        messaging.notify(
            to=post, title=f"紧急查阅复核：{opening.get_state_display()}（{opening.file_no}）", link=_link(opening),
            child_id=opening.child_id, body=f"{opening.reviewed_label}：{opening.review_words}",
        )  # fmt: skip
