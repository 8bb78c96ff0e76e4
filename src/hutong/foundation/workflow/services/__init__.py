"""The front door of ``workflow``: every write another app may ask for."""

from hutong.foundation.workflow.deadlines import working_due
from hutong.foundation.workflow.services.announcing import announce, announce_many
from hutong.foundation.workflow.services.clocks import pause, resume
from hutong.foundation.workflow.services.items import (
    NewItem,
    close_items,
    hand_over,
    open_item,
    open_items,
    reassign,
)
from hutong.foundation.workflow.services.jobs import cancel_job, start_job
from hutong.foundation.workflow.services.transitions import (
    allowed_events,
    apply,
    begin,
    begin_many,
    check_apart,
)

__all__ = [
    "NewItem",
    "allowed_events",
    "announce",
    "announce_many",
    "apply",
    "begin",
    "begin_many",
    "cancel_job",
    "check_apart",
    "close_items",
    "hand_over",
    "open_item",
    "open_items",
    "pause",
    "reassign",
    "resume",
    "start_job",
    "working_due",
]
