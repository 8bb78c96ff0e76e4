"""The worker process, and the same work done in this process."""

from __future__ import annotations

import asyncio

from hutong.foundation.access.scope import system_scope, use_scope
from hutong.foundation.workflow import longjobs, outbox
from hutong.foundation.workflow.models import LongJob


def run(*, concurrency: int = 2, wait: bool = True, signals: bool = True) -> None:
    """Run jobs until stopped (or, with ``wait`` False, until none is left). ``signals`` False inside a thread."""
    from procrastinate.contrib.django import app

    async def work() -> None:
        with app.replace_connector(app.connector.get_worker_connector()) as working:
            async with working.open_async():
                await working.run_worker_async(
                    concurrency=concurrency, wait=wait, install_signal_handlers=signals, name="hutong"
                )

    asyncio.run(work())


def settle(rounds: int = 20) -> int:
    """Do all waiting announcements and long jobs here and now, in the caller's transaction if there is one.

    For tests and the command line; returns how many were done.
    """
    total = 0
    for _ in range(rounds):
        with use_scope(system_scope("settle")):
            queued = list(
                LongJob.objects.filter(state=LongJob.State.QUEUED).order_by("pk").values_list("pk", flat=True)
            )
        for job_id in queued:
            longjobs.run(job_id)
        done = outbox.dispatch() + len(queued)
        if not done:
            break
        total += done
    return total
