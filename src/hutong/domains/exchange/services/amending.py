"""A department takes back what it delivered: at once while nobody confirmed it, else by asking the county."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.urls import reverse

from hutong.domains.exchange import permissions
from hutong.domains.exchange.data import limits
from hutong.domains.exchange.data.quarters import parse as parse_quarter
from hutong.domains.exchange.machines import amendment as machine
from hutong.domains.exchange.machines import batch as batches
from hutong.domains.exchange.models import Amendment, Batch, Push
from hutong.domains.exchange.services import deciding, delivering, rehearsing
from hutong.domains.exchange.services.errors import NotPossible
from hutong.domains.leads import services as leads
from hutong.foundation.access.acting import Acting
from hutong.foundation.messaging import services as messaging
from hutong.foundation.network import selectors as network
from hutong.foundation.workflow import services as workflow
from hutong.foundation.workflow.errors import NotNow
from hutong.kernel import clock

DECIDE = "exchange.amend"
SUBJECT = "exchange.amendment"
MOST_LINES = 1_000


def ask(
    *, actor: Acting, reason: str, batch: Batch | None = None, push: Push | None = None, lines: list[int] | None = None,
    rows: list[dict[str, Any]] | None = None, agreed: delivering.Agreed | None = None,
) -> Amendment:  # fmt: skip
    """Ask the county to take back a batch, rows of it (``lines`` as a person counts them), or a push.

    ``rows`` come in their place, as a supplement that is checked and confirmed like any other. Nothing is deleted.
    """
    reason = deciding.checked_reason(reason, "更正")
    subject = batch or push
    if subject is None:
        raise TypeError("batch or push")
    permissions.check_can_ask(actor, subject)
    lines = sorted(set(lines or []))
    if batch is not None:
        _check_lines(batch, lines, rows or [])
    with transaction.atomic():
        if Amendment.objects.filter(batch=batch, push=push, lines=lines, state=machine.REQUESTED).exists():
            raise NotNow("同样的更正请求已经提出，正等县级民政部门办理，不必重复提出。")
        supplement = _supplement(batch, rows, actor, agreed) if batch is not None and rows else None
        made = Amendment.objects.create(
            batch=batch, push=push, supplement=supplement, list_code=subject.list_code, area_code=subject.area_code,
            lines=lines, reason=reason, sender_post=actor.post, asked_by=actor.user, asked_at=clock.now(),
        )  # fmt: skip
        workflow.begin(made, actor=actor, right="exchange.upload", reason=reason)
        _put_before_county(made, subject, actor)
    return made


def _check_lines(batch: Batch, lines: list[int], rows: list[dict[str, Any]]) -> None:
    if batch.state != batches.CONFIRMED:
        raise NotNow("这一批还没有确认，或已不在使用中。未确认的可以直接撤回后重新上传，不必提出更正。")
    if len(lines) > MOST_LINES or any(not 2 <= line <= batch.rows + 1 for line in lines):
        raise NotPossible(
            f"行号应在文件的第 2 行至第 {batch.rows + 1} 行之间，一次最多 {MOST_LINES} 行。请核对后重新提出。"
        )
    if rows and not lines:
        raise NotPossible("请写明新数据代替哪几行；整批更换请撤回后重新上传。")


def _supplement(
    batch: Batch, rows: list[dict[str, Any]], actor: Acting, agreed: delivering.Agreed | None
) -> Batch:
    import io

    content = rehearsing.as_csv(batch.list_code, rows)
    return delivering.deliver(
        actor=actor, list_code=batch.list_code, quarter=parse_quarter(batch.quarter), name=rehearsing.NAME,
        source=io.BytesIO(content), supplements=batch, agreed=agreed, complete=True,
    )  # fmt: skip


def _put_before_county(made: Amendment, subject: Batch | Push, actor: Acting) -> None:
    posts = network.list_posts(role=network.COUNTY, area_code=made.area_code)
    due = workflow.working_due(clock.today(), limits.value("amendment_working_days"))
    workflow.open_items(
        actor=actor,
        items=[
            workflow.NewItem(
                kind=DECIDE, title=f"部门请求更正{subject.neutral_title}", owner=post, subject_type=SUBJECT,
                subject_id=made.pk, link=reverse("exchange:amendment", args=[made.public_id]), area_code=made.area_code,
                due_on=due, summary=f"{actor.post.org.name}：{made.reason}",
            )
            for post in posts
        ],
    )  # fmt: skip


@transaction.atomic
def recall(*, batch: Batch, actor: Acting, reason: str) -> Batch:
    """The sender takes back a batch nobody has confirmed. Nothing is deleted."""
    permissions.check_can_ask(actor, batch)
    reason = deciding.checked_reason(reason, "撤回")
    if batch.state not in (batches.UPLOADED, batches.CHECKED, batches.FAILED):
        raise NotNow("这一批已经确认或正在检查，不能直接撤回。已确认的请提出更正请求，由县级民政部门办理。")
    workflow.apply(batch, "recall", actor=actor, reason=reason, fields={"note": reason})
    workflow.close_items(
        subject_type="exchange.batch", subject_id=batch.pk, actor=actor, outcome="提供部门撤回"
    )
    return batch


@transaction.atomic
def accept(*, amendment: Amendment, actor: Acting) -> Amendment:
    """Later comparisons leave out what was taken back; leads that rest on it alone go back as well."""
    fields = {"decided_by": actor.user, "decided_at": clock.now()}
    workflow.apply(amendment, "accept", actor=actor, fields=fields)
    if amendment.push is not None:
        workflow.apply(
            amendment.push,
            "withdraw",
            actor=actor,
            reason=amendment.reason,
            fields={"note": amendment.reason},
        )
        _supersede(amendment, amendment.push.public_id, actor)
    elif amendment.batch is not None and amendment.lines:
        _supersede(amendment, amendment.batch.public_id, actor)
    elif amendment.batch is not None:
        deciding.withdraw(batch=amendment.batch, actor=actor, reason=amendment.reason)
        _supersede(amendment, amendment.batch.public_id, actor)
    return _tell(amendment, actor, "已采纳", "")


@transaction.atomic
def refuse(*, amendment: Amendment, actor: Acting, reason: str) -> Amendment:
    """The data stands; the department is told why."""
    reason = deciding.checked_reason(reason, "不予采纳")
    fields = {"decided_by": actor.user, "decided_at": clock.now(), "note": reason}
    workflow.apply(amendment, "refuse", actor=actor, reason=reason, fields=fields)
    return _tell(amendment, actor, "不予采纳", reason)


def _supersede(amendment: Amendment, source: str, actor: Acting) -> None:
    leads.supersede_batch(
        list_code=amendment.list_code, batch=source, reason=f"提供部门更正：{amendment.reason}", actor=actor,
        lines=frozenset(amendment.lines) or None,
    )  # fmt: skip


def _tell(amendment: Amendment, actor: Acting, outcome: str, reason: str) -> Amendment:
    workflow.close_items(
        subject_type=SUBJECT, subject_id=amendment.pk, kind=DECIDE, actor=actor, outcome=outcome
    )
    title = f"更正请求{outcome}"
    messaging.notify(to=amendment.sender_post, title=title, link="", body=reason, actor=actor)
    return amendment
