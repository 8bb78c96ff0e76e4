"""Tables of policy: kept decisions; scenarios and what was put in force."""

from hutong.domains.policy.models.decisions import ACTS, Decision
from hutong.domains.policy.models.scenarios import Effect, Overlay, Scenario, Taking

__all__ = ["ACTS", "Decision", "Effect", "Overlay", "Scenario", "Taking"]
