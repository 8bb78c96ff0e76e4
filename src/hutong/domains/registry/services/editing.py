"""Changing a file. Two people saving at once are told, with both values; nobody's work is lost silently."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import F

from hutong.domains.registry import events
from hutong.domains.registry.machines import correcting
from hutong.domains.registry.models import Child
from hutong.domains.registry.services import identity, indexing
from hutong.domains.registry.services.creating import PAYEE, SAID
from hutong.domains.registry.services.errors import Conflict, Refused
from hutong.foundation.access.acting import Acting
from hutong.foundation.access.scope import because
from hutong.foundation.workflow import services as workflow
from hutong.kernel import clock

_SEARCHED = frozenset({"name", "id_number", "hukou_area", "residence_area"})
_CLOSED = frozenset({"CLOSED", "ARCHIVED", "MOVED_OUT", "MERGED"})


@transaction.atomic
def edit_child(
    child: Child, *, actor: Acting, version: int, changes: Mapping[str, Any], reason: str = ""
) -> Child:
    """Save ``changes`` (fields of ``Child``, ``id_number`` and ``phone`` in clear) if nobody saved since ``version``.

    Raises Conflict with both values, Taken, Refused.
    """
    actor.check("child.edit")
    held = Child.objects.select_for_update().get(pk=child.pk)
    if held.state in _CLOSED:
        raise Refused("档案已退出，不能修改。需要修改请先由县级民政恢复在管。")
    if held.version != version:
        differing = {k: (value(held, k), v) for k, v in changes.items() if value(held, k) != v}
        if differing:
            raise Conflict(held, differing)
    _check_direct(held, changes)
    return write(held, actor=actor, changes=changes, reason=reason or "修改档案")


def write(held: Child, *, actor: Acting, changes: Mapping[str, Any], reason: str) -> Child:
    """Save ``changes`` on a file already locked, checked as a whole; the search follows. Raises Taken, Refused."""
    assign(held, actor, changes)
    held.updated_at = clock.now()
    held.version = held.version + 1
    with because(reason):
        held.save()
    if _SEARCHED & changes.keys():
        indexing.index([held])
    _announce(held)
    return held


def _check_direct(held: Child, changes: Mapping[str, Any]) -> None:
    """Once in care, what identifies the child or places her is changed by a proposal and a second person only."""
    if held.state != "ACTIVE":
        return
    for field in sorted(correcting.high() & changes.keys()):
        if value(held, field) != changes[field]:
            label = correcting.LABELS[field]
            raise Refused(f"档案在管后，“{label}”不能直接修改，请提出更正申请，由另一人审批。", field)


def value(child: Child, field: str) -> Any:
    """What the file says now about an editable field."""
    return getattr(child, field)


def assign(child: Child, actor: Acting, changes: Mapping[str, Any]) -> None:
    """Put ``changes`` on the object, unsaved; Refused where the whole would contradict itself."""
    for field in SAID:
        if field in changes:
            setattr(child, field, changes[field])
    name = identity.check_person_facts(changes.get("name", child.name), child.birth_date)
    identity.set_name(child, name)
    identity.check_places(actor, child.hukou_area, child.residence_area)
    if set(PAYEE) & changes.keys():
        child.payee_account = identity.check_payee(child.payee_name, child.payee_bank, child.payee_account)
    if {"id_number", "id_kind", "sex", "birth_date"} & changes.keys():
        kind = changes.get("id_kind", child.id_kind)
        text = changes.get("id_number", child.id_number)
        number = identity.read_number(kind, text, sex=child.sex, birth_date=child.birth_date)
        identity.check_free(number, other_than=child)
        child.id_kind = kind
        if number != child.id_number:
            child.seal_id(number)


def touch(child: Child, **cached: Any) -> None:
    """Note a change made in a section of its own (kin, guardianship, school), and what the file repeats of it."""
    Child.objects.filter(pk=child.pk).update(version=F("version") + 1, updated_at=clock.now(), **cached)
    child.refresh_from_db(fields=["version", "updated_at", *cached])
    _announce(child)


def _announce(child: Child) -> None:
    workflow.announce(
        event=events.CHANGED,
        payload={"child_id": child.pk},
        key=f"{events.CHANGED}:{child.pk}:{child.version}",
    )
