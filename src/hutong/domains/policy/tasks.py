"""What was approved for a day comes into force on it; figures that have grown old are called so."""

from __future__ import annotations

from hutong.domains.policy import services
from hutong.foundation.access.scope import system_scope, use_scope
from hutong.foundation.workflow import jobs


def activate_due() -> int:
    with use_scope(system_scope("政策启用")):
        return services.activate_due()


jobs.every("10 0 * * *", "policy.activate", activate_due)
