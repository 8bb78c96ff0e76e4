"""Background work: procrastinate on the same PostgreSQL, enqueued in the caller's transaction."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, wraps
from typing import Any, Final

from procrastinate import App, builtin_tasks

DISPATCH: Final = "workflow.dispatch"
RUN: Final = "workflow.run"
STALLED_SECONDS: Final = 15
KEEP_JOBS_HOURS: Final = 24 * 30


_periodic: list[tuple[str, str, Callable[[], Any]]] = []


def every(cron: str, name: str, work: Callable[[], Any]) -> None:
    """Do ``work`` at these times. Called in an app's ``tasks.py``; the work sets its own scope and may be repeated."""
    _periodic.append((cron, name, work))


def defer(task: str, **arguments: Any) -> None:
    """Enqueue ``task`` in the current transaction: rolled back, it never happens."""
    _queue().configure_task(task).defer(**arguments)


@cache
def _queue() -> App:
    """For enqueuing only. The Django app's own connector is replaced inside a worker by one with other connections,
    and a job enqueued there would not belong to the task's transaction."""
    from procrastinate.contrib.django.django_connector import DjangoConnector

    return App(connector=DjangoConnector())


def on_app_ready(app: App) -> None:
    """Hook of procrastinate's Django integration: tasks and periodic tasks are registered here."""
    app.task(name=DISPATCH)(_dispatch)
    app.task(name=RUN, pass_context=False)(_run)
    _every(app, "*/1 * * * *", "workflow.sweep_outbox", _sweep_outbox)
    _every(app, "*/5 * * * *", "workflow.sweep_clocks", _sweep_clocks)
    _every(app, "*/1 * * * *", "audit.fold", _fold_log)
    _every(app, "40 2 * * *", "audit.check", _check_log)
    _every(app, "20 3 * * *", "workflow.forget_old_jobs", _forget_old_jobs)
    for cron, name, work in _periodic:
        _every(app, cron, name, _at_its_time(work))

    async def retry_stalled(timestamp: int) -> None:
        # a worker that was killed leaves its job "doing"; jobs are idempotent, so it simply runs again
        stalled = await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS)
        for job in stalled:
            await app.job_manager.retry_job(job)

    # a queueing lock, so that it does not pile up, but no lock: a stalled holder would stall its own rescue
    _every(app, "* * * * * */10", "workflow.retry_stalled", retry_stalled)


def _every(app: App, cron: str, name: str, task: Any) -> None:
    app.periodic(cron=cron)(app.task(name=name, queueing_lock=name)(task))


def _task(work: Callable[..., Any]) -> Callable[..., None]:
    """A task of the worker: its thread may end with it, so its connection is closed."""

    @wraps(work)
    def run(*args: Any, **kwargs: Any) -> None:
        from django.db import connections

        try:
            work(*args, **kwargs)
        finally:
            connections.close_all()

    return run


def _at_its_time(work: Callable[[], Any]) -> Callable[..., None]:
    return _task(lambda timestamp: work())


@_task
def _dispatch() -> None:
    from hutong.foundation.workflow import outbox

    outbox.dispatch()


@_task
def _run(job_id: int) -> None:
    from hutong.foundation.workflow import longjobs

    longjobs.run(job_id)


@_task
def _sweep_outbox(timestamp: int) -> None:
    from hutong.foundation.workflow import outbox

    outbox.dispatch()


@_task
def _sweep_clocks(timestamp: int) -> None:
    from hutong.foundation.workflow import lateness, sweeps

    lateness.sweep()
    sweeps.run()


@_task
def _fold_log(timestamp: int) -> None:
    from hutong.foundation.workflow import logwatch

    logwatch.fold()


@_task
def _check_log(timestamp: int) -> None:
    from hutong.foundation.workflow import logwatch

    logwatch.check()


async def _forget_old_jobs(timestamp: int) -> None:
    from procrastinate.contrib.django import app

    await app.configure_task(
        builtin_tasks.remove_old_jobs.name, queueing_lock=builtin_tasks.remove_old_jobs.name
    ).defer_async(max_hours=KEEP_JOBS_HOURS, remove_failed=False)
