"""The front door of the compartments: every write."""

from hutong.domains.compartments.services.facts import add_fact, close_fact, finish_matter
from hutong.domains.compartments.services.naming import confirm, end, propose, refuse
from hutong.domains.compartments.services.opening import open_card, opening

__all__ = [
    "add_fact",
    "close_fact",
    "confirm",
    "end",
    "finish_matter",
    "open_card",
    "opening",
    "propose",
    "refuse",
]
