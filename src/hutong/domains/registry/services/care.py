"""Guardianship, school, health and roll: dated episodes; a new one closes the one before."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction

from hutong.domains.registry import events
from hutong.domains.registry.machines import wording
from hutong.domains.registry.models import (
    Child,
    GuardianshipRegime,
    GuardianshipStatus,
    HealthEpisode,
    Person,
    RollEntry,
    SchoolEpisode,
)
from hutong.domains.registry.services import editing
from hutong.domains.registry.services.errors import Refused
from hutong.foundation.access.acting import Acting
from hutong.foundation.workflow import services as workflow
from hutong.kernel import clock


def _check(actor: Acting, since: date) -> None:
    actor.check("child.edit")
    _check_begun(since)


def _check_begun(since: date) -> None:
    if since > clock.today():
        raise Refused("起始日期晚于今天，请在生效当天登记。", "since")


def _close_before(model: Any, child: Child, since: date, **dated: Any) -> None:
    """End the running episode at ``since``; one begun that day was a slip and is voided; later ones refuse."""
    rows = model.objects.select_for_update().filter(child=child, **dated).filter(until__isnull=True)
    running = rows.order_by("-since").first()
    if running is None:
        return
    if running.since > since:
        raise Refused(f"现有记录从 {running.since} 起，新记录不能早于它；补录历史请联系县级民政。", "since")
    if running.since < since:
        running.until = since
        running.save(update_fields=["until"])
    elif dated:
        running.void = True
        running.save(update_fields=["void"])
    else:
        raise Refused("当天已登记过一次，请隔日再登记或更正原记录。", "since")


@transaction.atomic
def set_guard(child: Child, *, actor: Acting, value: str, since: date, basis: str) -> GuardianshipStatus:
    """How well the child is guarded from ``since`` on; the status before ends that day."""
    _check(actor, since)
    if value not in wording.GUARD:
        raise Refused("请选择监护状况。", "value")
    if not basis.strip():
        raise Refused("请写明评定依据。", "basis")
    _close_before(GuardianshipStatus, child, since, void=False)
    made = GuardianshipStatus.objects.create(
        child=child, value=value, since=since, basis=basis[:200], recorded_by_label=actor.label
    )
    editing.touch(child, guard=value)
    return made


@transaction.atomic
def set_regime(
    child: Child, *, actor: Acting, kind: str, since: date, who: str, basis: str, person: Person | None = None
) -> GuardianshipRegime:
    """Who holds guardianship from ``since`` on; the regime before ends that day. A file in care asks by a proposal."""
    actor.check("child.edit")
    if child.state == "ACTIVE":
        raise Refused("档案在管后，监护方式和监护人不能直接变更，请提出更正申请，由另一人审批。")
    return put_regime(child, actor=actor, kind=kind, since=since, who=who, basis=basis, person=person)


@transaction.atomic
def put_regime(
    child: Child, *, actor: Acting, kind: str, since: date, who: str, basis: str, person: Person | None = None
) -> GuardianshipRegime:
    """Write the regime whatever the state of the file: for decisions that had their second person elsewhere."""
    check_regime(kind=kind, since=since, who=who, basis=basis)
    _close_before(GuardianshipRegime, child, since, void=False)
    made = GuardianshipRegime.objects.create(
        child=child, kind=kind, since=since, who=who[:120], basis=basis[:200], person=person,
        recorded_by_label=actor.label,
    )  # fmt: skip
    editing.touch(child)
    return made


def check_regime(*, kind: str, since: date, who: str, basis: str) -> None:
    """Refused where this cannot be a regime."""
    _check_begun(since)
    if kind not in wording.REGIMES:
        raise Refused("请选择监护方式。", "kind")
    if not who.strip() or not basis.strip():
        raise Refused("请写明监护人（或机构）和依据。", "who" if not who.strip() else "basis")


@transaction.atomic
def add_schooling(child: Child, *, actor: Acting, stage: str, since: date, **facts: Any) -> SchoolEpisode:
    """A new stretch of schooling. ``facts``: school_name, grade, full_time, source."""
    _check(actor, since)
    if stage not in wording.STAGES:
        raise Refused("请选择学段。", "stage")
    _close_before(SchoolEpisode, child, since)
    made = SchoolEpisode.objects.create(child=child, stage=stage, since=since, **facts)
    editing.touch(child, school=stage, full_time=facts.get("full_time"))
    return made


@transaction.atomic
def add_health(child: Child, *, actor: Acting, summary: str, since: date, **facts: Any) -> HealthEpisode:
    """A matter of health. ``facts``: needs, until, source."""
    _check(actor, since)
    if not summary.strip():
        raise Refused("请写明健康情况。", "summary")
    made = HealthEpisode.objects.create(child=child, summary=summary[:200], since=since, **facts)
    editing.touch(child)
    return made


@transaction.atomic
def enter_roll(
    child: Child, *, actor: Acting, scheme: str, since: date, monthly: int | None = None
) -> RollEntry:
    """The child is listed or paid (fen a month) from ``since``; what ran under the scheme ends there."""
    actor.check("lead.decide")
    if scheme not in wording.SCHEMES:
        raise Refused("请选择类别。", "scheme")
    running = RollEntry.objects.select_for_update().filter(child=child, scheme=scheme, until__isnull=True)
    if running.filter(since__gt=since).exists():
        raise Refused("现有记录的起始日期更晚，请核对。", "since")
    running.update(until=since)
    made = RollEntry.objects.create(child=child, scheme=scheme, since=since, monthly=monthly)
    editing.touch(child)
    _announce_roll(child, actor, "enter", scheme, since)
    return made


@transaction.atomic
def leave_roll(child: Child, *, actor: Acting, scheme: str, until: date) -> int:
    """What runs under the scheme ends before ``until``; how many entries ended."""
    actor.check("lead.decide")
    ended = RollEntry.objects.filter(child=child, scheme=scheme, until__isnull=True, since__lte=until).update(
        until=until
    )
    if ended:
        editing.touch(child)
        _announce_roll(child, actor, "leave", scheme, until)
    return ended


def _announce_roll(child: Child, actor: Acting, what: str, scheme: str, on: date) -> None:
    moment = clock.now().isoformat()
    said = {"what": what, "scheme": scheme, "on": on.isoformat(), "at": moment, "by": actor.label}
    workflow.announce(
        event=events.ROLL,
        payload={"child_id": child.pk, "area_code": child.residence_area, **said},
        key=f"roll:{child.pk}:{what}:{scheme}:{moment}",
    )
