"""Kin: one person may stand under several children, found again by ID token wherever in the country."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import IntegrityError, connection, transaction

from hutong.domains.registry.machines import wording
from hutong.domains.registry.models import Child, Kinship, Person
from hutong.domains.registry.services import editing, indexing
from hutong.domains.registry.services.errors import Refused
from hutong.foundation.access import vault
from hutong.foundation.access.acting import Acting
from hutong.foundation.access.scope import because
from hutong.kernel import ids, names

_SAME = 0.92


def known_persons(tokens: list[str]) -> dict[str, tuple[Any, str]]:
    """ID token → (person id, name) of people registered anywhere; for linking, never for showing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, id_token, name FROM registry_known_persons(%s::text[])", [tokens])
        return {token: (key, name) for key, token, name in cursor.fetchall()}


def find_person_by_id(number: str, *, actor: Acting) -> Person | None:
    """The person with this ID number among those the actor may see."""
    actor.check("child.view")
    return Person.objects.filter(id_token=vault.token(ids.normalise(number), "id") or None).first()


@transaction.atomic
def add_kin(child: Child, *, actor: Acting, relation: str, facts: Mapping[str, Any]) -> Kinship:
    """Put a person under the child. ``facts``: name, id_number, sex, birth_date, area_code, phone, since, custody, note.

    Somebody already registered with the ID number is linked, not made twice.
    """
    actor.check("child.edit")
    if relation not in wording.RELATIONS:
        raise Refused("请选择与儿童的关系。", "relation")
    name = names.clean(str(facts.get("name") or ""))
    if not name:
        raise Refused("请填写亲属姓名。", "name")
    number = _number(facts)
    if number and number == child.id_number:
        raise Refused("这是儿童本人的身份证号码，请核对。", "id_number")
    person_id = _existing(number, name) or _made(name, number, facts)
    tie = Kinship(
        child=child, person_id=person_id, relation=relation, since=facts.get("since"),
        custody=facts.get("custody"), note=(facts.get("note") or "")[:200],
    )  # fmt: skip
    try:
        with transaction.atomic():
            tie.save()
    except IntegrityError as error:
        word = wording.RELATIONS[relation]
        raise Refused(f"该儿童名下已有{word}，请先结束原关系，或核对是否重复登记。", "relation") from error
    editing.touch(child)
    indexing.index([child])
    return tie


def _number(facts: Mapping[str, Any]) -> str:
    text = str(facts.get("id_number") or "")
    if not text.strip():
        return ""
    try:
        return ids.parse(text).number
    except ids.IdNumberError as error:
        raise Refused(str(error), "id_number") from None


def _existing(number: str, name: str) -> Any:
    found = known_persons([vault.token(number, "id")]) if number else {}
    for key, known in found.values():
        if names.similarity(known, name) < _SAME:
            raise Refused(
                "该身份证号已登记在另一姓名之下，请对照证件核对号码和姓名；确需更正请联系县级民政。",
                "id_number",
            )
        return key
    return None


def _made(name: str, number: str, facts: Mapping[str, Any]) -> Any:
    implied = ids.find(number)
    person = Person(
        name=name,
        sex=facts.get("sex") or ({"男": 1, "女": 2}[implied.sex] if implied else None),
        birth_date=facts.get("birth_date") or (implied.birth_date if implied else None),
        area_code=facts.get("area_code") or "",
    )
    person.seal_id(number)
    person.phone = facts.get("phone") or ""
    person.save(force_insert=True)
    return person.pk


@transaction.atomic
def end_kin(tie: Kinship, *, actor: Acting, until: date, reason: str) -> Kinship:
    """The relation ends (custody changed, entered by mistake); it stays in the history."""
    actor.check("child.edit")
    if not reason.strip():
        raise Refused("结束亲属关系请写明原因。", "reason")
    if tie.since and until < tie.since:
        raise Refused("结束日期早于起始日期，请核对。", "until")
    tie.until, tie.note = until, reason[:200]
    with because(reason):
        tie.save(update_fields=["until", "note"])
    editing.touch(tie.child)
    indexing.index([tie.child])
    return tie


@transaction.atomic
def edit_person(person: Person, *, actor: Acting, version: int, changes: Mapping[str, Any]) -> Person:
    """Correct a person's facts, for every child they stand under. Raises Refused if somebody else was faster."""
    actor.check("child.edit")
    held = Person.objects.select_for_update().get(pk=person.pk)
    if held.version != version:
        raise Refused("您打开之后，已有人修改过此人的信息，请刷新后再改。")
    for field in ("sex", "birth_date", "area_code"):
        if field in changes:
            setattr(held, field, changes[field])
    held.name = names.clean(str(changes.get("name", held.name))) or held.name
    if "phone" in changes:
        held.phone = changes["phone"]
    if changes.get("id_number") and (number := _number(changes)) != held.id_number:
        if known_persons([vault.token(number, "id")]):
            raise Refused("该身份证号已登记在另一人名下，请核对。", "id_number")
        held.seal_id(number)
    held.version += 1
    held.save()
    indexing.index(Child.objects.filter(kinships__person=held).distinct())
    return held
