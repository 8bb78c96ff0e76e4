"""What exports announce to the post that asked: ready, refused. The machine announces ``export.<event>`` by itself."""

from __future__ import annotations

from typing import Any

from hutong.domains.ledgers.models import ExportRequest
from hutong.domains.ledgers.services import asking
from hutong.foundation.access.acting import Acting
from hutong.foundation.workflow.machines import NoticeText, notice


@notice("ledgers.ready")
def ready(request: ExportRequest, actor: Acting | None, data: dict[str, Any]) -> NoticeText | None:
    """Only where somebody had to wait for it."""
    if request.small:
        return None
    return NoticeText(request.requested_post, f"可取件：{request.title}", asking.link(request))


@notice("ledgers.refused")
def refused(request: ExportRequest, actor: Acting | None, data: dict[str, Any]) -> NoticeText:
    return NoticeText(
        request.requested_post, f"不予批准：{request.title}", asking.link(request), request.note
    )
