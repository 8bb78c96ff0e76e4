"""Long work is seen, can be cancelled, and tells its result or why not (experience 16)."""

import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from hutong.foundation.access.scope import required, system_scope, use_scope
from hutong.foundation.network.models import Holding, Org
from hutong.foundation.workflow import longjobs, selectors, services, worker
from hutong.foundation.workflow.errors import NotNow
from hutong.foundation.workflow.longjobs import LongJobHandle
from hutong.foundation.workflow.models import LongJob
from hutong.kernel import clock


@pytest.fixture
def kind(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    monkeypatch.setattr(longjobs, "_kinds", {})
    monkeypatch.setattr(longjobs, "REPORT_EVERY", 0)

    def register(runner: Any, **options: Any) -> None:
        longjobs.register("example", runner, **options)

    return register


def start(cast: SimpleNamespace, who: str = "county", **params: Any) -> LongJob:
    actor = getattr(cast, who)
    with use_scope(actor.scope):
        return services.start_job(
            kind="example", title="示例导出", actor=actor, params=params, result_link="/done/"
        )


def after(job: LongJob) -> LongJob:
    with use_scope(system_scope("test")):
        return LongJob.objects.get(pk=job.pk)


def test_it_runs_under_the_scope_of_whoever_started_it(
    cast: SimpleNamespace, kind: Callable[..., None]
) -> None:
    seen: list[Any] = []

    def run(handle: LongJobHandle) -> str:
        seen.append((required().lo, required().user_id, handle.params["n"], handle.actor.post.pk))
        handle.progress(1, 2, "第一步")
        return "/exports/1/"

    kind(run)
    job = start(cast, n=5)
    assert worker.settle() == 1
    assert seen == [("990101000000", cast.county.user.pk, 5, cast.county.post.pk)]
    done = after(job)
    assert (done.state, done.result_link, done.percent, done.note) == ("done", "/exports/1/", 100, "第一步")


def test_cancelling_leaves_nothing_behind(cast: SimpleNamespace, kind: Callable[..., None]) -> None:
    def run(handle: LongJobHandle) -> str:
        Org.objects.create(name="半成品", kind="MZ", area_code="990101000000")
        services.cancel_job(LongJob.objects.get(public_id=handle.public_id), actor=handle.actor)
        handle.progress(1, 10)
        raise AssertionError("ran on after being cancelled")

    kind(run, atomic=True)
    job = start(cast)
    # the request to cancel comes from inside here, so it is undone with the rest; outside it is another transaction
    worker.settle()
    assert after(job).state == "cancelled"
    assert not Org.objects.filter(name="半成品").exists()


def test_a_waiting_job_is_cancelled_at_once_and_never_runs(
    cast: SimpleNamespace, kind: Callable[..., None]
) -> None:
    kind(lambda handle: pytest.fail("ran"))
    job = start(cast)
    with use_scope(cast.county.scope):
        assert services.cancel_job(job, actor=cast.county).state == "cancelled"
        with pytest.raises(NotNow, match="已经结束"):
            services.cancel_job(job, actor=cast.county)
    assert worker.settle() == 0


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (longjobs.Failed("第 3 行缺少身份证号。"), "第 3 行缺少身份证号。"),
        (KeyError("secret 500199"), "编号"),
    ],
)
def test_a_failure_says_why_and_shows_no_inside(
    cast: SimpleNamespace, kind: Callable[..., None], error: Exception, words: str
) -> None:
    def run(handle: LongJobHandle) -> str:
        raise error

    kind(run)
    job = start(cast)
    worker.settle()
    failed = after(job)
    assert failed.state == "failed"
    assert words in failed.error
    assert "500199" not in failed.error


def test_who_left_the_post_runs_nothing_any_more(cast: SimpleNamespace, kind: Callable[..., None]) -> None:
    kind(lambda handle: pytest.fail("ran"))
    job = start(cast)
    Holding.objects.filter(post=cast.county.post).update(until=clock.today())
    worker.settle()
    assert "不在该岗位" in after(job).error


def test_the_page_polls_while_it_runs_and_stops_at_the_end(
    cast: SimpleNamespace, client_as: Any, kind: Callable[..., None]
) -> None:
    kind(lambda handle: "/exports/1/")
    job = start(cast)
    client, page = client_as("county"), f"/work/jobs/{job.public_id}/"
    html = client.get(page).content.decode()
    assert "排队中" in html
    assert re.search(rf'hx-get="{page}"', html)
    worker.settle()
    part = client.get(page, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert "hx-trigger" not in part
    assert "/exports/1/" in part


def test_cancel_button(cast: SimpleNamespace, client_as: Any, kind: Callable[..., None]) -> None:
    kind(lambda handle: "")
    job = start(cast)
    part = client_as("county").post(f"/work/jobs/{job.public_id}/cancel/", headers={"HX-Request": "true"})
    assert "已按您的要求取消" in part.content.decode()


def test_jobs_of_elsewhere_do_not_exist(
    cast: SimpleNamespace, client_as: Any, kind: Callable[..., None]
) -> None:
    kind(lambda handle: "")
    job = start(cast)
    for who in ("stranger", "stranger_county", "director", "supervisor"):
        assert client_as(who).get(f"/work/jobs/{job.public_id}/").status_code == 404
        assert client_as(who).post(f"/work/jobs/{job.public_id}/cancel/").status_code == 404
    assert client_as("county_second").get(f"/work/jobs/{job.public_id}/").status_code == 200
    assert "示例导出" in client_as("county_second").get("/work/jobs/").content.decode()
    with use_scope(cast.stranger_county.scope):
        assert not selectors.list_jobs(cast.stranger_county).exists()
