"""Second act: another person confirms or refuses; and undo, which takes a batch out of use without deleting it."""

from __future__ import annotations

from django.db import transaction

from hutong.domains.compartments import services as compartments
from hutong.domains.exchange.models import Batch
from hutong.domains.exchange.permissions import check_can_confirm
from hutong.domains.exchange.services.checking import CONFIRM, SUBJECT, link
from hutong.domains.exchange.services.errors import NotPossible
from hutong.foundation.access.acting import Acting
from hutong.foundation.messaging import services as messaging
from hutong.foundation.workflow import services as workflow
from hutong.kernel import clock


@transaction.atomic
def confirm(*, batch: Batch, actor: Acting) -> Batch:
    """From now on the batch feeds comparisons of its quarter, in place of an earlier one of the same department.

    A sealed list feeds no comparison: its facts go into their compartment at once.
    """
    check_can_confirm(actor, batch)
    decided = {"decided_by": actor.user, "decided_at": clock.now()}
    workflow.apply(batch, "confirm", actor=actor, fields=decided)
    if batch.sealed:
        from hutong.domains.exchange.storage import handover  # brings Arrow: only where a file is opened

        compartments.receive_list(
            compartment=batch.compartment, rows=handover.listed(batch), area_code=batch.area_code,
            source=f"{batch.sender_org.name} {batch.quarter}", actor=actor,
        )  # fmt: skip
    return _tell(batch, actor, "已确认", "")


@transaction.atomic
def refuse(*, batch: Batch, actor: Acting, reason: str) -> Batch:
    """Not to be used; the sender is told why."""
    actor.check("exchange.confirm")
    reason = checked_reason(reason, "不予确认")
    decided = {"decided_by": actor.user, "decided_at": clock.now(), "note": reason}
    workflow.apply(batch, "refuse", actor=actor, reason=reason, fields=decided)
    return _tell(batch, actor, "不予确认", reason)


@transaction.atomic
def withdraw(*, batch: Batch, actor: Acting, reason: str) -> Batch:
    """Take a batch out of use: nothing is deleted, later comparisons leave it out, earlier runs keep its digest."""
    reason = checked_reason(reason, "撤回")
    workflow.apply(batch, "withdraw", actor=actor, reason=reason, fields={"note": reason})
    return _tell(batch, actor, "已撤回", reason)


def checked_reason(reason: str, word: str) -> str:
    """The reason, which somebody else will read; NotPossible without one."""
    reason = reason.strip()
    if not reason:
        raise NotPossible(f"{word}需要写明事由，提供部门会看到。")
    return reason[:300]


def _tell(batch: Batch, actor: Acting, outcome: str, reason: str) -> Batch:
    if batch.sealed:
        compartments.settle_matter(key=f"batch:{batch.public_id}", actor=actor, outcome=outcome)
    workflow.close_items(
        subject_type=SUBJECT, subject_id=batch.pk, kind=CONFIRM, actor=actor, outcome=outcome
    )
    if batch.sender_post_id != actor.post.pk:
        title = f"{batch.neutral_title}（{batch.quarter}）{outcome}"
        messaging.notify(to=batch.sender_post, title=title, link=link(batch), body=reason, actor=actor)
    return batch
