"""The register of clean-up and follow-up (R-43.04, R-43.05)."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from hutong.domains.library.models import Document, Review
from hutong.domains.library.services import asking
from hutong.domains.library.services.errors import LibraryRefused
from hutong.foundation.access.acting import Acting
from hutong.foundation.access.scope import because
from hutong.foundation.workflow import services as workflow
from hutong.foundation.workflow.errors import NotNow
from hutong.kernel import clock


@transaction.atomic
def open_review(document: Document, *, actor: Acting, kind: str, reason: str, due_on: date) -> Review:
    """Write down what is to become of a document the office can see, also one of another office or of the release."""
    actor.check("library.edit")
    if kind not in Review.Kind.values:
        raise LibraryRefused("请选择清理意见或跟踪评估。")
    if not reason.strip():
        raise LibraryRefused("请写明理由：哪些内容不适应，或评估什么。")
    if due_on < clock.today():
        raise LibraryRefused("办结期限已经过去。请填今天或以后的日期。")
    made = Review.objects.create(
        document=document, kind=kind, reason=reason.strip()[:500], due_on=due_on, area_code=actor.post.area_code,
        made_by=actor.user, made_post=actor.post, made_label=actor.label, made_on=clock.today(),
    )  # fmt: skip
    asking.review(made, actor=actor)
    return made


@transaction.atomic
def finish_review(review: Review, *, actor: Acting, outcome: str) -> Review:
    """What came of it, in words; once."""
    actor.check("library.edit")
    if not outcome.strip():
        raise LibraryRefused("请写明结果：修订、废止的文号，保留的理由，或评估发现的问题和建议。")
    values = {"done_on": clock.today(), "outcome": outcome.strip()[:1000], "done_label": actor.label}
    with because("办结清理评估"):
        if Review.objects.filter(pk=review.pk, done_on__isnull=True).update(**values) != 1:
            raise NotNow("这一项已经办结。请刷新后再看。")
    workflow.close_items(
        subject_type=asking.REVIEW_SUBJECT, subject_id=review.pk, actor=actor, outcome=outcome[:200]
    )
    review.refresh_from_db()
    return review
