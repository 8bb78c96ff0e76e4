"""``apply``: the only code that assigns a status (ADR 0004)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Model

from hutong.foundation.access.acting import Acting
from hutong.foundation.access.scope import because, required
from hutong.foundation.accounts import rights
from hutong.foundation.workflow.errors import NotNow
from hutong.foundation.workflow.machines import Registered, find_notice, get_guard, of
from hutong.foundation.workflow.models import StatusChange
from hutong.foundation.workflow.services import announcing, clocks
from hutong.kernel import clock
from hutong.kernel.transitions import Transition, TransitionError

Subject = TypeVar("Subject", bound=Model)
CREATED = "create"


def apply(
    subject: Subject, event: str, *, actor: Acting | None, reason: str = "", data: dict[str, Any] | None = None,
    fields: dict[str, Any] | None = None,
) -> Subject:  # fmt: skip
    """Take ``subject`` one step on, as its transition table says; everything or nothing.

    ``data`` goes to the guard and into the history; ``fields`` are columns changed in the same UPDATE. ``actor`` None
    is the platform itself and only possible under a system scope. PermissionDenied without the right; NotNow when the
    event is not possible from the state the actor saw, or when somebody else was faster.
    """
    registered = of(subject)
    state = registered.state(subject)
    try:
        transition = registered.machine.transition(event, state)
    except TransitionError as error:
        raise NotNow(str(error)) from None
    _check_right(transition.right, actor)
    with transaction.atomic(), because(reason or transition.word):
        check_apart(registered.subject_type, subject.pk, transition.right, actor)
        if transition.guard:
            get_guard(transition.guard)(subject, actor, data or {})
        _compare_and_set(registered, subject, state, transition, fields or {})
        change = _change(
            registered, subject, event, state, transition.to, transition.right, actor, reason, data
        )
        change.save(force_insert=True)
        clocks.end(registered, subject)
        names = sorted({transition.to, transition.clock or transition.to})
        clocks.start(clocks.build(registered, subject, name) for name in names)
        _tell(registered, subject, transition, change, actor, data or {})
    return subject


def begin(subject: Model, *, actor: Acting | None, right: str, reason: str = "") -> StatusChange:
    """The first line of a new subject's history, and the clock of its first state. Call it where it is created."""
    return begin_many([subject], actor=actor, right=right, reason=reason)[0]


@transaction.atomic
def begin_many(
    subjects: Iterable[Model], *, actor: Acting | None, right: str, reason: str = ""
) -> list[StatusChange]:
    """``begin`` for many subjects, in one statement."""
    changes, running = [], []
    for subject in subjects:
        registered = of(subject)
        state = registered.state(subject)
        changes.append(_change(registered, subject, CREATED, "", state, right, actor, reason, None))
        running.append(clocks.build(registered, subject, state))
    clocks.start(running)
    return StatusChange.objects.bulk_create(changes, batch_size=1000)


def check_apart(subject_type: str, subject_id: int, right: str, actor: Acting | None) -> None:
    """Separation of duties: refuse whoever already did the opposite act on the same thing (rights.APART)."""
    if actor is None:
        return
    for first, second, sentence in rights.APART:
        other = {first: second, second: first}.get(right)
        if other is None:
            continue
        done = StatusChange.objects.filter(
            subject_type=subject_type, subject_id=subject_id, right=other, actor=actor.user
        )
        if done.exists():
            raise PermissionDenied(f"{sentence}，请由另一位工作人员办理。")


def allowed_events(subject: Model, actor: Acting) -> list[Transition]:
    """Steps to offer as buttons: possible from here and within the actor's rights. Guards are asked at the click."""
    registered = of(subject)
    steps = registered.machine.events_from(registered.state(subject))
    return [step for step in steps if actor.may(step.right)]


def _check_right(right: str, actor: Acting | None) -> None:
    if actor is not None:
        actor.check(right)
    elif required().role != "SYSTEM":
        raise PermissionDenied("只有系统任务可以不带经办人办理。")


def _compare_and_set(
    registered: Registered, subject: Model, state: str, transition: Transition, fields: dict[str, Any]
) -> None:
    """One UPDATE that only succeeds from the state the actor saw: of two clicks one wins."""
    values = {**fields, registered.field: transition.to}
    rows = registered.model._default_manager.filter(**{"pk": subject.pk, registered.field: state})
    if rows.update(**values) != 1:
        raise NotNow(
            f"{registered.machine.label}已不是“{registered.machine.states[state]}”，"
            f"可能已有人先行办理，本次“{transition.word}”没有生效。请刷新后再看。"
        )
    for name, value in values.items():
        setattr(subject, name, value)


def _change(
    registered: Registered, subject: Model, event: str, before: str, after: str, right: str,
    actor: Acting | None, reason: str, data: dict[str, Any] | None,
) -> StatusChange:  # fmt: skip
    return StatusChange(
        machine=registered.machine.name,
        subject_type=registered.subject_type,
        subject_id=subject.pk,
        child_id=registered.child_id(subject),
        area_code=registered.area_code(subject),
        event=event,
        from_state=before,
        to_state=after,
        right=right,
        at=clock.now(),
        actor=actor.user if actor else None,
        actor_label=actor.label if actor else "系统",
        post=actor.post if actor else None,
        reason=reason[:500],
        data=data or {},
    )


def _tell(
    registered: Registered, subject: Model, transition: Transition, change: StatusChange, actor: Acting | None,
    data: dict[str, Any],
) -> None:  # fmt: skip
    payload = {
        "subject_type": registered.subject_type,
        "subject_id": subject.pk,
        "child_id": change.child_id,
        "area_code": change.area_code,
        "from": change.from_state,
        "to": change.to_state,
        "change_id": change.pk,
        "post_id": change.post_id,
    }
    announcing.announce(
        event=f"{registered.machine.name}.{transition.event}", payload=payload, key=f"status:{change.pk}"
    )
    maker = find_notice(transition.notice) if transition.notice else None
    text = maker(subject, actor, data) if maker else None
    if text is not None:
        announcing.announce(
            event="workflow.notice",
            payload={
                "post_id": text.to.pk,
                "title": text.title,
                "link": text.link,
                "body": text.body,
                "child_id": change.child_id,
            },
            key=f"notice:{change.pk}",
        )
