"""What the registry knows of the children of a ledger, fetched for many at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from hutong.domains.ledgers.selectors import ledger
from hutong.domains.registry.machines import wording
from hutong.domains.registry.models import (
    Child,
    Circumstance,
    GuardianshipRegime,
    HealthEpisode,
    Kinship,
    RollEntry,
    SchoolEpisode,
)
from hutong.foundation.network import selectors as network
from hutong.foundation.network.models import Holding
from hutong.kernel import areas, clock, ids

_GUARDIANS = ("guardian", "grandparent", "relative")


@dataclass(slots=True)
class Line:
    """One child of a ledger with what is looked up about her; ``clear``: numbers in full."""

    child: Child
    no: int
    clear: bool
    hukou: str = ""
    residence: str = ""
    director: str = ""
    supervisor: str = ""
    kinships: list[Kinship] = field(default_factory=list)
    roll: list[RollEntry] = field(default_factory=list)
    stopped: list[RollEntry] = field(default_factory=list)
    facts: list[Circumstance] = field(default_factory=list)
    regime: GuardianshipRegime | None = None
    schooling: SchoolEpisode | None = None
    health: HealthEpisode | None = None

    @property
    def id_words(self) -> str:
        if not self.child.id_sealed:
            return wording.ID_KINDS[self.child.id_kind]
        return self.child.id_number if self.clear else self.child.masked_id

    @property
    def account_words(self) -> str:
        number = self.child.payee_account
        return number if self.clear else ids.mask(number)

    def phone(self, number: str) -> str:
        return number if self.clear else mask_phone(number)

    def kin(self, *relations: str) -> Kinship | None:
        """The first relative of these kinds, in their order."""
        order = {relation: at for at, relation in enumerate(relations)}
        found = [tie for tie in self.kinships if tie.relation in order]
        return min(found, key=lambda tie: (order[tie.relation], tie.pk), default=None)

    def kin_words(self, *relations: str) -> str:
        """'父亲 柳大河 138****0000'."""
        tie = self.kin(*relations)
        if tie is None:
            return ""
        words = (tie.get_relation_display(), tie.person.name, self.phone(tie.person.phone))
        return " ".join(filter(None, words))

    @property
    def guardian_words(self) -> str:
        """By the regime where one is set, else a named guardian, else the parents who guard by law."""
        if self.regime is not None and self.regime.who:
            person = next((tie for tie in self.kinships if tie.person_id == self.regime.person_id), None)
            parts = (self.regime.who, self.regime.get_kind_display())
            return " ".join(filter(None, (*parts, self.phone(person.person.phone) if person else "")))
        return self.kin_words(*_GUARDIANS) or self.kin_words("father", "mother")


def mask_phone(number: str) -> str:
    """'13812340000' → '138****0000'; shorter numbers are starred altogether."""
    if len(number) < 8:
        return "*" * len(number)
    return f"{number[:3]}{'*' * (len(number) - 7)}{number[-4:]}"


def lines(
    children: Sequence[Child], *, start: int = 1, clear: bool = False, home: str = "", on: date | None = None
) -> list[Line]:
    """Lines of these children in their order: nine queries, however many. ``home``: the place told above the list."""
    day = on or clock.today()
    made = {child.pk: Line(child, start + at, clear) for at, child in enumerate(children)}
    pks = list(made)
    _places(made.values(), home)
    for tie in (
        Kinship.objects.filter(child__in=pks, until__isnull=True).select_related("person").order_by("pk")
    ):
        made[tie.child_id].kinships.append(tie)
    for entry in ledger.on_roll(day).filter(child__in=pks).order_by("scheme"):
        made[entry.child_id].roll.append(entry)
    # a fact of adoption is told by its own compartment only
    facts = ledger.in_force(day).filter(child__in=pks).exclude(kind__in=["adoptions", "enrolment"])
    for fact in facts.order_by("subject", "kind"):
        made[fact.child_id].facts.append(fact)
    for regime in GuardianshipRegime.objects.filter(child__in=pks, void=False, until__isnull=True):
        made[regime.child_id].regime = regime
    for school in SchoolEpisode.objects.filter(child__in=pks, until__isnull=True).order_by("since"):
        made[school.child_id].schooling = school
    for health in HealthEpisode.objects.filter(child__in=pks, until__isnull=True).order_by("since"):
        made[health.child_id].health = health
    return list(made.values())


def _places(made: Iterable[Line], home: str) -> None:
    found = list(made)
    codes = {code for line in found for code in (line.child.hukou_area, line.child.residence_area)}
    paths = network.area_paths([*codes, home] if home else list(codes))
    above = paths.get(areas.pad(home), "") if home else ""
    directors = _directors({line.child.residence_area for line in found})
    for line in found:
        child = line.child
        line.hukou = paths.get(areas.pad(child.hukou_area), child.hukou_area).removeprefix(above)
        place = paths.get(areas.pad(child.residence_area), child.residence_area).removeprefix(above)
        line.residence = f"{place}{child.address}"
        line.director = directors.get(child.residence_area, "")


def _directors(codes: set[str]) -> dict[str, str]:
    """Village → names of who holds its director's post today."""
    held = Holding.objects.filter(
        network.current(), post__role=network.DIRECTOR, post__active=True, post__area_code__in=list(codes)
    )
    found: dict[str, list[str]] = {}
    for holding in held.select_related("user", "post").order_by("deputy", "pk"):
        found.setdefault(holding.post.area_code, []).append(holding.user.name)
    return {code: "、".join(names) for code, names in found.items()}


def in_chunks(children: Iterable[Child], size: int) -> Iterator[list[Child]]:
    chunk: list[Child] = []
    for child in children:
        chunk.append(child)
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
