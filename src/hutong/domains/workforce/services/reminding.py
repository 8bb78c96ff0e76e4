"""What falls due is put on the list of whoever must arrange it, before it is late; people are followed where they go."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.db.models import Exists, OuterRef
from django.urls import reverse

from hutong.domains.workforce import selectors
from hutong.domains.workforce.machines import appointment as machine
from hutong.domains.workforce.models import Appointment, Worker
from hutong.domains.workforce.selectors import rules, terms
from hutong.domains.workforce.services import appointing
from hutong.domains.workforce.services.recording import PREPARE, RECHECK, RETRAIN, SUBJECT
from hutong.domains.workforce.services.registering import HOLDING, REGISTER
from hutong.foundation.access.scope import system_scope, use_scope
from hutong.foundation.network import selectors as network
from hutong.foundation.network.models import Holding, Post
from hutong.foundation.workflow import services as workflow
from hutong.kernel import clock

KINDS: Final = {
    REGISTER: "登记实名信息",
    PREPARE: "安排岗前培训考核和背景查询",
    RETRAIN: "安排年度轮训",
    RECHECK: "安排定期背景查询",
}
MOST: Final = 2000
"""Lines looked at in one go; the rest comes five minutes later."""


def sweep() -> int:
    """Open what has come due, move appointments on with their holders; how many lines were dealt with."""
    with use_scope(system_scope("workforce")):
        return _follow() + _late() + _remind()


def _follow() -> int:
    """Whoever left a post has left it here too; a new post of somebody on the list begins its own way."""
    today = clock.today()
    held = Holding.objects.filter(
        network.current(today), post=OuterRef("post"), user=OuterRef("worker__user")
    )
    gone = Appointment.objects.exclude(state=machine.REPLACED).filter(~Exists(held)).select_related("worker")
    left = list(gone.order_by("pk")[:MOST])
    for one in left:
        workflow.apply(one, "replace", actor=None, reason="任职已结束")
    begun = Appointment.objects.exclude(state=machine.REPLACED).filter(
        post=OuterRef("post"), worker__user=OuterRef("user")
    )
    fresh = selectors.list_signing_holdings(today).filter(
        ~Exists(begun), deputy=False, user__worker__isnull=False
    )
    found = list(fresh.select_related("user__worker", "post").order_by("pk")[:MOST])
    for holding in found:
        worker = holding.user.worker
        if worker.area_code != holding.post.area_code:
            Worker.objects.filter(pk=worker.pk).update(area_code=holding.post.area_code)
            worker.area_code = holding.post.area_code
        appointing.begin(worker, holding.post, holding.since, actor=None)
    return len(left) + len(found)


def _late() -> int:
    """Training of those at work has run out: the state says so; how long they may still sign is another rule."""
    today = clock.today()
    before = selectors.earliest(terms.number("retrain_months", today), today)
    active = Appointment.objects.filter(state=machine.ACTIVE).exclude(
        worker__trained_on__gt=before
    ).exclude(worker__examined_on__gt=before)  # fmt: skip
    due = [
        one
        for one in active.select_related("worker").order_by("pk")[:MOST]
        if (day := rules.retrain_due(one.worker, today)) is None or day <= today
    ]
    for one in due:
        workflow.apply(one, "fall_due", actor=None)
    return len(due)


def _remind() -> int:
    today = clock.today()
    needing = selectors.list_needing(selectors.list_signing_holdings(today), today)
    rows = needing.filter(deputy=False).select_related("post", "user", "user__worker").order_by("pk")[:MOST]
    items: list[workflow.NewItem] = []
    notices = []
    for holding in rows:
        made = _items(holding, today)
        items += made
        if made and getattr(holding.user, "worker", None) is not None:
            notices.append(_notice(holding, made[0]))
    workflow.open_items(items=items, actor=None)
    workflow.announce_many(event="workflow.notice", rows=notices)
    return 0  # opening again what is open changes nothing: not counted as work done


def _items(holding: Holding, today: date) -> list[workflow.NewItem]:
    post = holding.post
    owner = _keeper(post)
    if owner is None:
        return []
    who = f"{holding.user.name}（{post.title}）"
    worker: Worker | None = getattr(holding.user, "worker", None)
    if worker is None:
        due = workflow.working_due(max(holding.since, today), terms.number("register_working_days", today))
        link = reverse("workforce:register", args=[holding.public_id])
        return [
            _item(REGISTER, f"登记实名信息：{who}", owner, HOLDING, holding.pk, link, due, post.area_code)
        ]
    link = reverse("workforce:worker", args=[worker.public_id])
    state = rules.standing(worker, today, since=holding.since)
    if worker.examined_on is None or worker.checked_on is None:
        due = workflow.working_due(today, terms.number("first_exam_working_days", today))
        return [
            _item(
                PREPARE,
                f"安排岗前培训考核和背景查询：{who}",
                owner,
                SUBJECT,
                worker.pk,
                link,
                due,
                post.area_code,
            )
        ]
    until = selectors.warn_from(today)
    return [
        _item(kind, f"{KINDS[kind]}：{who}", owner, SUBJECT, worker.pk, link, day, post.area_code)
        for kind, day in ((RETRAIN, state.retrain_due), (RECHECK, state.check_due))
        if day is not None and day <= until
    ]


def _item(
    kind: str, title: str, owner: Post, subject: str, pk: int, link: str, due: date, area_code: str
) -> workflow.NewItem:
    return workflow.NewItem(
        kind=kind, title=title[:120], owner=owner, subject_type=subject, subject_id=pk, link=link, due_on=due,
        area_code=area_code, escalate_to_role=network.COUNTY,
    )  # fmt: skip


def _keeper(post: Post) -> Post | None:
    """Who arranges it: for a village the township supervisor (else the county), for a township the county."""
    if post.role == network.DIRECTOR:
        return network.find_supervisor(post.area_code)
    return network.find_post_above(network.COUNTY, post.area_code)


def _notice(holding: Holding, item: workflow.NewItem) -> tuple[str, dict[str, object]]:
    words = f"请留意：{KINDS[item.kind]}（{item.due_on} 前）"
    payload = {"post_id": holding.post_id, "title": words, "link": reverse("workforce:mine"), "body": ""}
    return f"workforce:{item.kind}:{holding.user_id}:{_about(item)}", payload


def _about(item: workflow.NewItem) -> str:
    """Once for each due day; the first training, whose day is only an arrangement, once."""
    return "" if item.kind in (PREPARE, REGISTER) else item.due_on.isoformat()
