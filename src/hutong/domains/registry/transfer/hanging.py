"""What hangs on the children of a folder: kin, roll, circumstances."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from hutong.domains.registry.models import Child, Circumstance, Intake, Kinship, Person, RollEntry
from hutong.domains.registry.services import family
from hutong.domains.registry.transfer.reading import Rejected, Row
from hutong.foundation.access import vault
from hutong.kernel import clock, ids, names

Owned = list[tuple[int, Row, Child]]
_SAME = 0.92
_CHUNK = 2000


@dataclass(slots=True)
class Kin:
    """New persons, the ties to write, and beside each tie the person's name (for search)."""

    persons: list[Person] = field(default_factory=list)
    ties: list[Kinship] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)


def kin(owned: Owned) -> Kin:
    """One person an ID number, whether new, in the file twice, or registered anywhere already."""
    made, now = Kin(), clock.now()
    numbers = [_number(row["id_number"]) for _, row, _ in owned]
    tokens = [vault.token(number, "id") if number else "" for number in numbers]
    known: dict[str, tuple[Any, str]] = family.known_persons(sorted({token for token in tokens if token}))
    parents: set[tuple[int, str]] = set()
    for (number, row, child), id_number, token in zip(owned, numbers, tokens, strict=True):
        reason = _why_not(row, child, id_number, known.get(token), parents)
        if reason:
            made.rejected.append(Rejected("kin", number, child.file_no, reason))
            continue
        key = known[token][0] if token in known else _new(made, row, id_number or "", token, known)
        made.ties.append(Kinship(child=child, person_id=key, relation=row["relation"], created_at=now))
        made.names.append(row["name"])
        parents.add((child.pk, row["relation"]))
    return made


def _number(text: str | None) -> str | None:
    """Normalised; '' where empty, None where it is not a valid number."""
    if not text:
        return ""
    found = ids.find(text)
    return found.number if found else None


def _why_not(
    row: Row, child: Child, number: str | None, known: tuple[Any, str] | None, parents: set[tuple[int, str]]
) -> str:
    if number is None:
        return "身份证件号码不正确，请对照证件核对。"
    if (child.pk, row["relation"]) in parents:
        return "同一儿童名下此关系有两行，请核对保留哪一行。"
    if known and names.similarity(known[1], row["name"]) < _SAME:
        return "该身份证号已登记在另一姓名之下，请对照证件核对。"
    return ""


def _new(made: Kin, row: Row, number: str, token: str, known: dict[str, tuple[Any, str]]) -> Any:
    person = Person(
        name=names.clean(row["name"]),
        sex=row["sex"],
        birth_date=row["birth_date"],
        area_code=row["area_code"] or "",
    )
    person.seal_id(number)
    made.persons.append(person)
    if token:
        known[token] = (person.pk, person.name)
    return person.pk


def roll(owned: Owned, intake: Intake) -> tuple[int, list[Rejected]]:
    """Write the roll; how many rows, and those that could not be."""
    made, rejected, seen = [], [], set()
    now = clock.now()
    for number, row, child in owned:
        key = (child.pk, row["scheme"])
        if key in seen:
            rejected.append(
                Rejected("roll", number, child.file_no, "同一儿童同一类别有两行，请核对保留哪一行。")
            )
            continue
        seen.add(key)
        made.append(
            RollEntry(
                child=child,
                scheme=row["scheme"],
                since=row["since"],
                monthly=row["monthly"],
                intake=intake,
                recorded_at=now,
            )
        )
    return len(RollEntry.objects.bulk_create(made, batch_size=_CHUNK)), rejected


def circumstances(owned: Owned, intake: Intake) -> tuple[int, list[Rejected]]:
    """Write the facts with where they came from."""
    made, rejected = [], []
    now = clock.now()
    for number, row, child in owned:
        if row["to"] is not None and row["to"] < row["from"]:
            rejected.append(Rejected("circumstances", number, child.file_no, "止日早于起日。"))
            continue
        made.append(
            Circumstance(
                child=child,
                subject=row["subject"],
                kind=row["kind"],
                since=row["from"],
                until=row["to"],
                detail=(row["detail"] or "")[:200],
                evidence=(row["evidence"] or "")[:200],
                source_ref=f"{intake.title} 第 {number} 行"[:100],
                verified_on=row["verified_on"],
                recorded_at=now,
                intake=intake,
            )
        )
    return len(Circumstance.objects.bulk_create(made, batch_size=_CHUNK)), rejected
