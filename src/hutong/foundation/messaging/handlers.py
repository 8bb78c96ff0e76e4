"""What messaging does when others announce."""

from __future__ import annotations

from typing import Any

from hutong.foundation.messaging import services
from hutong.foundation.network.models import Post
from hutong.foundation.workflow import outbox


@outbox.handles("workflow.notice")
def put_notice(payload: dict[str, Any]) -> None:
    """Steps and lateness that concern another post become a notice to it."""
    services.notify(
        to=Post.objects.get(pk=payload["post_id"]),
        title=payload["title"],
        link=payload["link"],
        body=payload["body"],
        child_id=payload.get("child_id"),
    )
