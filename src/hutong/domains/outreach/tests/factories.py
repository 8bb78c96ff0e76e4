"""Children of the shared cast's village, with the facts a test needs, under the policy of Chongqing."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

from hutong.domains.outreach import services
from hutong.domains.outreach.models import Offer
from hutong.domains.registry.models import Child, Circumstance, Kinship, Person
from hutong.foundation.access.scope import system_scope, use_scope

WILLOW = "990101101201"
HUKOU = "500199001001"
"""In Chongqing: the hukou area's policy is the one that pays."""


def child(cast: SimpleNamespace, number: int = 1, *, parents: bool = True, **facts: Any) -> Child:
    """On file with both parents, of whom nothing is known but that they are there."""
    given = {
        "file_no": f"H990101{number:07d}", "name": f"柳小{'一二三四五六七八九'[number % 9]}", "sex": 1,
        "birth_date": date(2016, 2, 29), "id_kind": "UNSEEN", "hukou_area": HUKOU, "residence_area": WILLOW,
        "state": "ACTIVE", "lives_with": "grandparents", "school": "primary",
    }  # fmt: skip
    with use_scope(cast.county.scope):
        made = Child.objects.create(**given | facts)
        for relation in ("father", "mother") if parents else ():
            person = Person(name="柳" + relation[0])
            Person.objects.bulk_create([person])
            Kinship.objects.bulk_create([Kinship(child=made, person_id=person.pk, relation=relation)])
    return made


def say(
    cast: SimpleNamespace, about: Child, subject: str, kind: str, since: date, **more: Any
) -> Circumstance:
    with use_scope(cast.county.scope):
        return Circumstance.objects.create(child=about, subject=subject, kind=kind, since=since, **more)


def find(*children: Child) -> dict[str, int]:
    with use_scope(system_scope("test")):
        return services.find([one.pk for one in children])


def offers(cast: SimpleNamespace, about: Child) -> dict[str, Offer]:
    """Benefit → the newest offer."""
    with use_scope(cast.county.scope):
        return {one.benefit: one for one in Offer.objects.filter(child=about).order_by("pk")}
