"""What an overlay put in force does to each child on its day, for those who make leads of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from hutong.domains.policy.models import Overlay
from hutong.domains.policy.selectors import child_facts, overlays, records
from hutong.domains.policy.services import computing
from hutong.domains.registry.models import Child, RollEntry
from hutong.rulebook import packs
from hutong.rulebook.packs import drafts
from hutong.rulebook.simulate import Effect, Simulation

RULES = {"ORPHAN-I": "orphan", "ORPHAN-S": "orphan", "REF-ORPHAN": "ref_orphan", "DEFACTO": "defacto"}


@dataclass(frozen=True, slots=True)
class Difference:
    """``effect`` is the change; ``roll`` the living schemes the child is on (scheme → fen); ``why`` the new book's tree."""

    child: Child
    effect: Effect
    roll: dict[str, int | None]
    why: dict[str, Any]


def differences(overlay: Overlay, area_code: str) -> Iterator[Difference]:
    """Children with hukou in ``area_code`` of whom the overlay changes something, under the reader's range."""
    on = overlay.effective_on
    laid = [one for one in overlays.list_overlays(overlay.pack, area_code, on) if one.pk != overlay.pk]
    before = drafts.overlaid(packs.load(overlay.pack), [one.draft for one in laid])
    done = Simulation(before, drafts.overlaid(before, [overlay.draft]), [on])
    for part in computing.children_of(area_code):
        children = {child.file_no: child for child in part}
        start = len(done.effects)
        done.add(computing.facts_of(part))
        changed = {one.child_id: one for one in done.effects[start:]}
        held = {one.child.pk: one for one in records.load_many([children[number] for number in changed])}
        rolls = _rolls([children[number].pk for number in changed], on)
        for number, effect in changed.items():
            child = children[number]
            roll = rolls.get(child.pk, {})
            rule = RULES.get(effect.after or next(iter(roll), ""), "scheme")
            yield Difference(
                child,
                effect,
                roll,
                done.books[0][1].explain(child_facts.read(held[child.pk], on).facts, rule),
            )


def _rolls(keys: list[int], on: date) -> dict[int, dict[str, int | None]]:
    found: dict[int, dict[str, int | None]] = {}
    held = RollEntry.objects.filter(
        Q(until__isnull=True) | Q(until__gt=on), child__in=keys, scheme__in=RULES, since__lte=on
    )
    for child, scheme, monthly in held.values_list("child_id", "scheme", "monthly"):
        found.setdefault(child, {})[scheme] = monthly
    return found
