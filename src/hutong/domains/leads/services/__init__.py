"""The front door of ``leads``: every write another app may ask for."""

from hutong.domains.leads.services.decisions import (
    act,
    answer_correction,
    close,
    confirm_false,
    reply_to_correction,
    send_back,
)
from hutong.domains.leads.services.reassigning import reassign, supersede, supersede_batch
from hutong.domains.leads.services.receiving import receive
from hutong.domains.leads.services.verdicts import attach, verdict

__all__ = [
    "act",
    "answer_correction",
    "attach",
    "close",
    "confirm_false",
    "reassign",
    "receive",
    "reply_to_correction",
    "send_back",
    "supersede",
    "supersede_batch",
    "verdict",
]
