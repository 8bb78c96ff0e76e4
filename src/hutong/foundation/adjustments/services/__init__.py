"""The front door of ``adjustments``."""

from hutong.foundation.adjustments.services.applying import carry_out, carry_out_due, confirm
from hutong.foundation.adjustments.services.deciding import (
    accept_plain,
    decide,
    find_problems,
    find_targets,
    send_back,
    submit,
    withdraw,
)
from hutong.foundation.adjustments.services.diffing import compare
from hutong.foundation.adjustments.services.errors import AdjustmentRefused
from hutong.foundation.adjustments.services.reading import read, read_upload
from hutong.foundation.adjustments.services.refiling import refile

__all__ = [
    "AdjustmentRefused",
    "accept_plain",
    "carry_out",
    "carry_out_due",
    "compare",
    "confirm",
    "decide",
    "find_problems",
    "find_targets",
    "read",
    "read_upload",
    "refile",
    "send_back",
    "submit",
    "withdraw",
]
