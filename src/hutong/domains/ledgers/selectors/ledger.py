"""Who stands in a ledger: generated from the registry each time it is asked for, under the asker's scope (R-03.02)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import Exists, OuterRef, Q, QuerySet

from hutong.domains.ledgers.data import catalogue
from hutong.domains.ledgers.models.exports import BASES
from hutong.domains.registry.models import Child, Circumstance, RollEntry
from hutong.foundation.access.acting import Acting
from hutong.kernel import areas, clock

STATES: Final = ("ACTIVE",)
"""A ledger holds files under care; drafts are not yet, closed ones no longer in it."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One ledger of one place. ``basis``: by hukou or by residence."""

    kind: str
    area: str
    basis: str

    @classmethod
    def from_query(cls, query: Mapping[str, Any], actor: Acting) -> Asked | None:
        """None until a known ledger is asked for; an unknown place falls back to the actor's own."""
        kind = catalogue.kinds().get(str(query.get("kind") or ""))
        if kind is None:
            return None
        area = str(query.get("area") or "")
        known = area.isascii() and area.isdigit() and len(area) in (6, 9, 12)
        basis = str(query.get("basis") or "")
        return cls(
            kind.code,
            areas.pad(area) if known else actor.post.area_code,
            basis if basis in BASES else kind.basis,
        )

    def within(self, actor: Acting) -> bool:
        """Whether the place lies in the acting range."""
        return actor.scope.holds(self.area)

    def query(self) -> str:
        return f"kind={self.kind}&area={self.area}&basis={self.basis}"


def list_ledger(asked: Asked, on: date | None = None) -> QuerySet[Child]:
    """The children of a ledger, place by place, then by name."""
    kind, day = catalogue.kinds()[asked.kind], on or clock.today()
    lo, hi = areas.bounds(asked.area)
    place = f"{asked.basis}_area"
    found = Child.objects.filter((f"{place}__gte", lo), (f"{place}__lt", hi), state__in=STATES)
    if kind.schemes:
        found = found.filter(Exists(on_roll(day).filter(scheme__in=kind.schemes, child=OuterRef("pk"))))
    if kind.facts or kind.guard:
        found = found.filter(_any_of(kind, day))
    return found.order_by(place, "name_pinyin", "id")


def on_roll(day: date) -> QuerySet[RollEntry]:
    """What runs on the day."""
    return RollEntry.objects.filter(Q(until__isnull=True) | Q(until__gt=day), since__lte=day)


def in_force(day: date) -> QuerySet[Circumstance]:
    """Circumstances that hold on the day and were not withdrawn."""
    return Circumstance.objects.filter(
        Q(until__isnull=True) | Q(until__gte=day), since__lte=day, superseded_at__isnull=True
    )


def _any_of(kind: catalogue.Kind, day: date) -> Q:
    found = Q(guard__in=kind.guard) if kind.guard else Q()
    for facts in kind.facts:
        rows = in_force(day).filter(subject__in=facts.subjects, kind__in=facts.kinds, child=OuterRef("pk"))
        found |= Q(Exists(rows))
    return found


def count(asked: Asked) -> int:
    return list_ledger(asked).order_by().count()
