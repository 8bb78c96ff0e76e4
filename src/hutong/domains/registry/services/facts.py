"""Circumstances with provenance: added, ended, superseded; never changed in silence."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction

from hutong.domains.registry.machines import wording
from hutong.domains.registry.models import Child, Circumstance, Kinship
from hutong.domains.registry.services import editing
from hutong.domains.registry.services.errors import Refused
from hutong.foundation.access.acting import Acting
from hutong.foundation.access.scope import because
from hutong.foundation.workflow import services as workflow
from hutong.kernel import clock

_TEXT = ("detail", "evidence", "source", "source_ref")


@transaction.atomic
def add_circumstance(
    child: Child, *, actor: Acting, subject: str, kind: str, since: date, until: date | None = None,
    confidence: int = 100, verified: bool = True, **words: str,
) -> Circumstance:  # fmt: skip
    """A dated fact. ``words``: detail, evidence, source, source_ref. ``verified``: the actor has seen the paper."""
    actor.check("child.edit")
    _check(subject, kind, since, until)
    if unknown := words.keys() - set(_TEXT):
        raise TypeError(f"unknown facts {sorted(unknown)}")
    if verified and not words.get("evidence", "").strip():
        raise Refused("请写明依据（文书名称和编号，或入户了解的情况）。", "evidence")
    made = Circumstance.objects.create(
        child=child,
        subject=subject,
        person=_person(child, subject),
        kind=kind,
        since=since,
        until=until,
        confidence=confidence,
        verified_by=actor.label if verified else "",
        verified_on=clock.today() if verified else None,
        recorded_by=actor.user,
        **words,
    )
    editing.touch(child)
    workflow.announce(
        event="child.circumstance",
        payload={
            "child_id": child.pk,
            "area_code": child.residence_area,
            "circumstance_id": made.pk,
            "kind": kind,
        },
        key=f"circumstance:{made.pk}",
    )
    return made


def _check(subject: str, kind: str, since: date, until: date | None) -> None:
    if kind == "hiv":
        raise Refused("该类信息属于单独保管的密级内容，不能登记在普通情形中，请交由指定经办人办理。", "kind")
    if kind not in wording.CIRCUMSTANCES:
        raise Refused("请选择情形。", "kind")
    if subject not in wording.SUBJECTS:
        raise Refused("请选择是谁的情形。", "subject")
    if until is not None and until < since:
        raise Refused("止日早于起日，请核对。", "until")


def _person(child: Child, subject: str) -> Any:
    if subject not in {"father", "mother"}:
        return None
    tie = (
        Kinship.objects.filter(child=child, relation=subject, until__isnull=True)
        .select_related("person")
        .first()
    )
    return tie.person if tie else None


@transaction.atomic
def end_circumstance(fact: Circumstance, *, actor: Acting, until: date, evidence: str) -> Circumstance:
    """The circumstance no longer holds: the same fact with its end, the open one superseded."""
    if not evidence.strip():
        raise Refused("请写明情形结束的依据。", "evidence")
    changes = {"until": until, "evidence": "；".join(filter(None, [fact.evidence, evidence]))[:200]}
    return supersede_circumstance(fact, actor=actor, reason="情形结束", changes=changes)


@transaction.atomic
def supersede_circumstance(
    fact: Circumstance, *, actor: Acting, reason: str, changes: Mapping[str, Any] | None = None
) -> Circumstance:
    """Replace a fact by a corrected one (``changes``), or withdraw it (no changes). Both stay readable."""
    actor.check("child.edit")
    if not reason.strip():
        raise Refused("更正情形请写明原因。", "reason")
    held = Circumstance.objects.select_for_update().get(pk=fact.pk)
    if held.superseded_at is not None:
        raise Refused("这条情形已经被更正过，请刷新后再看。")
    made = None
    if changes is not None:
        keep = ("subject", "kind", "since", "until", "confidence", *_TEXT)
        values = {name: getattr(held, name) for name in keep} | dict(changes)
        _check(values["subject"], values["kind"], values["since"], values["until"])
        made = Circumstance.objects.create(
            child=held.child, person=held.person, recorded_by=actor.user, verified_by=actor.label,
            verified_on=clock.today(), **values,
        )  # fmt: skip
    held.superseded_by, held.superseded_at, held.superseded_reason = made, clock.now(), reason[:200]
    with because(reason):
        held.save(update_fields=["superseded_by", "superseded_at", "superseded_reason"])
    editing.touch(held.child)
    return made or held
