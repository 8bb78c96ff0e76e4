"""Appointments go on by themselves as far as what is on record allows (machine 22)."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction

from hutong.domains.workforce.machines import appointment as machine
from hutong.domains.workforce.models import Appointment, Worker
from hutong.domains.workforce.models.people import FOUND
from hutong.domains.workforce.permissions import check_can_keep
from hutong.foundation.access.acting import Acting
from hutong.foundation.network.models import Post
from hutong.foundation.workflow import services as workflow
from hutong.foundation.workflow.errors import NotNow

_WORDS = "背景查询结果为不适合从事此项工作"


@transaction.atomic
def begin(worker: Worker, post: Post, since: date, *, actor: Acting | None) -> Appointment:
    """The worker's live appointment to this post, made when there is none, and taken as far as it goes."""
    live = Appointment.objects.filter(worker=worker, post=post).exclude(state=machine.REPLACED)
    found = live.first()
    if found is None:
        found = Appointment(worker=worker, post=post, area_code=post.area_code, since=since)
        found.save(force_insert=True)
        workflow.begin(found, actor=actor, right="workforce.keep", reason="登记实名信息")
    return advance(found, actor=actor)


def advance(appointment: Appointment, *, actor: Acting | None) -> Appointment:
    """Every step that what is on record allows; a bad result of the background check stops the work at once."""
    worker = appointment.worker
    if worker.check_result == FOUND and appointment.state in (*machine.BEFORE, *machine.WORKING):
        return workflow.apply(appointment, "suspend", actor=actor, reason=_WORDS, data={"reason": _WORDS})
    for event in (*machine.ONWARD, "retrain"):
        if event not in {step.event for step in machine.MACHINE.events_from(appointment.state)}:
            continue
        try:
            workflow.apply(appointment, event, actor=actor)
        except NotNow:
            break
    return appointment


def suspend(appointment: Appointment, *, actor: Acting, reason: str) -> Appointment:
    _check(appointment, actor)
    return workflow.apply(appointment, "suspend", actor=actor, reason=reason, data={"reason": reason})


def resume(appointment: Appointment, *, actor: Acting, reason: str) -> Appointment:
    """Back to work, as far as training and checks allow today."""
    _check(appointment, actor)
    if appointment.worker.check_result == FOUND:
        raise PermissionDenied(
            "背景查询结果为不适合从事此项工作，不能恢复。查询有误的，请先撤销那条查询记录。"
        )
    workflow.apply(appointment, "resume", actor=actor, reason=reason, data={"reason": reason})
    return advance(appointment, actor=actor)


def _check(appointment: Appointment, actor: Acting) -> None:
    check_can_keep(actor, appointment.area_code, appointment.worker.user)
