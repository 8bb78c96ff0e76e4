"""What leads do when others announce."""

from __future__ import annotations

from typing import Any

from hutong.domains.leads.services import moving
from hutong.domains.registry import events as registry
from hutong.foundation.workflow import outbox


@outbox.handles(registry.MOVED)
def follow(payload: dict[str, Any]) -> None:
    """A child's leads go where the child went."""
    moving.follow(payload["child_id"])
