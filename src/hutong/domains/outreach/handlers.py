"""What finding does when others announce: the one child concerned is looked at again."""

from __future__ import annotations

from typing import Any, Final

from hutong.domains.outreach.services import finding, items
from hutong.domains.registry import events as registry
from hutong.domains.registry.models import Child
from hutong.foundation.workflow import outbox

AT_ONCE: Final = 5000
"""A larger intake waits for the night."""
FILE: Final = ("register", "approve", "send_back", "close", "reopen", "move_out", "come_back", "merge")
LEAD: Final = ("act", "close", "confirm_false", "supersede")
"""Steps of a file and of a lead after which something else may be due."""


def look_again(payload: dict[str, Any]) -> None:
    """Everything the announcement concerns stands in the file by now; looking twice changes nothing."""
    if payload.get("child_id"):
        finding.find([payload["child_id"]])


for _event in (registry.CHANGED, *(f"child_file.{one}" for one in FILE), *(f"lead.{one}" for one in LEAD)):
    outbox.handles(_event)(look_again)


@outbox.handles(registry.MOVED)
def follow(payload: dict[str, Any]) -> None:
    """A child's offers go where the child went, and another place's policy may decide."""
    items.follow(payload["child_id"])
    finding.find([payload["child_id"]])


@outbox.handles("registry.imported")
def look_through_intake(payload: dict[str, Any]) -> None:
    keys = list(Child.objects.filter(intake=payload["intake_id"]).values_list("pk", flat=True)[: AT_ONCE + 1])
    if len(keys) <= AT_ONCE:
        finding.find(keys)
