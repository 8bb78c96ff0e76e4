"""The front door of ``ledgers``: exports under control, and the quarterly data for the national system."""

from hutong.domains.ledgers.services.asking import approve, ask, refuse, retry, withdraw
from hutong.domains.ledgers.services.making import run_now
from hutong.domains.ledgers.services.quarterly import changed_lines
from hutong.domains.ledgers.services.quarterly import check as check_quarter
from hutong.domains.ledgers.services.quarterly import discard as discard_quarter
from hutong.domains.ledgers.services.quarterly import make as make_quarter
from hutong.domains.ledgers.services.quarterly import mark_sent as mark_quarter_sent
from hutong.domains.ledgers.services.quarterly import reject as reject_quarter
from hutong.domains.ledgers.services.quarterly import start as start_quarter
from hutong.domains.ledgers.services.quarterly import take as take_quarter
from hutong.domains.ledgers.services.serving import folder_permit, sweep, take

__all__ = [
    "approve",
    "ask",
    "changed_lines",
    "check_quarter",
    "discard_quarter",
    "folder_permit",
    "make_quarter",
    "mark_quarter_sent",
    "refuse",
    "reject_quarter",
    "retry",
    "run_now",
    "start_quarter",
    "sweep",
    "take",
    "take_quarter",
    "withdraw",
]
