"""What may be due to somebody who answers a few plain questions: likely, or not to be told yet; never a no (R-43.02)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from hutong.domains.policy.selectors import benefits, packs
from hutong.domains.policy.selectors.programmes import Offer, offers_of
from hutong.rulebook import many

Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Likely:
    """One benefit that holds (``sure``) or cannot be decided; ``because``: the facts that spoke for it; ``needs``: facts missing;
    ``values``: what each possibility gives."""

    benefit: benefits.Benefit
    sure: bool
    because: tuple[str, ...]
    needs: tuple[str, ...]
    rests_on: frozenset[str]
    values: tuple[bool | None, ...]
    offers: tuple[Offer, ...]


def likely(possible: Sequence[Facts], area_code: str, on: date) -> list[Likely]:
    """By the pack of a place: what holds whichever of ``possible`` is true, and what depends on which. Nothing is read or kept."""
    book = packs.book(packs.pack_for(area_code, on), on, "")  # the pack's own file: the database is not asked
    readings = [book.read(facts) for facts in possible]
    found = []
    for benefit in benefits.list_benefits(book):
        values = [reading.rule(benefit.rule) for reading in readings]
        if all(value is False for value in values):
            continue
        speaking = [
            book.explain(facts, benefit.rule)
            for facts, value in zip(possible, values, strict=True)
            if value is not False
        ]
        sure = all(value is True for value in values)
        needs = () if sure else tuple(dict.fromkeys(name for tree in speaking for name in tree["needs"]))
        because = tuple(dict.fromkeys(_facts(speaking[0])))
        found.append(
            Likely(
                benefit,
                sure,
                because,
                needs,
                many.rests_on(book, benefit.rule),
                tuple(None if value is None else bool(value) for value in values),
                offers_of(benefit.rule, area_code, on, book.pack),
            )
        )
    return sorted(found, key=lambda one: not one.sure)


def _facts(tree: Mapping[str, Any]) -> Iterator[str]:
    """Names of the facts the tree rests on, from the top down."""
    yield from (fact["name"] for fact in tree["facts"])
    for one in tree["conditions"]:
        yield from _facts(one)
