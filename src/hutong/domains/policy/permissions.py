"""Who may take a scenario further: the sentences users see."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied

from hutong.domains.policy.models import Scenario
from hutong.foundation.access.acting import Acting
from hutong.foundation.workflow import machines
from hutong.foundation.workflow.errors import NotNow


@machines.guard("policy.own")
def own(scenario: Scenario, actor: Acting | None, data: dict[str, Any]) -> None:
    if actor is not None and scenario.made_by_id != actor.user.pk:
        raise NotNow("只有起草人可以办理这一步；需要改动的，请复制为自己的情景。")


def check_second(actor: Acting, scenario: Scenario) -> None:
    """Whoever drafted it decides nothing about it."""
    actor.check("policy.approve")
    if scenario.made_by_id == actor.user.pk:
        raise PermissionDenied("起草人不能批准自己的政策情景，请由另一位工作人员办理。")
