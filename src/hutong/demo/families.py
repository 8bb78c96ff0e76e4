"""Families of one fictitious district: children with both parents on file, in realistic proportions."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from hutong.demo.people import DOTTED, Maker, Person
from hutong.kernel.ages import completed_years

STAGES = ((3, "none"), (6, "preschool"), (12, "primary"), (15, "junior"), (18, "senior"), (200, "none"))


@dataclass(slots=True)
class Family:
    father: Person
    mother: Person
    area: str
    rural: bool
    children: list[Child] = field(default_factory=list)
    used: bool = False


@dataclass(slots=True)
class Child:
    file_no: str
    person: Person
    family: Family
    facts: dict[str, Any]

    def row(self, on: date) -> dict[str, Any]:
        age = max(completed_years(self.person.birth, on), 0)
        base: dict[str, Any] = {
            "child_id": self.file_no,
            "name": self.person.name,
            "id_number": self.person.number,
            "sex": self.person.sex,
            "birth_date": self.person.birth,
            "hukou_area": self.family.area,
            "residence_area": self.person.area,
            "rural": self.family.rural,
            "lives_with": "parents",
            "place": "home",
            "guard": "GOOD",
            "school": next(stage for limit, stage in STAGES if age < limit),
            "full_time": True,
            "single": False,
            "entrusted": False,
            "adopted": False,
            "was": None,
        }
        return base | self.facts


def draw_families(
    maker: Maker, villages: list[tuple[str, bool]], count: int, on: date, first: str
) -> list[Family]:
    """``count`` children in families of one to three. ``villages``: (12-digit code, rural)."""
    families: list[Family] = []
    made = 0
    weights = [
        4.0,
        *(maker.draw.uniform(0.4, 1.6) for _ in villages[1:]),
    ]  # the first is the village of the tour
    while made < count:
        (area, rural) = maker.draw.choices(villages, weights)[0]
        father = maker.person("男", maker.birth(on, 27, 50), area)
        mother = maker.person("女", maker.birth(on, 25, 46), area)
        family = Family(father, mother, area, rural)
        for _ in range(maker.draw.choices((1, 2, 3), (58, 34, 8))[0]):
            family.children.append(_child(maker, family, villages, on, f"{first}{made + 1:07d}"))
            made += 1
        families.append(family)
    return families


def _child(maker: Maker, family: Family, villages: list[tuple[str, bool]], on: date, file_no: str) -> Child:
    sex = "男" if maker.draw.random() < 0.53 else "女"
    younger = min((on - parent.birth).days / 365.2425 for parent in (family.father, family.mother))
    birth = maker.birth(on, 0.1, min(17.9, younger - 20))  # no parent was under twenty
    # 6 % live in another village of the district than where they are registered
    home = family.area if maker.draw.random() > 0.06 else maker.draw.choice(villages)[0]
    person = maker.person(sex, birth, home, family.father.name[0])
    if maker.draw.random() < 0.0004:
        person.name = maker.draw.choice(DOTTED)
    facts: dict[str, Any] = {
        "guard": maker.draw.choices(("GOOD", "FAIR", "POOR"), (84, 14, 2))[0],
        "single": maker.draw.random() < 0.04,
    }
    if maker.draw.random() < 0.002:
        facts["id_number"] = None  # 无户籍
    return Child(file_no, person, family, facts)
