"""The rows of a merge: which values and which facts come over, and how each finds its way back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from django.db.models import F, Model

from hutong.domains.registry.models import (
    Child,
    Circumstance,
    GuardianshipRegime,
    GuardianshipStatus,
    HealthEpisode,
    Kinship,
    Merge,
    Person,
    RollEntry,
    SchoolEpisode,
)
from hutong.domains.registry.services import identity, indexing
from hutong.domains.registry.services.creating import PAYEE, SAID
from hutong.kernel import clock

DOCUMENT: Final = "document"
_HELD: Final = {
    "kinship": Kinship, "circumstance": Circumstance, "regime": GuardianshipRegime, "status": GuardianshipStatus,
    "school": SchoolEpisode, "health": HealthEpisode, "roll": RollEntry,
}  # fmt: skip
_MAYBE: Final = (
    "lives_with",
    "ethnic",
    "address",
    "phone",
    "rural",
    "single",
    "entrusted",
    "adopted",
    "school",
    "full_time",
    "was",
    *PAYEE,
)
"""Fields where the survivor may say nothing, and then takes what the other says."""


def taken(survivor: Child, merged: Child, takes: Iterable[str]) -> list[str]:
    """Every field that comes over: those chosen, and those the survivor says nothing about."""
    found = set(takes)
    found |= {
        field
        for field in (*_MAYBE, "guard")
        if _silent(getattr(survivor, field)) and not _silent(getattr(merged, field))
    }
    if not survivor.id_sealed and merged.id_sealed:
        found.add(DOCUMENT)
    return sorted(found)


def _silent(value: Any) -> bool:
    return value is None or value == ""


def check_identity(survivor: Child, merged: Child, fields: Sequence[str]) -> None:
    """Refused where number, sex and birth date of the joined file would contradict each other."""

    def of(field: str) -> Any:
        return getattr(merged if field in fields else survivor, field)

    document = merged if DOCUMENT in fields else survivor
    identity.read_number(document.id_kind, document.id_number, sex=of("sex"), birth_date=of("birth_date"))


def picture(entry: Model, fields: Sequence[str]) -> dict[str, Any]:
    """The columns as they stand, ciphertexts as they are."""
    return {field: _plain(getattr(entry, field)) for field in fields}


def _plain(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value


def take_over(survivor: Child, merged: Child, fields: Sequence[str]) -> None:
    """Put the values on the survivor. Documents change places, so that both numbers stay taken and both find the survivor."""
    number, kind = merged.id_number, merged.id_kind
    for field in fields:
        if field in SAID or field == "guard":
            setattr(survivor, field, getattr(merged, field))
    if "name" in fields:
        identity.set_name(survivor, merged.name)
    if DOCUMENT in fields:
        old_number, old_kind = survivor.id_number, survivor.id_kind
        _free_number(Child, merged)
        survivor.id_kind, merged.id_kind = kind, old_kind
        survivor.seal_id(number)
        survivor.save()
        merged.seal_id(old_number)
        merged.save(update_fields=["id_kind", "id_sealed", "id_token"])
    else:
        survivor.save()


def _free_number(model: type[Model], *entries: Any) -> None:
    model._default_manager.filter(pk__in=[one.pk for one in entries]).update(id_token=None)


def move(merged: Child, survivor: Child) -> dict[str, list[Any]]:
    """Bring over what contradicts nothing the survivor has; the rest stays with the merged file. Keys by section."""
    moved = {}
    for name, model in _HELD.items():
        mine = list(model._default_manager.filter(child=survivor))
        keys = []
        for row in model._default_manager.filter(child=merged).order_by("pk"):
            if not any(_clash(name, row, held) for held in mine):
                keys.append(row.pk)
                mine.append(row)
        model._default_manager.filter(pk__in=keys).update(child=survivor)
        moved[name] = keys
    return moved


def _clash(name: str, row: Any, held: Any) -> bool:
    """Whether both cannot stand in one file."""
    if name == "kinship":
        if row.until is not None or held.until is not None or row.relation != held.relation:
            return False
        return row.relation in ("father", "mother") or row.person_id == held.person_id
    if name == "roll":
        return row.scheme == held.scheme and _overlap(row, held)
    if name in ("circumstance", "health"):
        same = (
            ("subject", "kind", "detail", "since", "until")
            if name == "circumstance"
            else ("summary", "since", "until")
        )
        return bool(all(getattr(row, one) == getattr(held, one) for one in same))
    return not (getattr(row, "void", False) or getattr(held, "void", False)) and _overlap(row, held)


def _overlap(row: Any, held: Any) -> bool:
    begins_before_end = held.until is None or row.since < held.until
    return begins_before_end and (row.until is None or held.since < row.until)


def move_back(moved: Mapping[str, list[Any]], survivor: Child, merged: Child) -> None:
    for name, keys in moved.items():
        _HELD[name]._default_manager.filter(pk__in=keys, child=survivor).update(child=merged)


def touch(*children: Child) -> None:
    """Whoever has a form open on either is told."""
    keys = [child.pk for child in children]
    Child.objects.filter(pk__in=keys).update(version=F("version") + 1, updated_at=clock.now())
    for child in children:
        child.refresh_from_db()


def restore(survivor: Any, merged: Any, journal: Mapping[str, Any]) -> None:
    """Both as they were; a field of the survivor changed since the merge keeps its later value."""
    before, after = journal["before"], journal["after"]["survivor"]
    now = picture(survivor, tuple(after))
    changed = {field for field, value in after.items() if now[field] != value}
    if changed & {"id_kind", "id_sealed", "id_token"}:
        changed |= {"id_kind", "id_sealed", "id_token"}
    model = type(survivor)
    _free_number(model, survivor, merged)
    back = {field: value for field, value in before["survivor"].items() if field not in changed}
    model._default_manager.filter(pk=merged.pk).update(**before["merged"])
    model._default_manager.filter(pk=survivor.pk).update(**({"id_token": now["id_token"]} | back))


def join_people(merge: Merge, kept: Sequence[str]) -> dict[str, Any]:
    """Two entries of one relative: ties, facts and guardianship in sight go to the one that stays."""
    stays, goes = merge.people
    before = {"survivor": picture(stays, kept), "merged": picture(goes, kept)}
    _take_person(stays, goes, set(merge.takes))
    # first the pointer: an entry without ties of its own is seen only where the other is (row security)
    Person.objects.filter(pk=goes.pk).update(merged_into=stays, version=F("version") + 1)
    Person.objects.filter(pk=stays.pk).update(version=F("version") + 1)
    moved: dict[str, list[Any]] = {}
    mine = set(Kinship.objects.filter(person=stays, until__isnull=True).values_list("child_id", "relation"))
    ties = Kinship.objects.filter(person=goes)
    moved["kinship"] = [tie.pk for tie in ties if tie.until or (tie.child_id, tie.relation) not in mine]
    Kinship.objects.filter(pk__in=moved["kinship"]).update(person=stays)
    for name, model in (("circumstance", Circumstance), ("regime", GuardianshipRegime)):
        rows = model._default_manager.filter(person=goes)
        moved[name] = list(rows.values_list("pk", flat=True))
        model._default_manager.filter(pk__in=moved[name]).update(person=stays)
    _index_of(stays, goes)
    stays.refresh_from_db()
    return {"before": before, "after": {"survivor": picture(stays, kept)}, "moved": moved}


def _take_person(stays: Person, goes: Person, takes: set[str]) -> None:
    number, phone = goes.id_number, goes.phone
    for field in ("name", "sex", "birth_date", "area_code"):
        if field in takes or (_silent(getattr(stays, field)) and not _silent(getattr(goes, field))):
            setattr(stays, field, getattr(goes, field))
    if "phone" in takes or (not stays.phone_sealed and phone):
        stays.phone = phone
    if DOCUMENT in takes or (not stays.id_sealed and number):
        old = stays.id_number
        _free_number(Person, goes)
        stays.seal_id(number)
        stays.save()
        goes.seal_id(old)
        goes.save(update_fields=["id_sealed", "id_token"])
    else:
        stays.save()


def part_people(merge: Merge, journal: Mapping[str, Any]) -> None:
    stays, goes = merge.people
    for name, keys in journal["moved"].items():
        _HELD[name]._default_manager.filter(pk__in=keys, person=stays).update(person=goes)
    restore(stays, goes, journal)
    Person.objects.filter(pk=goes.pk).update(merged_into=None, version=F("version") + 1)
    Person.objects.filter(pk=stays.pk).update(version=F("version") + 1)
    _index_of(stays, goes)


def _index_of(*people: Person) -> None:
    indexing.index(Child.objects.filter(kinships__person__in=people).distinct())
