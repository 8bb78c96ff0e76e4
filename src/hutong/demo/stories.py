"""What happened to some families: who is supported already, what the departments' lists newly tell, what has ended.

Each story writes list rows (what a department would send), verified circumstances and roll entries. Nothing here decides anything:
the comparison must find the leads by itself.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from hutong.demo.families import Child, Family
from hutong.demo.people import Maker, Person

Row = dict[str, Any]


@dataclass(slots=True)
class World:
    """One district while its stories are told."""

    maker: Maker
    families: list[Family]
    on: date
    monthly: dict[str, str]
    work_area: str
    lists: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    circumstances: list[Row] = field(default_factory=list)
    roll: list[Row] = field(default_factory=list)
    front: str = ""
    """The village of the tour: something of every kind happens there."""
    _told: int = 0

    def ago(self, days: int) -> date:
        return self.on - timedelta(days=days)

    def next_family(self, *, oldest: int = 16) -> Family:
        """A family nobody has told a story of, whose children are all under ``oldest`` (and not newborn)."""
        self._told += 1
        if self._told % 9 == 0:
            choice = [
                family for family in self.families if family.area == self.front and self._fits(family, oldest)
            ]
        else:
            choice = [
                family for family in self.maker.draw.sample(self.families, 40) if self._fits(family, oldest)
            ]
        if not choice:
            choice = [family for family in self.families if self._fits(family, oldest)]
        family = self.maker.draw.choice(choice)
        family.used = True
        return family

    def _fits(self, family: Family, oldest: int) -> bool:
        if family.used:
            return False
        ages = [(self.on - child.person.birth).days / 365.25 for child in family.children]
        return max(ages) < oldest and min(ages) > 1

    def row(self, code: str, person: Person, **columns: Any) -> None:
        self.lists[code].append(
            {
                "name": person.name, "id_number": person.number, "sex": person.sex,
                "birth_date": person.birth, "area_code": person.area, **columns,
            }
        )  # fmt: skip

    def known(
        self, child: Child, subject: str, kind: str, start: date, end: date | None, detail: str
    ) -> None:
        self.circumstances.append(
            {
                "subject": subject, "child_id": child.file_no, "kind": kind, "from": start, "to": end,
                "detail": detail, "evidence": "档案材料", "verified_on": start + timedelta(days=20),
            }
        )  # fmt: skip

    def on_roll(self, child: Child, scheme: str, since: date) -> None:
        row = {
            "child_id": child.file_no,
            "scheme": scheme,
            "since": since,
            "monthly": self.monthly.get(scheme),
        }
        self.roll.append(row)

    # --- what can befall a parent; each returns (list code, start, end, detail) and writes the list row -------

    def death(self, person: Person, days: int) -> tuple[str, date, date | None, str]:
        self.row("deaths", person, death_date=self.ago(days), kind="死亡")
        return "deaths", self.ago(days), None, "死亡"

    def prison(self, person: Person, since: int, until: int) -> tuple[str, date, date | None, str]:
        """``until`` days from now (negative: already released)."""
        start, end = self.ago(since), self.ago(-until)
        self.row("custody", person, kind="服刑", start_date=start, end_date=end)
        return "custody", start, end, "服刑"

    def severe(self, person: Person) -> tuple[str, date, date | None, str]:
        kind, grade = self.maker.draw.choice(
            (("肢体", "一级"), ("视力", "二级"), ("精神", "二级"), ("智力", "三级"))
        )
        end = self.ago(-365 * 6)
        self.row("disability", person, cert_no=person.number + "41", kind=kind, grade=grade, valid_to=end)
        return "disability", self.ago(1500), end, f"{kind} {'一二三四'.index(grade[0]) + 1}级"

    def illness(self, person: Person) -> tuple[str, date, date | None, str]:
        start = self.ago(self.maker.draw.randint(100, 900))
        disease = self.maker.draw.choice(("尿毒症", "恶性肿瘤", "白血病"))
        self.row("serious_illness", person, disease=disease, diagnosed_on=start)
        return "serious_illness", start, None, disease

    def lost(self, person: Person) -> tuple[str, date, date | None, str]:
        start = self.ago(self.maker.draw.randint(500, 1500))
        accepted = start + timedelta(days=60)
        receipt = f"HZ{self.maker.draw.randint(100000, 999999)}"
        self.row(
            "lost_contact", person, lost_since=start, accepted_on=accepted, receipt_no=receipt, route="police"
        )
        return "lost_contact", start, None, ""

    def soft(self, person: Person) -> tuple[str, date, date | None, str]:
        """One of the eight circumstances, still running."""
        tell = self.maker.draw.choice((self._long_prison, self.severe, self.illness, self.lost))
        return tell(person)

    def _long_prison(self, person: Person) -> tuple[str, date, date | None, str]:
        return self.prison(person, self.maker.draw.randint(200, 900), self.maker.draw.randint(300, 1500))


def tell(world: World, size: int) -> None:
    """All stories for a district of ``size`` children, in proportion, after one of each in the village of the tour."""
    for story in (_newly_defacto, _newly_orphan, _released, _emergency, _supported_defacto, _never_asked):
        world._told = 8  # the next family is from there
        story(world)

    def times(per_10_000: float) -> range:
        return range(max(1, round(size * per_10_000 / 10_000)))

    for _ in times(45):
        _supported_defacto(world)
    for _ in times(14):
        _supported_orphan(world)
    for _ in times(12):
        _newly_defacto(world)
    for _ in times(6):
        _newly_orphan(world)
    for _ in times(6):
        _both_in_custody(world)
    for _ in times(12):
        _never_asked(world)
    for _ in times(5):
        _released(world)
    for _ in times(3):
        _became_orphan(world)
    for _ in times(3):
        _adopted(world)
    for _ in times(4):
        _emergency(world)
    for _ in times(220):
        _left_behind(world, listed=True)
    for _ in times(14):
        _left_behind(world, listed=False)
    for _ in times(8):
        _came_home(world)
    _background(world, size)


def _apply(world: World, family: Family, told: dict[str, tuple[str, date, date | None, str]]) -> None:
    for child in family.children:
        for subject, (kind, start, end, detail) in told.items():
            world.known(child, subject, kind, start, end, detail)


def _live_with(family: Family, who: str, **more: Any) -> None:
    for child in family.children:
        child.facts |= {"lives_with": who, "guard": "FAIR", **more}


def _supported_defacto(world: World) -> None:
    family = world.next_family()
    told = {
        "father": world.death(family.father, world.maker.draw.randint(600, 3000)),
        "mother": world.soft(family.mother),
    }
    _apply(world, family, told)
    _live_with(family, "grandparents")
    for child in family.children:
        world.on_roll(child, "DEFACTO", world.ago(400))


def _supported_orphan(world: World) -> None:
    family = world.next_family()
    told = {"father": world.death(family.father, 1900), "mother": world.death(family.mother, 1200)}
    _apply(world, family, told)
    _live_with(family, "grandparents")
    for child in family.children:
        world.on_roll(child, "ORPHAN-S", world.ago(1000))


def _newly_defacto(world: World) -> None:
    family = world.next_family()
    world.death(family.father, world.maker.draw.randint(20, 80))
    world.soft(family.mother)
    _live_with(family, "grandparents")


def _newly_orphan(world: World) -> None:
    family = world.next_family()
    world.death(family.father, 700)
    world.death(family.mother, world.maker.draw.randint(10, 80))
    _live_with(family, "relatives")


def _both_in_custody(world: World) -> None:
    family = world.next_family()
    world.prison(family.father, 300, 900)
    world.prison(family.mother, 250, 500)
    _live_with(family, "relatives")


def _released(world: World) -> None:
    """Supported because one parent was in prison; the term has ended: should have exited."""
    family = world.next_family()
    told = {"father": world.death(family.father, 2000), "mother": world.prison(family.mother, 1400, -40)}
    _apply(world, family, told)
    _live_with(family, "mother")
    for child in family.children:
        world.on_roll(child, "DEFACTO", world.ago(900))


def _became_orphan(world: World) -> None:
    """Supported as de facto unsupported; the second parent has died: another scheme is due."""
    family = world.next_family()
    told = {"father": world.death(family.father, 2000), "mother": world.illness(family.mother)}
    _apply(world, family, told)
    world.death(family.mother, world.maker.draw.randint(15, 60))
    _live_with(family, "grandparents")
    for child in family.children:
        world.on_roll(child, "DEFACTO", world.ago(700))


def _adopted(world: World) -> None:
    family = world.next_family(oldest=10)
    told = {"father": world.death(family.father, 1900), "mother": world.death(family.mother, 1500)}
    _apply(world, family, told)
    _live_with(family, "adopters")
    for child in family.children:
        world.on_roll(child, "ORPHAN-S", world.ago(1000))
        world.row("adoptions", child.person, registered_on=world.ago(50))


def _emergency(world: World) -> None:
    family = world.next_family()
    for parent in (family.father, family.mother):
        world.row("emergencies", parent, event="山洪", occurred_on=world.ago(3), effect="住院")


def _left_behind(world: World, *, listed: bool) -> None:
    family = world.next_family(oldest=14)
    days = world.maker.draw.randint(240, 900)
    for parent in (family.father, family.mother):
        world.row("migrant_work", parent, work_area=world.work_area, since=world.ago(days))
    _live_with(family, "grandparents", entrusted=world.maker.draw.random() < 0.7)
    for child in family.children:
        if listed:
            world.on_roll(child, "LB", world.ago(days - 200))


def _came_home(world: World) -> None:
    family = world.next_family(oldest=14)
    for parent in (family.father, family.mother):
        world.row(
            "migrant_work", parent, work_area=world.work_area, since=world.ago(800), returned_on=world.ago(45)
        )
    for child in family.children:
        world.on_roll(child, "LB", world.ago(500))


def _never_asked(world: World) -> None:
    """On dibao, as the file says, and nobody has told the family what their children may have besides."""
    family = world.next_family()
    start = world.ago(world.maker.draw.randint(200, 1200))
    _apply(world, family, {"child": ("low_income", start, None, "dibao")})
    child = family.children[0]
    if world.maker.draw.random() < 0.4:
        world.known(child, "child", "disability", start, None, "听力 2级")


def _background(world: World, size: int) -> None:
    """Rows about people who have nothing to do with the registry, and facts that entitle nobody by themselves."""
    draw = world.maker.draw
    areas = [family.area for family in world.families]
    for _ in range(size // 25):
        world.death(
            world.maker.person(draw.choice("男女"), world.maker.birth(world.on, 55, 95), draw.choice(areas)),
            draw.randint(5, 88),
        )
    for _ in range(size // 60):
        world.severe(
            world.maker.person(draw.choice("男女"), world.maker.birth(world.on, 30, 80), draw.choice(areas))
        )
    for _ in range(size // 120):
        family = world.next_family()
        world.soft(family.father)  # the mother is at home: a key tag, no entitlement
    for family in draw.sample(world.families, size // 40):
        start = world.ago(draw.randint(100, 1500))
        world.row("low_income", family.father, kind="低保", start_date=start, monthly="420.00")
    for family in draw.sample(world.families, size // 4):
        for child in family.children:
            age = (world.on - child.person.birth).days / 365.25
            if 6.5 < age < 15:
                stage = "小学" if age < 12 else "初中"
                world.row("enrolment", child.person, school="示例学校", stage=stage, status="在校")
    for family in draw.sample(world.families, max(2, size // 2500)):
        world.row("hiv", family.children[0].person, reported_on=world.ago(300))
    for code, column in (
        ("declared_missing", "declared_on"),
        ("guardianship_revoked", "revoked_on"),
        ("deported", "deported_on"),
    ):
        for _ in range(max(2, size // 2000)):
            stranger = world.maker.person(
                draw.choice("男女"), world.maker.birth(world.on, 25, 60), draw.choice(areas)
            )
            world.row(code, stranger, **{column: world.ago(draw.randint(100, 900))})
