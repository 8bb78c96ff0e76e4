"""Work longer than a request: who runs it, under whose scope, how it reports and how it is stopped."""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction

from hutong.foundation.access.acting import Acting, acting_as, with_assigned
from hutong.foundation.access.scope import Scope, system_scope, use_scope
from hutong.foundation.network import selectors as network
from hutong.foundation.workflow.models import LongJob
from hutong.kernel import clock

State = LongJob.State
REPORT_EVERY: Final = 0.5
"""Seconds between two writes of the progress."""

log = logging.getLogger(__name__)


class Cancelled(Exception):
    """The user cancelled; leave the runner, what it did in its transaction is undone."""


class Failed(Exception):
    """The job cannot go on; the text says why and how to mend it, in Chinese."""


@dataclass(slots=True)
class LongJobHandle:
    """What a runner is given."""

    public_id: str
    kind: str
    params: dict[str, Any]
    actor: Acting
    _write: Callable[[int, int, str], bool]
    _last: float = 0.0

    @property
    def scope(self) -> Scope:
        return self.actor.scope

    def progress(self, done: int, total: int, note: str = "") -> None:
        """Say how far it is; written at most twice a second, so call it freely. Raises ``Cancelled``."""
        now = time.monotonic()
        if now - self._last < REPORT_EVERY and done < total:
            return
        self._last = now
        if self._write(done, total, note[:200]):
            raise Cancelled


Runner = Callable[[LongJobHandle], str]


@dataclass(frozen=True, slots=True)
class _Kind:
    runner: Runner
    atomic: bool


_kinds: dict[str, _Kind] = {}


def register(kind: str, runner: Runner, *, atomic: bool = True) -> None:
    """``runner(handle)`` returns the link of its result.

    ``atomic``: the whole run is one transaction under the starter's scope, so that a failure or cancellation leaves
    nothing behind. Otherwise the runner opens ``use_scope(handle.scope)`` for each of its steps.
    """
    _kinds[kind] = _Kind(runner, atomic)


def run(job_id: int) -> None:
    """Run one queued job to its end; called by the worker. A job that already ended is left alone."""
    with use_scope(system_scope("longjob")):
        job = LongJob.objects.select_related("actor", "post").filter(pk=job_id).first()
        if job is None or job.state not in (State.QUEUED, State.RUNNING):
            return
        if job.cancel_requested:
            _end(job, State.CANCELLED)
            return
        LongJob.objects.filter(pk=job.pk).update(state=State.RUNNING, started_at=clock.now())
        actor = _actor(job)
    if actor is None:
        _end(job, State.FAILED, error="提交人已不在该岗位，任务没有执行。请由现任人员重新提交。")
        return
    try:
        link = _run(job, actor)
    except Cancelled:
        _end(job, State.CANCELLED)
    except (Failed, ValidationError, PermissionDenied) as error:
        _end(job, State.FAILED, error="；".join(getattr(error, "messages", [str(error)])))
    except Exception:
        number = secrets.token_hex(3)
        log.exception("long job %s (%s) failed, number %s", job.pk, job.kind, number)
        _end(
            job,
            State.FAILED,
            error=f"处理中出错，已全部退回，数据没有改变。请重试；仍不成功请将编号 {number} 告知系统管理员。",
        )
    else:
        _end(job, State.DONE, link=link)


def _actor(job: LongJob) -> Acting | None:
    held = list(network.list_current_holdings(job.actor))
    holding = next((one for one in held if one.post_id == job.post_id), None)
    return acting_as(holding, others=tuple(held), purpose=job.title) if holding else None


def _run(job: LongJob, actor: Acting) -> str:
    kind = _kinds.get(job.kind)
    if kind is None:
        raise Failed(f"系统不认识任务类别“{job.kind}”，请联系系统管理员。")
    with use_scope(actor.scope):
        actor = with_assigned(actor)
    with _Reporter(job) as reporter:
        handle = LongJobHandle(job.public_id, job.kind, dict(job.params), actor, reporter.write)
        if not kind.atomic:
            return kind.runner(handle)
        with use_scope(actor.scope), transaction.atomic():
            return kind.runner(handle)


def _end(job: LongJob, state: LongJob.State, *, link: str = "", error: str = "") -> None:
    values: dict[str, Any] = {"state": state, "finished_at": clock.now(), "error": error[:500]}
    if link:
        values["result_link"] = link
    with use_scope(system_scope("longjob")):
        LongJob.objects.filter(pk=job.pk).update(**values)


class _Reporter:
    """Writes progress beside the job's own transaction, on a connection of its own, so that the page sees it.

    Where the job itself runs inside a transaction (tests, ``worker.settle``) it writes there.
    """

    SQL = "UPDATE workflow_longjob SET done = %s, total = %s, note = %s WHERE id = %s RETURNING cancel_requested"

    def __init__(self, job: LongJob) -> None:
        self._job = job
        self._inside = connection.in_atomic_block
        self._side: Any = None

    def __enter__(self) -> _Reporter:
        if not self._inside:
            self._side = connection.get_new_connection(connection.get_connection_params())
            self._side.autocommit = True
            values = system_scope("longjob").settings()
            for name, value in values.items():
                self._side.execute("SELECT set_config(%s, %s, false)", [name, value])
        return self

    def __exit__(self, *_: object) -> None:
        if self._side is not None:
            self._side.close()

    def write(self, done: int, total: int, note: str) -> bool:
        """True when the user asked to cancel."""
        values = (done, total, note, self._job.pk)
        if self._side is not None:
            return bool(self._side.execute(self.SQL, values).fetchone()[0])
        with use_scope(system_scope("longjob")), connection.cursor() as cursor:
            cursor.execute(self.SQL, values)
            row = cursor.fetchone()
            return bool(row and row[0])
