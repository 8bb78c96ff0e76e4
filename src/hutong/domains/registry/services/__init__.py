"""The front door of the registry: every write another app may ask for."""

from hutong.domains.registry.services.care import (
    add_health,
    add_schooling,
    enter_roll,
    leave_roll,
    set_guard,
    set_regime,
)
from hutong.domains.registry.services.creating import create_child
from hutong.domains.registry.services.editing import edit_child
from hutong.domains.registry.services.facts import add_circumstance, end_circumstance, supersede_circumstance
from hutong.domains.registry.services.family import add_kin, edit_person, end_kin, find_person_by_id
from hutong.domains.registry.services.filing import (
    approve,
    archive,
    close,
    propose_close,
    register,
    reopen,
    send_back,
    void,
)
from hutong.domains.registry.services.opening import open_file

__all__ = [
    "add_circumstance",
    "add_health",
    "add_kin",
    "add_schooling",
    "approve",
    "archive",
    "close",
    "create_child",
    "edit_child",
    "edit_person",
    "end_circumstance",
    "end_kin",
    "enter_roll",
    "find_person_by_id",
    "leave_roll",
    "open_file",
    "propose_close",
    "register",
    "reopen",
    "send_back",
    "set_guard",
    "set_regime",
    "supersede_circumstance",
    "void",
]
