"""Leaving: asked for by one, approved by another; and archiving a year later (machines/exit.py; R-03.07)."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.urls import reverse

from hutong.domains.registry.machines import move as moves
from hutong.domains.registry.machines import wording
from hutong.domains.registry.models import Child, Exit, Move
from hutong.domains.registry.services import terms
from hutong.domains.registry.services.errors import Refused
from hutong.foundation.access.acting import Acting
from hutong.foundation.network import selectors as network
from hutong.foundation.network.models import Post
from hutong.foundation.workflow import services as workflow
from hutong.foundation.workflow.models import StatusChange
from hutong.kernel import ages, areas, clock

SUBJECT = "registry.exit"
CLOSE, MEND = "registry.close", "registry.close_mend"


def request(
    child: Child, *, actor: Acting, close_reason: str, reason: str, happened_on: date | None = None
) -> Exit:
    """Ask the county to let the child leave. Raises Refused."""
    actor.check("child.exit")
    _check(close_reason, reason, happened_on, child)
    if child.state != "ACTIVE":
        raise Refused("只有在管的档案可以提请退出。")
    if Move.objects.filter(child=child, state__in=moves.LIVE).exists():
        raise Refused("这名儿童正在办理转移。请先办结或撤回转移，再提请退出。")
    made = Exit(
        child=child, area_code=child.residence_area, reason=close_reason, words=reason.strip(), happened_on=happened_on,
        requester_post=actor.post, requested_by=actor.user, requested_label=actor.label, opened_at=clock.now(),
    )  # fmt: skip
    try:
        with transaction.atomic():
            made.save(force_insert=True)
            workflow.begin(made, actor=actor, right="child.exit", reason=reason)
            _ask_county(made, actor)
    except IntegrityError as error:
        if "exit_live_once" not in str(error):
            raise
        raise Refused("这名儿童已提请退出，正在审核。") from error
    return made


@transaction.atomic
def approve(leaving: Exit, *, actor: Acting, reason: str = "") -> Exit:
    """The child leaves: the request and the file go on together. Never by whoever asked (rights.APART)."""
    child = Child.objects.select_for_update().get(pk=leaving.child_id)
    said = {"answer": reason.strip()[:500], "approver_label": actor.label, "ended_on": clock.today()}
    workflow.apply(leaving, "approve", actor=actor, reason=reason, fields=said)
    data = {"close_reason": leaving.reason, "exit": leaving.pk}
    workflow.apply(
        child, "close", actor=actor, reason=reason or leaving.words, data=data, fields={"close_reason": leaving.reason}
    )  # fmt: skip
    _done(leaving, actor, "已退出")
    return leaving


@transaction.atomic
def send_back(leaving: Exit, *, actor: Acting, reason: str) -> Exit:
    """Something is missing: back to whoever asked."""
    if not reason.strip():
        raise Refused("退回时请写明需要补正什么。", "reason")
    workflow.apply(leaving, "send_back", actor=actor, reason=reason, fields={"answer": reason.strip()[:500]})
    _done(leaving, actor, "退回补正")
    _open(leaving, MEND, f"补正退出材料：{leaving.child.name}", leaving.requester_post, actor, leaving.answer)
    return leaving


@transaction.atomic
def request_again(leaving: Exit, *, actor: Acting, reason: str) -> Exit:
    """Mended, and asked again."""
    if not reason.strip():
        raise Refused("请写明补正后的情况和依据。", "reason")
    fields = {"words": reason.strip()[:500], "requester_post": actor.post}
    workflow.apply(leaving, "request_again", actor=actor, reason=reason, fields=fields)
    _done(leaving, actor, "已补正")
    _ask_county(leaving, actor)
    return leaving


@transaction.atomic
def withdraw(leaving: Exit, *, actor: Acting, reason: str) -> Exit:
    """Not to leave after all."""
    if not reason.strip():
        raise Refused("撤回请写明原因。", "reason")
    fields = {"answer": reason.strip()[:500], "ended_on": clock.today()}
    workflow.apply(leaving, "withdraw", actor=actor, reason=reason, fields=fields)
    _done(leaving, actor, "已撤回")
    return leaving


def _check(close_reason: str, reason: str, happened_on: date | None, child: Child) -> None:
    if close_reason not in wording.CLOSE_REASONS:
        raise Refused("请选择退出原因。", "close_reason")
    if not reason.strip():
        raise Refused("请写明退出的具体情况和依据。", "reason")
    if happened_on and not child.birth_date <= happened_on <= clock.today():
        raise Refused("发生日期应在出生日期之后、今天之前，请核对。", "happened_on")


def _ask_county(leaving: Exit, actor: Acting) -> None:
    """On the county's list; on another county officer's where the asker is one."""
    posts = list(network.list_posts(role=network.COUNTY, area_code=areas.county(leaving.area_code)))
    others = [post for post in posts if post.pk != actor.post.pk]
    if not posts:
        raise Refused("本县没有设县级民政岗位，请联系系统管理员。")
    words = f"{wording.CLOSE_REASONS[leaving.reason]}：{leaving.words}"
    _open(leaving, CLOSE, f"审核退出：{leaving.child.name}", (others or posts)[0], actor, words)


def _open(leaving: Exit, kind: str, title: str, owner: Post, actor: Acting, summary: str) -> None:
    workflow.open_item(
        kind=kind, title=title, owner=owner, subject_type=SUBJECT, subject_id=leaving.pk,
        link=reverse("registry:exit", args=[leaving.public_id]),
        due_on=terms.working_due("exit_approve_days", clock.today()), area_code=leaving.area_code,
        child_id=leaving.child_id, summary=summary[:200], actor=actor, escalate_to_role=network.COUNTY,
    )  # fmt: skip


def _done(leaving: Exit, actor: Acting, outcome: str) -> None:
    workflow.close_items(subject_type=SUBJECT, subject_id=leaving.pk, actor=actor, outcome=outcome)


def archive_old(limit: int = 500) -> int:
    """Archive files that left longer ago than the term; under a system scope, how many. A reopened file starts anew."""
    today = clock.today()
    before = ages.add_months(today, -terms.value("archive_months", today))
    left = ("CLOSED", "MOVED_OUT")
    later = StatusChange.objects.filter(
        subject_type="registry.child", subject_id=OuterRef("pk"), to_state__in=left, at__date__gt=before
    )
    old = list(Child.objects.filter(state__in=left).exclude(Exists(later)).order_by("pk")[:limit])
    for child in old:
        workflow.apply(child, "archive", actor=None, reason="退出满期，系统归档")
    return len(old)
