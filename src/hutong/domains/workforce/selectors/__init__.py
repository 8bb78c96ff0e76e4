"""Reads of the real-name list."""

from hutong.domains.workforce.selectors.people import (
    STATES,
    Figures,
    earliest,
    figures,
    get_appointment,
    get_holding,
    get_record,
    get_worker,
    list_needing,
    list_signing_holdings,
    list_team,
    own_standing,
    warn_from,
)
from hutong.domains.workforce.selectors.rules import Standing, standing
from hutong.domains.workforce.selectors.terms import signing_roles

__all__ = [
    "STATES",
    "Figures",
    "Standing",
    "earliest",
    "figures",
    "get_appointment",
    "get_holding",
    "get_record",
    "get_worker",
    "list_needing",
    "list_signing_holdings",
    "list_team",
    "own_standing",
    "signing_roles",
    "standing",
    "warn_from",
]
