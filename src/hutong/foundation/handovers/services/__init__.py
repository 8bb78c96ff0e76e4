"""The front door of ``handovers``."""

from hutong.foundation.handovers.services.agreeing import accept, assign, decline, withdraw
from hutong.foundation.handovers.services.carrying_out import back, carry_out_due
from hutong.foundation.handovers.services.proposing import propose

__all__ = ["accept", "assign", "back", "carry_out_due", "decline", "propose", "withdraw"]
