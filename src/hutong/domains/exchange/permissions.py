"""Who may do what with a batch; the sentences users see."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied

from hutong.domains.exchange import senders
from hutong.domains.exchange.machines import batch as machine
from hutong.domains.exchange.models import Batch
from hutong.foundation.access.acting import Acting
from hutong.foundation.workflow.errors import NotNow
from hutong.linkage.catalogue import LISTS


def check_can_deliver(actor: Acting, list_code: str) -> None:
    """The county delivers any list, a department clerk those his department provides."""
    actor.check("exchange.upload")
    if list_code not in LISTS or not senders.providers_for(actor, list_code):
        title = LISTS[list_code].table.title if list_code in senders.shown_to(actor) else "该"
        raise PermissionDenied(f"{actor.post.org.name}不是“{title}”清单的提供部门，请核对清单类别。")


def check_can_confirm(actor: Acting, batch: Batch) -> None:
    """A second person: whoever uploaded never confirms (rights.APART)."""
    actor.check("exchange.confirm")
    if batch.uploaded_by_id == actor.user.pk:
        raise PermissionDenied("上传人不能确认自己上传的批次，请由另一位工作人员办理。")
    if batch.state == machine.CHECKED and batch.passed == 0:
        raise NotNow("这一批没有一行通过检查，无须确认。请退回提供部门改正后重新上传。")
    root = batch.supplements
    if root is not None and root.state != machine.CONFIRMED:
        raise NotNow("这是补报，请先确认原批次，再确认补报。")


def can_confirm(actor: Acting, batch: Batch) -> bool:
    try:
        check_can_confirm(actor, batch)
    except PermissionDenied:
        return False
    return batch.state == machine.CHECKED


def can_see_rows(actor: Acting, batch: Batch) -> bool:
    """Rejected rows go back to the sender's post and to the county; sealed ones as well, without detail."""
    return actor.post.pk == batch.sender_post_id or actor.may("exchange.confirm")
