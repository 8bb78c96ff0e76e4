"""What was confirmed for a later day is carried out on that day."""

from __future__ import annotations

from hutong.foundation.access.scope import system_scope, use_scope
from hutong.foundation.adjustments import services
from hutong.foundation.workflow import jobs


def carry_out_due() -> int:
    with use_scope(system_scope("区划调整")):
        done = services.carry_out_due()
        services.refile(None)
        return done


jobs.every("5 0 * * *", "adjustments.carry_out", carry_out_due)
