"""The day of a scenario: what was approved becomes dated data over the pack, and is announced. The roll is not touched."""

from __future__ import annotations

from django.db import transaction

from hutong.domains.policy import machines as machine
from hutong.domains.policy.models import Overlay, Scenario
from hutong.domains.policy.services import deciding
from hutong.foundation.workflow import services as workflow
from hutong.kernel import clock


def activate_due() -> int:
    """Everything approved for today or before, each by itself, under a system scope; how many came into force.

    Figures that no longer stand are called stale, and an approved scenario over a pack that moved goes back to its author.
    """
    done = 0
    due = Scenario.objects.filter(state=machine.SCHEDULED, effective_on__lte=clock.today())
    for scenario in list(due.order_by("effective_on", "pk")):
        if not deciding.find_move(scenario):  # another one may have come into force just before
            _activate(scenario)
            done += 1
    live = (machine.COMPUTED, machine.PROPOSED, machine.SCHEDULED)
    for scenario in list(Scenario.objects.filter(state__in=live)):
        approved = scenario.state == machine.SCHEDULED
        words = deciding.find_move(scenario) if approved else deciding.find_staleness(scenario)
        if words:
            _age(scenario, words)
    return done


@transaction.atomic
def _age(scenario: Scenario, words: str) -> None:
    told = scenario.state != machine.COMPUTED
    fields = {"effective_on": None, "decided_by": None, "decided_label": ""}
    workflow.apply(scenario, "age", actor=None, reason=words, fields=fields)
    deciding.close(scenario, "测算已过时")
    if told:
        deciding.to_author(scenario, words, None)


@transaction.atomic
def _activate(scenario: Scenario) -> None:
    """The overlay stands before the announcement: whoever hears of it reads the new figures."""
    assert scenario.effective_on is not None
    Overlay.objects.create(
        scenario=scenario, title=scenario.title, area_code=scenario.area_code, pack=scenario.pack, lines=scenario.lines,
        adopts=scenario.adopts, drops=scenario.drops, effective_on=scenario.effective_on, activated_at=clock.now(),
        source=f"{scenario.source}；批准：{scenario.decided_label}"[:200],
    )  # fmt: skip
    workflow.apply(scenario, "activate", actor=None, reason=scenario.source)
    deciding.close(scenario, "已启用")
