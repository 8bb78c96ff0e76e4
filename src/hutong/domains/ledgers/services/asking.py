"""Asking for an export, and deciding about it (TM-06, WX-02)."""

from __future__ import annotations

import secrets
from typing import Any, Final

from django.db import connection, transaction
from django.urls import reverse

from hutong.domains.ledgers import permissions
from hutong.domains.ledgers.data import catalogue
from hutong.domains.ledgers.machines import export as machine
from hutong.domains.ledgers.models import ExportRequest
from hutong.domains.ledgers.selectors import exports
from hutong.domains.ledgers.selectors.ledger import Asked, count
from hutong.domains.ledgers.services.errors import Refused
from hutong.domains.registry import transfer
from hutong.domains.registry.models import Child
from hutong.foundation.access.acting import Acting, acting_as
from hutong.foundation.network import selectors as network
from hutong.foundation.network.models import Post
from hutong.foundation.workflow import services as workflow
from hutong.foundation.workflow.errors import NotNow
from hutong.kernel import areas, clock

JOB: Final = "ledgers.export"
APPROVE: Final = "ledgers.approve"
SUBJECT: Final = "ledgers.exportrequest"
_LEAST_WORDS = 6
_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def link(request: ExportRequest) -> str:
    return reverse("ledgers:export", args=[request.public_id])


@transaction.atomic
def ask(
    *, actor: Acting, asked: Asked, form: str, purpose: str, words: str, clear_id: bool = False, queue: bool = True
) -> ExportRequest:  # fmt: skip
    """Ask for a ledger of a place as a file. A small one is made at once, any other waits for a second person.

    Complete ID numbers, and the whole registry (``form`` folder), always wait. Refused or NotNow with the sentence.
    """
    if purpose not in catalogue.purposes():
        raise Refused("请选择用途。", "purpose")
    if len(words.strip()) < _LEAST_WORDS:
        raise Refused(f"请写明用在什么事上、交给谁（不少于 {_LEAST_WORDS} 个字）。", "words")
    if form == "folder":  # always all of the own place, always with complete numbers
        asked, clear_id = Asked("all", actor.post.area_code, "residence"), True
    permissions.check_can_ask(actor, form=form, clear_id=clear_id, purpose=purpose)
    if not asked.within(actor):
        raise Refused("所选地方不在您的辖区内，请重新选择。", "area")
    rows = _count(asked, form)
    _within_limits(rows, form)
    request = ExportRequest(
        number=_number(), kind=catalogue.FOLDER if form == "folder" else asked.kind, area_code=asked.area,
        basis=asked.basis, form=form, clear_id=clear_id, purpose=purpose, words=words.strip()[:300], rows=rows,
        small=_small(actor, rows, clear_id), requested_by=actor.user, requested_post=actor.post,
        requested_label=actor.label, requested_at=clock.now(),
    )  # fmt: skip
    request.save(force_insert=True)
    workflow.begin(request, actor=actor, right="ledger.export", reason=request.words)
    if request.small:
        workflow.apply(request, "allow", actor=actor)
        _start(request, actor, queue)
    else:
        _ask_second(request, actor)
    return request


def _count(asked: Asked, form: str) -> int:
    if form == "folder":
        return Child.objects.filter(state__in=transfer.STATES).count()
    return count(asked)


def _within_limits(rows: int, form: str) -> None:
    if rows == 0:
        raise Refused("这本台账里没有儿童，无须导出。请核对类别和地方。")
    most = catalogue.term("most_rows")
    if rows > most:
        raise Refused(f"共 {rows} 人，超过一次导出的上限 {most} 人。请按乡镇（街道）分开申请。", "area")
    if form == "docx" and rows > catalogue.term("docx_rows"):
        raise Refused(
            f"共 {rows} 人，超过 Word 台账的上限 {catalogue.term('docx_rows')} 人。请改用 Excel，或按乡镇（街道）、村（居）分开。",
            "form",
        )


def _small(actor: Acting, rows: int, clear_id: bool) -> bool:
    """Within the limit for one and for the day. Two requests of one person at once are counted one after the other."""
    if clear_id or rows > catalogue.term("small_rows"):
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('ledgers.day', %s))", [actor.user.pk])
    return exports.taken_today(actor.user) + rows <= catalogue.term("small_rows_a_day")


