"""The front door of the registry: every write another app may ask for."""

from hutong.domains.registry.services import exits, moves, moving, placing
from hutong.domains.registry.services.care import (
    add_health,
    add_schooling,
    enter_roll,
    leave_roll,
    set_guard,
    set_regime,
)
from hutong.domains.registry.services.creating import create_child
from hutong.domains.registry.services.deciding import approve as approve_proposal
from hutong.domains.registry.services.deciding import refuse as refuse_proposal
from hutong.domains.registry.services.deciding import send_back as send_back_proposal
from hutong.domains.registry.services.editing import edit_child
from hutong.domains.registry.services.facts import add_circumstance, end_circumstance, supersede_circumstance
from hutong.domains.registry.services.family import add_kin, edit_person, end_kin, find_person_by_id
from hutong.domains.registry.services.filing import (
    approve,
    archive,
    register,
    reopen,
    send_back,
    void,
)
from hutong.domains.registry.services.judging import ask as ask_merge
from hutong.domains.registry.services.judging import different as judge_different
from hutong.domains.registry.services.judging import later as judge_later
from hutong.domains.registry.services.judging import refuse as refuse_merge
from hutong.domains.registry.services.judging import reopen as reopen_pair
from hutong.domains.registry.services.judging import withdraw as withdraw_merge
from hutong.domains.registry.services.merging import confirm as confirm_merge
from hutong.domains.registry.services.merging import split as split_merge
from hutong.domains.registry.services.opening import open_file
from hutong.domains.registry.services.proposals import propose
from hutong.domains.registry.services.proposals import revise as revise_proposal
from hutong.domains.registry.services.proposals import submit as submit_proposal
from hutong.domains.registry.services.proposals import withdraw as withdraw_proposal

__all__ = [
    "add_circumstance",
    "add_health",
    "add_kin",
    "add_schooling",
    "approve",
    "approve_proposal",
    "archive",
    "ask_merge",
    "confirm_merge",
    "create_child",
    "edit_child",
    "edit_person",
    "end_circumstance",
    "end_kin",
    "enter_roll",
    "exits",
    "find_person_by_id",
    "judge_different",
    "judge_later",
    "leave_roll",
    "moves",
    "moving",
    "open_file",
    "placing",
    "propose",
    "refuse_merge",
    "refuse_proposal",
    "register",
    "reopen",
    "reopen_pair",
    "revise_proposal",
    "send_back",
    "send_back_proposal",
    "set_guard",
    "set_regime",
    "split_merge",
    "submit_proposal",
    "supersede_circumstance",
    "void",
    "withdraw_merge",
    "withdraw_proposal",
]
