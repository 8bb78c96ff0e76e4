"""The front door of the workforce: every write, and the question whether somebody may sign."""

from hutong.domains.workforce.services.appointing import resume, suspend
from hutong.domains.workforce.services.handing_out import hand_out
from hutong.domains.workforce.services.importing import ImportResult, import_list, template
from hutong.domains.workforce.services.recording import add_check, add_training, withdraw
from hutong.domains.workforce.services.registering import change, register
from hutong.domains.workforce.services.signing import check_may_sign, find_bar

__all__ = [
    "ImportResult",
    "add_check",
    "add_training",
    "change",
    "check_may_sign",
    "find_bar",
    "hand_out",
    "import_list",
    "register",
    "resume",
    "suspend",
    "template",
    "withdraw",
]
