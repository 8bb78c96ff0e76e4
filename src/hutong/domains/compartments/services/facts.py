"""Facts of a compartment: recorded, closed, never changed."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from hutong.domains.compartments.models import FACTS, SealedFact
from hutong.domains.compartments.permissions import check_can_open
from hutong.domains.compartments.services.errors import Refused
from hutong.domains.compartments.services.whole import FORCED, seal_file
from hutong.domains.registry.models import Child
from hutong.foundation.access.acting import Acting
from hutong.kernel import clock


@transaction.atomic
def add_fact(*, child: Child, compartment: str, actor: Acting, content: dict[str, Any]) -> SealedFact:
    """A fact with its whole content sealed; an adoption takes the whole file with it. Call it inside ``opening``."""
    check_can_open(actor, compartment)
    fact = FACTS[compartment](child=child, recorded_by=actor.user, recorded_at=clock.now())
    fact.seal({name: _plain(value) for name, value in content.items() if value not in ("", None)})
    fact.save(force_insert=True)
    if compartment in FORCED and not child.sealed_in:
        seal_file(child=child, compartment=compartment, actor=actor, reason="登记专管资料")
    return fact


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


@transaction.atomic
def close_fact(fact: SealedFact, *, actor: Acting, reason: str) -> SealedFact:
    """The fact no longer holds or was wrong: it stays, closed, with the reason sealed beside it."""
    check_can_open(actor, fact.compartment)
    if not reason.strip():
        raise Refused("请写明注销的事由。", "reason")
    held = type(fact)._default_manager.select_for_update().get(pk=fact.pk)
    if held.closed_at is not None:
        raise Refused("这一条已经注销，请刷新后再看。")
    held.closed_at, held.closed_by = clock.now(), actor.user
    held.seal_closing(reason.strip()[:200])
    held.save(update_fields=["closed_at", "closed_by", "closed_words"])
    return held
