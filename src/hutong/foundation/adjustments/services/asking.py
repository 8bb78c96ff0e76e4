"""On the worklists: the second person is asked to confirm, the maker to decide again."""

from __future__ import annotations

from django.db.models import Exists, OuterRef
from django.urls import reverse

from hutong.foundation.access.acting import Acting
from hutong.foundation.accounts import rights
from hutong.foundation.adjustments.models import Adjustment
from hutong.foundation.network import selectors as network
from hutong.foundation.network.models import Holding, Post
from hutong.foundation.workflow import services as workflow
from hutong.kernel import areas, clock

SUBJECT = "adjustments.adjustment"
CONFIRM, REVISE = "adjustments.confirm", "adjustments.revise"
KINDS = {CONFIRM: "确认区划调整", REVISE: "重定区划调整"}


def second(adjustment: Adjustment, *, actor: Acting) -> None:
    """Ask the nearest other post that may confirm; where there is none the page says who may."""
    done(adjustment, actor=actor, outcome="已提交")
    post = _other_post(adjustment)
    if post is not None:
        _ask(adjustment, CONFIRM, f"确认区划调整：{adjustment.title}", post, adjustment.source, actor)


def maker(adjustment: Adjustment, *, actor: Acting | None, words: str) -> None:
    done(adjustment, actor=actor, outcome="已退回")
    _ask(adjustment, REVISE, f"重定区划调整：{adjustment.title}", adjustment.made_post, words, actor)


def done(adjustment: Adjustment, *, actor: Acting | None, outcome: str) -> None:
    workflow.close_items(subject_type=SUBJECT, subject_id=adjustment.pk, actor=actor, outcome=outcome)


def _ask(adjustment: Adjustment, kind: str, title: str, post: Post, words: str, actor: Acting | None) -> None:
    """Due on the day the change comes into force."""
    workflow.open_item(
        kind=kind, title=title, owner=post, subject_type=SUBJECT, subject_id=adjustment.pk,
        link=reverse("adjustments:show", args=[adjustment.public_id]),
        due_on=max(adjustment.effective_on, clock.today()), area_code=adjustment.area_code, summary=words, actor=actor,
    )  # fmt: skip


def _other_post(adjustment: Adjustment) -> Post | None:
    roles = [code for code, role in rights.ROLES.items() if "area.confirm" in role.rights]
    today = network.current(clock.today())
    held = Exists(Holding.objects.filter(today, post=OuterRef("pk")).exclude(user_id=adjustment.made_by_id))
    posts = Post.objects.filter(
        active=True, role__in=roles, area_code__in=areas.ancestors(adjustment.area_code)
    )
    found = posts.exclude(pk=adjustment.made_post_id).filter(held)
    return max(
        found, key=lambda post: (areas.LEVELS.index(areas.level(post.area_code)), -post.pk), default=None
    )
