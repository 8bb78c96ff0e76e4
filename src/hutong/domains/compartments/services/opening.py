"""Opening compartments: for one block of code, and a card for one person and purpose."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from django.db import transaction

from hutong.domains.compartments.models import Opening
from hutong.domains.compartments.models.base import PURPOSES
from hutong.domains.compartments.permissions import check_can_open
from hutong.domains.compartments.services.errors import Refused
from hutong.domains.registry.models import Child
from hutong.foundation.access.acting import Acting
from hutong.foundation.access.scope import required, use_scope


@contextmanager
def opening(actor: Acting, *compartments: str) -> Iterator[None]:
    """Inside, these compartments exist for the actor, as far as the list says; without names: all the actor's.

    PermissionDenied for one the actor is not named for. Lists, search and exports never run in here.
    """
    for one in compartments:
        check_can_open(actor, one)
    wanted = compartments or actor.sealed
    if not wanted:
        actor.check("sealed.view")
    with use_scope(replace(required(), sealed=tuple(wanted), extra=actor.scope.extra)):
        yield


@transaction.atomic
def open_card(*, child: Child, compartment: str, actor: Acting, purpose: str, words: str = "") -> Opening:
    """Write down who opens what for which purpose; only then is the card drawn. Call it inside ``opening``."""
    check_can_open(actor, compartment)
    if purpose not in PURPOSES:
        raise Refused("请选择用途。", "purpose")
    if purpose == "OTHER" and not words.strip():
        raise Refused("选择“其他”时请写明用途。", "words")
    made = Opening(
        compartment=compartment,
        child=child,
        actor=actor.user,
        actor_label=actor.label,
        purpose=purpose,
        words=words.strip()[:200],
    )
    made.save(force_insert=True)
    return made
