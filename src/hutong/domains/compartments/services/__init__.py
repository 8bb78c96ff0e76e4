"""The front door of the compartments: every write."""

from hutong.domains.compartments.services.facts import add_fact, close_fact
from hutong.domains.compartments.services.matters import finish_matter, raise_matter, settle_matter
from hutong.domains.compartments.services.naming import confirm, end, propose, refuse
from hutong.domains.compartments.services.opening import open_card, opening
from hutong.domains.compartments.services.receiving import Listed, receive_list
from hutong.domains.compartments.services.whole import lift_file, seal_file

__all__ = [
    "Listed",
    "add_fact",
    "close_fact",
    "confirm",
    "end",
    "finish_matter",
    "lift_file",
    "open_card",
    "opening",
    "propose",
    "raise_matter",
    "receive_list",
    "refuse",
    "seal_file",
    "settle_matter",
]
