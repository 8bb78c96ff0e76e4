"""What was done about an offer: told, helped, already had, not wanted, not met, taken up again."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.db import IntegrityError, transaction

from hutong.domains.outreach.machines import offer as machine
from hutong.domains.outreach.models import Offer
from hutong.domains.outreach.services import items, terms
from hutong.domains.workforce import services as workforce
from hutong.foundation.access.acting import Acting
from hutong.foundation.workflow import machines
from hutong.foundation.workflow import services as workflow
from hutong.foundation.workflow.errors import NotNow
from hutong.kernel import clock

RIGHT: Final = "outreach.act"
LEAST: Final = 4
EVENTS: Final = {step.event: step.word for step in machine.MACHINE.transitions if step.right == RIGHT}
"""Event → the word on the button."""


@machines.guard("outreach.words")
def has_words(subject: object, actor: Acting | None, data: dict[str, str]) -> None:
    """A refusal without a reason cannot be judged by anybody later."""
    if len(str(data.get("words") or "").strip()) < LEAST:
        raise NotNow(f"请写明情况或理由（至少 {LEAST} 个字），如“向祖母说明了条件和材料”。")


@transaction.atomic
def act(*, offer: Offer, event: str, words: str, on: date, actor: Acting) -> Offer:
    """Take an offer one step on. NotNow in Chinese where the day cannot be, or somebody was faster; PermissionDenied without
    the right, or before the post holder is examined and checked (WP-20)."""
    actor.check(RIGHT)
    workforce.check_may_sign(actor)
    today = clock.today()
    if event not in EVENTS:
        raise NotNow("请选择办理结果。")
    if not offer.found_on <= on <= today:
        raise NotNow(f"办理日期应在 {offer.found_on} 至 {today} 之间，请改正后再提交。")
    to = machine.MACHINE.transition(event, offer.state).to if _possible(event, offer) else offer.state
    said = {"words": words.strip(), "on": on.isoformat()}
    fields = {
        "words": words.strip()[:500], "acted_on": on, "acted_label": actor.label,
        "ended_on": today if to in machine.ENDED else None,
    }  # fmt: skip
    if to in machine.LIVE:
        fields["due_on"] = terms.due(to, today)
    try:
        with transaction.atomic():
            workflow.apply(offer, event, actor=actor, reason=words.strip(), data=said, fields=fields)
    except IntegrityError:
        raise NotNow("这项待遇已经重新列入待告知，请刷新后在新的一条上办理。") from None
    items.arrange([offer.child_id], actor=actor)
    return offer


def _possible(event: str, offer: Offer) -> bool:
    return any(step.event == event for step in machine.MACHINE.events_from(offer.state))
