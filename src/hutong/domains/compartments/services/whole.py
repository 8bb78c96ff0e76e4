"""A child's whole file into a compartment and out again (ADR 0014)."""

from __future__ import annotations

from django.db import transaction

from hutong.domains.compartments.models import WholeFile
from hutong.domains.compartments.permissions import check_can_open
from hutong.domains.compartments.services.errors import Refused
from hutong.domains.compartments.services.matters import raise_matter, settle_matter
from hutong.domains.registry.models import Child
from hutong.domains.registry.services.sealing import set_sealed
from hutong.foundation.access.acting import Acting
from hutong.kernel import clock

FORCED = ("adoption",)
"""Compartments whose facts take the whole file with them: what is left outside would tell."""


@transaction.atomic
def seal_file(*, child: Child, compartment: str, actor: Acting, reason: str) -> WholeFile:
    """At once, by one named person; another is asked to look at it. Call it inside ``opening``."""
    check_can_open(actor, compartment)
    if not reason.strip():
        raise Refused("请写明整份转入专管的事由。", "reason")
    held = Child.objects.select_for_update().get(pk=child.pk)
    if held.sealed_in:
        raise Refused("这份档案已经整份转入专管，请刷新后再看。")
    whole = WholeFile(compartment=compartment, child=held, recorded_by=actor.user, recorded_at=clock.now())
    whole.seal({"reason": reason.strip()[:200]})
    whole.save(force_insert=True)
    set_sealed(held, compartment)
    child.sealed_in = compartment
    raise_matter(
        compartment=compartment, area_code=held.residence_area, child_id=held.pk, key=f"whole:{whole.public_id}",
        words="一份档案整份转入专管，请另一位名单人员核对",
    )  # fmt: skip
    return whole


@transaction.atomic
def lift_file(*, child: Child, compartment: str, actor: Acting, reason: str) -> WholeFile:
    """The file is an ordinary one again: by a named person other than who sealed it, with a reason. Inside ``opening``."""
    check_can_open(actor, compartment)
    if not reason.strip():
        raise Refused("请写明解除的事由。", "reason")
    whole = (
        WholeFile.objects.select_for_update()
        .filter(child=child, compartment=compartment, closed_at=None)
        .first()
    )
    if whole is None:
        raise Refused("这份档案没有整份转入这一类专管，请刷新后再看。")
    if whole.recorded_by_id == actor.user.pk:
        raise Refused("转入专管的人不能自己解除，请由名单上的另一位人员办理。")
    whole.closed_at, whole.closed_by = clock.now(), actor.user
    whole.seal_closing(reason.strip()[:200])
    whole.save(update_fields=["closed_at", "closed_by", "closed_words"])
    set_sealed(child, "")
    settle_matter(key=f"whole:{whole.public_id}", actor=actor, outcome="已解除整份专管")
    return whole
