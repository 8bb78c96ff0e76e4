"""Real transactions: two clicks at once, the real queue, progress seen from outside, a killed worker's job."""

import threading
import time
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.db import connection, connections

from hutong.foundation.access.scope import system_scope, use_scope
from hutong.foundation.workflow import longjobs, outbox, selectors, services, worker
from hutong.foundation.workflow.errors import NotNow
from hutong.foundation.workflow.models import LongJob, WorkItem

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
Opened = Callable[..., WorkItem]


def in_threads(work: Callable[[int], None], count: int = 2) -> None:
    def run(number: int) -> None:
        try:
            work(number)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)


def test_of_two_clicks_one_wins_and_the_other_is_told(
    transactional_db: None, repair: None, opened: Opened, cast: SimpleNamespace
) -> None:
    item = opened()
    with use_scope(system_scope("test")):
        WorkItem.objects.filter(pk=item.pk).update(outcome="draft")
    ready, told = threading.Barrier(2, timeout=10), []

    def click(number: int) -> None:
        with use_scope(cast.director.scope):
            seen = WorkItem.objects.get(pk=item.pk)
            ready.wait()
            try:
                services.apply(seen, "submit", actor=cast.director)
                told.append("won")
            except NotNow as error:
                told.append(str(error))

    in_threads(click)
    assert sorted(told, key=len)[0] == "won"
    assert len(told) == 2
    assert "可能已有人先行办理" in max(told, key=len)
    with use_scope(cast.director.scope):
        assert selectors.list_history("workflow.workitem", item.pk).count() == 1


def test_two_dispatchers_share_the_rows_and_double_nothing(
    transactional_db: None, cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "_handlers", {})
    seen: list[int] = []

    @outbox.handles("example.many")
    def slowly(payload: dict[str, int]) -> None:
        time.sleep(0.005)
        seen.append(payload["n"])

    with use_scope(cast.director.scope):
        services.announce_many(event="example.many", rows=[(f"m{n}", {"n": n}) for n in range(30)])
    in_threads(lambda number: outbox.dispatch() and None)
    outbox.dispatch()
    assert sorted(seen) == list(range(30))


def test_progress_is_seen_and_cancelled_from_outside_while_the_job_runs(
    transactional_db: None, cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Through the real queue and worker: the job's own transaction is open all the while."""
    monkeypatch.setattr(longjobs, "_kinds", {})
    monkeypatch.setattr(longjobs, "REPORT_EVERY", 0)
    outside: list[tuple[str, int]] = []

    def run(handle: longjobs.LongJobHandle) -> str:
        for step in range(1, 100):
            handle.progress(step, 100)

            def look(number: int, step: int = step) -> None:
                with use_scope(cast.county.scope):
                    job = selectors.get_job(handle.public_id, cast.county)
                    outside.append((job.state, job.done))
                    if step == 2:
                        services.cancel_job(job, actor=cast.county)

            in_threads(look, 1)
        return ""

    longjobs.register("example", run)
    with use_scope(cast.county.scope):
        job = services.start_job(kind="example", title="示例", actor=cast.county, params={})
    connection.close()
    worker.run(concurrency=1, wait=False, signals=False)
    assert outside == [("running", 1), ("running", 2)]
    with use_scope(system_scope("test")):
        assert LongJob.objects.get(pk=job.pk).state == "cancelled"


def test_a_job_left_behind_by_a_killed_worker_runs_again(
    transactional_db: None, cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(longjobs, "_kinds", {})
    runs: list[str] = []
    longjobs.register("example", lambda handle: runs.append(handle.public_id) or "/done/")
    with use_scope(cast.county.scope):
        job = services.start_job(kind="example", title="示例", actor=cast.county, params={})
        LongJob.objects.update(state=LongJob.State.RUNNING)  # what the killed worker left
    longjobs.run(job.pk)
    longjobs.run(job.pk)  # ended jobs are left alone
    assert runs == [job.public_id]


def test_what_a_job_enqueues_belongs_to_its_transaction(
    transactional_db: None, cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(longjobs, "_kinds", {})

    def first(handle: longjobs.LongJobHandle) -> str:
        services.start_job(kind="second", title="第二步", actor=handle.actor, params={})
        time.sleep(0.3)  # long enough for a job enqueued elsewhere to start and find nothing
        if handle.params.get("fail"):
            raise longjobs.Failed("不成")
        return ""

    longjobs.register("first", first)
    longjobs.register("second", lambda handle: "/second/")
    with use_scope(cast.county.scope):
        services.start_job(kind="first", title="第一步", actor=cast.county, params={})
        services.start_job(kind="first", title="第一步（不成）", actor=cast.county, params={"fail": True})
    connection.close()
    for _ in range(2):  # a worker that does not wait may leave while the other slot's job still enqueues
        worker.run(concurrency=2, wait=False, signals=False)
    with use_scope(system_scope("test")):
        ended = sorted(LongJob.objects.values_list("title", "state"))
    assert ended == [("第一步", "done"), ("第一步（不成）", "failed"), ("第二步", "done")]
