"""What policy keeps on announcements: a change of the roll is a decision."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from hutong.domains.policy.services import keep
from hutong.domains.registry import events as registry
from hutong.domains.registry.models import Child
from hutong.foundation.workflow import outbox


@outbox.handles(registry.ROLL)
def keep_roll(payload: dict[str, Any]) -> None:
    """What the rules said when the roll was changed, by what was known at that moment."""
    moment = datetime.fromisoformat(payload["at"])
    child = Child.objects.get(pk=payload["child_id"])
    act = {"enter": "ROLL_ENTER", "leave": "ROLL_LEAVE"}[payload["what"]]
    keep(child=child, act=act, by=payload["by"], about=payload["scheme"], known_at=moment)
