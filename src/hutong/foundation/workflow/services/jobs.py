"""Starting and cancelling long jobs."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from hutong.foundation.access.acting import Acting
from hutong.foundation.workflow import jobs
from hutong.foundation.workflow.errors import NotNow
from hutong.foundation.workflow.models import LongJob
from hutong.kernel import clock


@transaction.atomic
def start_job(
    *, kind: str, title: str, actor: Acting, params: dict[str, Any], result_link: str = ""
) -> LongJob:
    """Enqueue a long job; it runs after this transaction commits, under the actor's scope.

    ``params``: JSON, ids only. ``result_link`` is shown at the end unless the runner returns another.
    """
    job = LongJob.objects.create(
        kind=kind, title=title[:120], params=params, actor=actor.user, post=actor.post,
        area_code=actor.post.area_code, result_link=result_link, created_at=clock.now(),
    )  # fmt: skip
    jobs.defer(jobs.RUN, job_id=job.pk)
    return job


@transaction.atomic
def cancel_job(job: LongJob, *, actor: Acting) -> LongJob:
    """Ask a job to stop: a waiting one ends at once, a running one at its next step."""
    if job.post_id != actor.post.pk:
        actor.check("job.view")
    waiting = LongJob.objects.filter(pk=job.pk, state=LongJob.State.QUEUED)
    if not waiting.update(state=LongJob.State.CANCELLED, cancel_requested=True, finished_at=clock.now()):
        running = LongJob.objects.filter(pk=job.pk, state=LongJob.State.RUNNING)
        if not running.update(cancel_requested=True):
            raise NotNow("任务已经结束，不能取消。")
    job.refresh_from_db()
    return job
