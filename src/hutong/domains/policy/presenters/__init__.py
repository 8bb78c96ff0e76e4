"""What pages show: explanation trees, parameters, and the letter to the family."""

from hutong.domains.policy.presenters.letter import letter
from hutong.domains.policy.presenters.replay import decision, replay
from hutong.domains.policy.presenters.trees import assessment, parameters, why

__all__ = ["assessment", "decision", "letter", "parameters", "replay", "why"]
