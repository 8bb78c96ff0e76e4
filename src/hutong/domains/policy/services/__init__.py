"""The front door for acts of ``policy``: keeping what the rules said (ADR 0034); a scenario from draft to force (ADR 0035)."""

from hutong.domains.policy.services.activating import activate_due
from hutong.domains.policy.services.computing import JOB, order, run_job
from hutong.domains.policy.services.deciding import (
    WORK,
    approve,
    find_staleness,
    propose,
    send_back,
    withdraw,
)
from hutong.domains.policy.services.drafting import add_line, copy, create, line_key, remove_line, set_rules
from hutong.domains.policy.services.errors import Refused
from hutong.domains.policy.services.handing_out import take
from hutong.domains.policy.services.keeping import Found, keep, keep_found
from hutong.domains.policy.services.recomputing import Difference, differences

__all__ = [
    "JOB",
    "WORK",
    "Difference",
    "Found",
    "Refused",
    "activate_due",
    "add_line",
    "approve",
    "copy",
    "create",
    "differences",
    "find_staleness",
    "keep",
    "keep_found",
    "line_key",
    "order",
    "propose",
    "remove_line",
    "run_job",
    "send_back",
    "set_rules",
    "take",
    "withdraw",
]
