"""A sealed list into its compartment: linked by token, told to the named persons in neutral words (R-46.02)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db import transaction

from hutong.domains.compartments.models import FACTS
from hutong.domains.compartments.permissions import check_can_open
from hutong.domains.compartments.services.matters import raise_matter
from hutong.domains.compartments.services.whole import FORCED, seal_file
from hutong.domains.registry.models import Child
from hutong.foundation.access import vault
from hutong.foundation.access.acting import Acting
from hutong.kernel import clock, ids

_CHUNK: Final = 2000
_CONTENT: Final = {"hiv": "since", "adoption": "registered_on"}
"""Compartment → under which name the day of the row stands in the fact."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One row of a sealed list: whose number, from which day, on which line of the sender's file."""

    id_number: str
    day: date | str
    line: int


@transaction.atomic
def receive_list(
    *, compartment: str, rows: Iterable[Listed], area_code: str, source: str, actor: Acting
) -> dict[str, int]:
    """Facts for the children whose token is in the list; counts: ``new``, ``known``, ``unmatched``.

    A row that came before makes no second fact; a child missing from the list loses none: absence is not evidence.
    Call it inside ``opening``.
    """
    check_can_open(actor, compartment)
    given: dict[str, Listed] = {}
    unmatched = 0
    for row in rows:
        number = ids.normalise(row.id_number)
        if number:
            given[vault.token(number, "id")] = row
        else:
            unmatched += 1
    children: dict[str, Child] = {}
    tokens = list(given)
    for start in range(0, len(tokens), _CHUNK):
        found = Child.objects.filter(id_token__in=tokens[start : start + _CHUNK])
        children |= {str(child.id_token): child for child in found}
    counts = {"new": 0, "known": 0, "unmatched": unmatched + len(given) - len(children)}
    for token, child in children.items():
        made = _record(compartment, child, token, given[token], source, actor)
        counts["new" if made else "known"] += 1
    if counts["unmatched"]:
        raise_matter(
            compartment=compartment, area_code=area_code, key=f"unmatched:{compartment}:{source}"[:80],
            words=f"专管清单有 {counts['unmatched']} 行未找到在册儿童，请核对",
        )  # fmt: skip
    return counts


def _record(compartment: str, child: Child, token: str, row: Listed, source: str, actor: Acting) -> bool:
    model: Any = FACTS[compartment]
    day = str(row.day)[:10]
    mark = vault.token(f"{token}|{day}", "list_row", compartment=compartment)
    if model.objects.filter(list_row=mark).exists():
        return False
    fact = model(child=child, list_row=mark, recorded_at=clock.now())
    fact.seal({_CONTENT[compartment]: day, "source": source, "evidence": f"清单第 {row.line} 行"})
    fact.save(force_insert=True)
    if compartment in FORCED and not child.sealed_in:
        seal_file(child=child, compartment=compartment, actor=actor, reason=f"{source}，清单第 {row.line} 行")
    raise_matter(
        compartment=compartment, area_code=child.residence_area, child_id=child.pk, key=f"fact:{fact.public_id}",
        words="重点关注儿童的专管资料有更新，请核对保障情况",
    )  # fmt: skip
    return True
