"""On the worklists: the second person is asked to look, the maker to mend, the keeper to finish a review."""

from __future__ import annotations

from django.db.models import Exists, OuterRef
from django.urls import reverse

from hutong.domains.library.models import Document, Review
from hutong.domains.library.selectors.terms import TERMS
from hutong.foundation.access.acting import Acting
from hutong.foundation.accounts import rights
from hutong.foundation.network import selectors as network
from hutong.foundation.network.models import Holding, Post
from hutong.foundation.workflow import services as workflow
from hutong.kernel import areas, calendar, clock

SUBJECT, REVIEW_SUBJECT = "library.document", "library.review"
LOOK, MEND, REVIEW = "library.look", "library.mend", "library.review"
KINDS = {LOOK: "复核政策文件", MEND: "修改政策文件", REVIEW: "文件清理评估"}


def second(document: Document, *, actor: Acting) -> None:
    """The nearest other post that may publish; where there is none the page says who may."""
    done(document, actor=actor, outcome="已提交")
    post = _other_post(document, actor)
    if post is not None:
        _ask(document, LOOK, post, document.made_label, actor)


def maker(document: Document, *, actor: Acting, words: str) -> None:
    done(document, actor=actor, outcome="已退回")
    if document.made_post is not None:
        _ask(document, MEND, document.made_post, words, actor)


def done(document: Document, *, actor: Acting, outcome: str) -> None:
    workflow.close_items(subject_type=SUBJECT, subject_id=document.pk, actor=actor, outcome=outcome)


def review(entry: Review, *, actor: Acting) -> None:
    workflow.open_item(
        kind=REVIEW, title=f"{entry.get_kind_display()}：{entry.document.title}", owner=entry.made_post,
        subject_type=REVIEW_SUBJECT, subject_id=entry.pk, link=reverse("library:review", args=[entry.public_id]),
        due_on=entry.due_on, area_code=entry.area_code, summary=entry.reason, actor=actor,
    )  # fmt: skip


def _ask(document: Document, kind: str, post: Post, words: str, actor: Acting) -> None:
    workflow.open_item(
        kind=kind, title=f"{KINDS[kind]}：{document.title}", owner=post, subject_type=SUBJECT, subject_id=document.pk,
        link=reverse("library:document", args=[document.public_id]), area_code=document.area_code, summary=words, actor=actor,
        due_on=calendar.default().add_working_days(clock.today(), TERMS.number("look_working_days")),
    )  # fmt: skip


def _other_post(document: Document, actor: Acting) -> Post | None:
    roles = [code for code, role in rights.ROLES.items() if "library.publish" in role.rights]
    held = Exists(
        Holding.objects.filter(network.current(clock.today()), post=OuterRef("pk")).exclude(
            user_id=actor.user.pk
        )
    )
    above = areas.ancestors(document.area_code)
    posts = Post.objects.filter(held, active=True, role__in=roles, area_code__in=above).exclude(
        pk=actor.post.pk
    )
    order = {code: place for place, code in enumerate(above)}
    return max(posts, key=lambda post: (order[post.area_code], -post.pk), default=None)
