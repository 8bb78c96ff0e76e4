"""The front door of ``ledgers``: exports under control."""

from hutong.domains.ledgers.services.asking import approve, ask, refuse, retry, withdraw
from hutong.domains.ledgers.services.making import run_now
from hutong.domains.ledgers.services.serving import folder_permit, sweep, take

__all__ = ["approve", "ask", "folder_permit", "refuse", "retry", "run_now", "sweep", "take", "withdraw"]
