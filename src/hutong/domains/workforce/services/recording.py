"""Training, examinations and background checks: added, taken back with a reason, never changed."""

from __future__ import annotations

from datetime import date
from typing import TypeVar

from django.db import IntegrityError, transaction
from django.db.models import Max, Q

from hutong.domains.workforce.machines import appointment as machine
from hutong.domains.workforce.models import BackgroundCheck, Training, Worker
from hutong.domains.workforce.permissions import check_can_keep
from hutong.domains.workforce.selectors import rules, warn_from
from hutong.domains.workforce.services import appointing
from hutong.domains.workforce.services.errors import Refused
from hutong.foundation.access.acting import Acting
from hutong.foundation.access.scope import because
from hutong.foundation.workflow import services as workflow
from hutong.kernel import clock

SUBJECT = "workforce.worker"
PREPARE, RETRAIN, RECHECK = "workforce.prepare", "workforce.retrain", "workforce.recheck"
Kept = TypeVar("Kept", Training, BackgroundCheck)


def add_training(
    worker: Worker, *, actor: Acting, held_on: date, organiser: str, topic: str = "", hours: int | None = None,
    examined_on: date | None = None, passed: bool | None = None, certificate: str = "",
) -> Training:  # fmt: skip
    """A training attended, with its examination where there was one."""
    if (examined_on is None) != (passed is None):
        raise Refused("考核日期和是否合格应同时填写，或都不填。", "examined_on")
    if examined_on is not None and examined_on < held_on:
        raise Refused("考核日期早于培训日期，请核对。", "examined_on")
    made = Training(
        worker=worker, held_on=held_on, organiser=organiser.strip(), topic=topic.strip(), hours=hours,
        examined_on=examined_on, passed=passed, certificate=certificate.strip(),
    )  # fmt: skip
    return _add(made, worker, actor, (held_on, examined_on), "这次培训已经登记过。")


def add_check(
    worker: Worker, *, actor: Acting, done_on: date, result: str, done_by: str, reference: str = ""
) -> BackgroundCheck:
    """The answer to a query of records: result and reference only. A bad one stops the work at once."""
    made = BackgroundCheck(
        worker=worker, done_on=done_on, result=result, done_by=done_by.strip(), reference=reference.strip()
    )
    return _add(made, worker, actor, (done_on,), "这次查询已经登记过。")


def withdraw(record: Kept, *, actor: Acting, reason: str) -> Kept:
    """It was entered wrongly: it stays, marked, and counts no more."""
    check_can_keep(actor, record.worker.area_code, record.worker.user)
    if not reason.strip():
        raise Refused("请写明为什么撤销。", "reason")
    done = {
        "withdrawn_at": clock.now(),
        "withdrawn_by": actor.user,
        "withdrawn_reason": reason.strip()[:200],
    }
    with transaction.atomic(), because(f"撤销：{reason.strip()}"[:200]):
        live = type(record)._default_manager.filter(pk=record.pk, withdrawn_at__isnull=True)
        if live.update(**done) != 1:
            raise Refused("这一条已经撤销，请刷新后再看。")
        _settle(record.worker, actor)
    return record


def _add(made: Kept, worker: Worker, actor: Acting, days: tuple[date | None, ...], again: str) -> Kept:
    check_can_keep(actor, worker.area_code, worker.user)
    if any(day is not None and day > clock.today() for day in days):
        raise Refused("日期晚于今天，请核对。")
    made.area_code, made.recorded_by, made.recorded_at = worker.area_code, actor.user, clock.now()
    try:
        with transaction.atomic(), because(f"登记{made._meta.verbose_name}"):
            made.save(force_insert=True)
            _settle(worker, actor)
    except IntegrityError as error:
        if "_once" not in str(error):
            raise
        raise Refused(again) from None
    return made


def _settle(worker: Worker, actor: Acting) -> None:
    """The last dates anew, the appointments as far as they go, what no longer waits off the worklist."""
    held = Worker.objects.select_for_update().get(pk=worker.pk)
    counted = held.trainings.filter(withdrawn_at__isnull=True).exclude(passed=False)
    dates = counted.aggregate(trained=Max("held_on"), examined=Max("examined_on", filter=Q(passed=True)))
    last = held.checks.filter(withdrawn_at__isnull=True).order_by("-done_on", "-pk").first()
    held.trained_on, held.examined_on = dates["trained"], dates["examined"]
    held.checked_on, held.check_result = (last.done_on, last.result) if last else (None, "")
    held.save(update_fields=["trained_on", "examined_on", "checked_on", "check_result"])
    for name in ("trained_on", "examined_on", "checked_on", "check_result"):
        setattr(worker, name, getattr(held, name))
    for one in held.appointments.exclude(state=machine.REPLACED).select_related("worker", "post"):
        appointing.advance(one, actor=actor)
    close_settled(held, actor=actor)


def close_settled(worker: Worker, *, actor: Acting | None) -> None:
    """Close the worklist items whose cause is gone."""
    today = clock.today()
    state, told = rules.standing(worker, today), warn_from(today)
    training, checks = rules.retrain_due(worker, today), rules.check_due(worker, today)
    settled = {
        PREPARE: state.may_sign,
        RETRAIN: training is not None and training > told,
        RECHECK: checks is not None and checks > told,
    }
    for kind in (kind for kind, done in settled.items() if done):
        workflow.close_items(
            subject_type=SUBJECT, subject_id=worker.pk, kind=kind, actor=actor, outcome="已登记"
        )
