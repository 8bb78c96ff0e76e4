"""Starting, stopping, resuming and ending the clocks of a subject."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Model, QuerySet

from hutong.foundation.access.acting import Acting
from hutong.foundation.access.scope import because
from hutong.foundation.workflow import deadlines
from hutong.foundation.workflow.errors import NotNow
from hutong.foundation.workflow.machines import Registered, of
from hutong.foundation.workflow.models import OPEN, Clock, WorkItem
from hutong.kernel import clock


def build(registered: Registered, subject: Model, state: str) -> Clock | None:
    """The clock of ``state``, not yet saved; None if the table has none for it."""
    rule = registered.machine.clocks.get(state)
    if rule is None:
        return None
    now, area_code = clock.now(), registered.area_code(subject)
    amount = deadlines.amount(rule, area_code, now.date())
    return Clock(
        machine=registered.machine.name,
        subject_type=registered.subject_type,
        subject_id=subject.pk,
        child_id=registered.child_id(subject),
        area_code=area_code,
        state=state,
        amount=amount,
        unit=rule.unit,
        started_at=now,
        due_at=deadlines.due_at(now, amount, rule.unit),
        escalate_to=rule.escalate_to or "",
    )


def start(made: Iterable[Clock | None]) -> None:
    """Save clocks, in one statement; those that already run are left as they are."""
    running = [one for one in made if one is not None]
    if running:
        Clock.objects.bulk_create(running, ignore_conflicts=True, batch_size=1000)


def end(registered: Registered, subject: Model) -> None:
    """The state is left: its clocks have done their work."""
    _running(registered, subject).update(closed_at=clock.now())


@transaction.atomic
def pause(subject: Model, *, actor: Acting, reason: str) -> None:
    """Stop the clocks of the subject and its open worklist items (材料补正, 鉴定 …); the reason stays on them."""
    if not reason.strip():
        raise NotNow("暂停计时需要写明原因。")
    registered = of(subject)
    with because(reason):
        stopped = _running(registered, subject).filter(stopped_at__isnull=True)
        count = stopped.update(stopped_at=clock.now(), stop_reason=reason)
        count += _items(registered, subject).filter(paused_on__isnull=True).update(
            paused_on=clock.today(), pause_reason=reason
        )  # fmt: skip
    if not count:
        raise NotNow("没有正在计时的事项，可能已有人先行暂停。请刷新后再试。")


@transaction.atomic
def resume(subject: Model, *, actor: Acting, reason: str = "恢复计时") -> None:
    """Go on: every due moment moves by the time that did not run."""
    registered, now, today = of(subject), clock.now(), clock.today()
    with because(reason):
        stopped = list(_running(registered, subject).filter(stopped_at__isnull=False).select_for_update())
        for one in stopped:
            assert one.stopped_at is not None
            one.due_at = deadlines.moved(one.due_at, one.stopped_at, now, one.unit)  # type: ignore[arg-type]
            one.stopped_at = None
        Clock.objects.bulk_update(stopped, ["due_at", "stopped_at"])
        unit = stopped[0].unit if stopped else "working"
        items = list(_items(registered, subject).filter(paused_on__isnull=False).select_for_update())
        for item in items:
            assert item.paused_on is not None
            item.due_on = deadlines.moved_day(item.due_on, item.paused_on, today, unit)  # type: ignore[arg-type]
            item.paused_on = None
        WorkItem.objects.bulk_update(items, ["due_on", "paused_on"])
    if not stopped and not items:
        raise NotNow("没有暂停的事项，可能已有人先行恢复。请刷新后再试。")


def _running(registered: Registered, subject: Model) -> QuerySet[Clock]:
    return Clock.objects.filter(OPEN, subject_type=registered.subject_type, subject_id=subject.pk)


def _items(registered: Registered, subject: Model) -> QuerySet[WorkItem]:
    return WorkItem.objects.filter(OPEN, subject_type=registered.subject_type, subject_id=subject.pk)