def _number() -> str:
    """DC + day + six characters: printed on every page, easy to read out."""
    return f"DC{clock.today():%Y%m%d}-{''.join(secrets.choice(_LETTERS) for _ in range(6))}"


def _start(request: ExportRequest, actor: Acting, queue: bool) -> None:
    if not queue:
        return
    job = workflow.start_job(
        kind=JOB, title=request.title, actor=actor, params={"request": request.public_id}, result_link=link(request)
    )  # fmt: skip
    ExportRequest.objects.filter(pk=request.pk).update(job=job.public_id)
    request.job = job.public_id


def _ask_second(request: ExportRequest, actor: Acting) -> None:
    posts = _deciding_posts(request.area_code, actor)
    if not posts:
        raise Refused("本县没有可以批准导出的岗位，请联系系统管理员设岗。")
    due = workflow.working_due(clock.today(), catalogue.term("approve_working_days"))
    summary = f"{request.rows} 人，{request.get_form_display()}"
    items = [
        workflow.NewItem(
            kind=APPROVE, title=f"审批{request.title}", owner=post, subject_type=SUBJECT, subject_id=request.pk,
            link=link(request), due_on=due, area_code=request.area_code,
            summary=summary + ("，含完整证件号码" if request.clear_id else ""), escalate_to_role="COUNTY_CA",
        )
        for post in posts
    ]  # fmt: skip
    workflow.open_items(items=items, actor=actor)


def _deciding_posts(area_code: str, actor: Acting) -> list[Post]:
    """The county's other posts; the own one where it is the only one (its other holder decides)."""
    for code in reversed(areas.ancestors(area_code)):
        posts = list(network.list_posts(role=network.COUNTY, area_code=code))
        if posts:
            return [post for post in posts if post.pk != actor.post.pk] or posts
    return []


@transaction.atomic
def approve(*, request: ExportRequest, actor: Acting, note: str = "", queue: bool = True) -> ExportRequest:
    """The second person lets it out: it is made under the scope of whoever asked."""
    permissions.check_can_decide(actor, request)
    asker = _acting_asker(request)
    workflow.apply(request, "approve", actor=actor, reason=note, fields=_decided(actor, note))
    _close(request, actor, "已批准")
    _start(request, asker, queue)
    return request


@transaction.atomic
def refuse(*, request: ExportRequest, actor: Acting, note: str) -> ExportRequest:
    permissions.check_can_decide(actor, request)
    if not note.strip():
        raise NotNow("不予批准请写明理由。")
    workflow.apply(request, "refuse", actor=actor, reason=note.strip(), fields=_decided(actor, note))
    _close(request, actor, "不予批准")
    return request


@transaction.atomic
def withdraw(*, request: ExportRequest, actor: Acting) -> ExportRequest:
    """Not needed any more."""
    workflow.apply(request, "withdraw", actor=actor)
    _close(request, actor, "申请人撤回")
    return request


@transaction.atomic
def retry(*, request: ExportRequest, actor: Acting) -> ExportRequest:
    """Make again what failed for a reason that is gone; what was approved stays approved."""
    workflow.apply(request, "retry", actor=actor, fields={"problem": ""})
    _start(request, actor, True)
    return request


def _acting_asker(request: ExportRequest) -> Acting:
    held = network.list_current_holdings(request.requested_by).filter(post=request.requested_post_id)
    holding = held.first()
    if holding is None:
        raise NotNow("申请人已不在原岗位，不能再批准。请由现任人员重新申请。")
    return acting_as(holding, purpose=f"导出 {request.number}")


def _decided(actor: Acting, note: str) -> dict[str, Any]:
    return {
        "decided_by": actor.user,
        "decided_label": actor.label,
        "decided_at": clock.now(),
        "note": note.strip()[:300],
    }


def _close(request: ExportRequest, actor: Acting, outcome: str) -> None:
    workflow.close_items(subject_type=SUBJECT, subject_id=request.pk, actor=actor, outcome=outcome)


def is_waiting(request: ExportRequest) -> bool:
    return request.state in (machine.REQUESTED, machine.APPROVED)
