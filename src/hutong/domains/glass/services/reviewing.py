"""The review every opening gets, by somebody else on the child's side."""

from __future__ import annotations

from typing import Final

from django.db import transaction

from hutong.domains.glass.machines.opening import MACHINE
from hutong.domains.glass.models import Opening
from hutong.foundation.access.acting import Acting
from hutong.foundation.workflow import services as workflow
from hutong.kernel import clock

SUBJECT: Final = "glass.opening"
REVIEWED: Final = "glass.reviewed"


@transaction.atomic
def review(*, opening: Opening, actor: Acting, event: str, words: str) -> Opening:
    """``accept``: the emergency was one; ``object``: it was not. NotNow for whoever may not, or without words."""
    words = words.strip()[:300]
    workflow.apply(
        opening, event, actor=actor, reason=words, data={"words": words},
        fields={
            "reviewed_by": actor.user, "reviewed_label": actor.label, "reviewed_at": clock.now(), "review_words": words,
        },
    )  # fmt: skip
    outcome = MACHINE.states[opening.state]
    workflow.close_items(subject_type=SUBJECT, subject_id=opening.pk, actor=actor, outcome=outcome)
    workflow.announce(event=REVIEWED, payload={"opening": opening.pk}, key=f"{REVIEWED}:{opening.pk}")
    return opening
