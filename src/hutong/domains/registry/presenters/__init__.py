"""How files are put into words on pages."""

from hutong.domains.registry.presenters.conflicts import conflict
from hutong.domains.registry.presenters.page import page
from hutong.domains.registry.presenters.steps import may_move, step_intro, step_label, steps

__all__ = ["conflict", "may_move", "page", "step_intro", "step_label", "steps"]
