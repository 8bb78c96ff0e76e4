"""A comparison of the registry with the lists of a quarter: the same code as ``hutong compare`` over files (R-24.04)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.urls import reverse

from hutong.domains.exchange import selectors
from hutong.domains.exchange.data.quarters import Quarter
from hutong.domains.exchange.data.quarters import parse as parse_quarter
from hutong.domains.exchange.machines import comparison as machine
from hutong.domains.exchange.models import ComparisonRun
from hutong.domains.exchange.services.errors import NotPossible
from hutong.domains.exchange.storage import store
from hutong.domains.leads import services as leads
from hutong.domains.policy import selectors as policy
from hutong.foundation.access.acting import Acting
from hutong.foundation.access.scope import use_scope
from hutong.foundation.workflow import longjobs
from hutong.foundation.workflow import services as workflow
from hutong.foundation.workflow.errors import NotNow
from hutong.foundation.workflow.models import LongJob
from hutong.kernel import areas, clock
from hutong.linkage.catalogue import LISTS
from hutong.linkage.errors import LinkageError

if TYPE_CHECKING:
    from hutong.domains.exchange.storage import handover
    from hutong.linkage import run as linkage

JOB: Final = "exchange.compare"
MEMORY: Final = "1GB"
"""For the engine beside a web server on the same machine; more goes to disk."""
_STEPS: Final = 100
Progress = Callable[[int, int, str], None]


def link(run: ComparisonRun) -> str:
    return reverse("exchange:run", args=[run.public_id])


@transaction.atomic
def start_run(
    *, actor: Acting, quarter: Quarter, as_of: date, pack: str, use_stale: bool = False, queue: bool = True
) -> ComparisonRun:
    """Order a comparison. One at a time a county; NotPossible when there is nothing to compare with."""
    actor.check("compare.run")
    county = areas.county(actor.post.area_code)
    if as_of > clock.today():
        raise NotPossible("比对日不能晚于今天。")
    if not selectors.effective(county, str(quarter), use_stale=use_stale):
        raise NotPossible(
            f"{quarter.label}还没有已确认的清单，无可比对。请先导入并确认，或选择沿用往期清单。"
        )
    policy.book(pack, as_of, county)
    _one_at_a_time(county, actor)
    run = ComparisonRun.objects.create(
        area_code=county, quarter=str(quarter), as_of=as_of, pack=pack, use_stale=use_stale,
        started_by=actor.user, created_at=clock.now(),
    )  # fmt: skip
    workflow.begin(run, actor=actor, right="compare.run")
    if queue:
        job = workflow.start_job(
            kind=JOB,
            title=f"{quarter.label}比对",
            actor=actor,
            params={"run": run.public_id},
            result_link=link(run),
        )
        run.job = job.public_id
        run.save(update_fields=["job"])
    return run


def _one_at_a_time(county: str, actor: Acting) -> None:
    for run in ComparisonRun.objects.filter(area_code=county, state__in=(machine.QUEUED, machine.RUNNING)):
        job = LongJob.objects.filter(public_id=run.job).first() if run.job else None
        if job is not None and job.state in (LongJob.State.QUEUED, LongJob.State.RUNNING):
            raise NotNow("本县已有一次比对正在进行，请等它完成或取消后再发起。")
        _end(run, actor, "fail", "后台任务已结束，比对没有完成。")


@transaction.atomic
def cancel_run(*, run: ComparisonRun, actor: Acting) -> ComparisonRun:
    """Stop: a waiting run ends at once, a running one at its next step; nothing of it is kept."""
    actor.check("compare.run")
    job = LongJob.objects.filter(public_id=run.job).first()
    if job is None:
        raise NotNow("这次比对已经结束，不能取消。")
    workflow.cancel_job(job, actor=actor)
    if job.state == LongJob.State.CANCELLED:
        _end(run, actor, "cancel", "")
    return run


def run_job(handle: longjobs.LongJobHandle) -> str:
    run = run_now(public_id=handle.params["run"], actor=handle.actor, progress=handle.progress)
    if run.state == machine.FAILED:
        raise longjobs.Failed(run.problem)
    return link(run)


def run_now(*, public_id: str, actor: Acting, progress: Progress = lambda *_: None) -> ComparisonRun:
    """Do the comparison here and now. Its leads and its end are one transaction: all of it or nothing."""
    with use_scope(actor.scope):
        run = selectors.get_run(public_id)
        if run.state == machine.QUEUED:
            workflow.apply(run, "start", actor=actor)
    try:
        with store.workspace() as folder:
            merged, summary = _compare(run, actor, folder, progress)
            with use_scope(actor.scope), transaction.atomic():
                _hand_over(run, actor, folder / "out", merged, summary, progress)
    except longjobs.Cancelled:
        _stop(run, actor, "cancel", "")
        raise
    except (LinkageError, ValueError) as error:
        return _stop(run, actor, "fail", str(error))
    except Exception:
        _stop(run, actor, "fail", "比对中断，没有产生线索。请重新发起；仍不成功请告知系统管理员。")
        raise
    return run


def _compare(
    run: ComparisonRun, actor: Acting, folder: Path, progress: Progress
) -> tuple[dict[str, handover.Merged], linkage.Summary]:
    # Arrow and DuckDB: loaded by the job that compares, never by a web process
    from hutong.domains.exchange.storage import handover
    from hutong.domains.registry import transfer
    from hutong.linkage import difference
    from hutong.linkage import run as linkage

    with use_scope(actor.scope):
        progress(0, _STEPS, "取出辖区档案")
        transfer.export_folder(
            folder / "registry",
            actor.scope,  # a job recorded as a run, not a person's reading of each file
            lambda done, total, _: progress(25 * done // max(total, 1), _STEPS, "取出辖区档案"),
        )
        deliveries = selectors.effective(run.area_code, run.quarter, use_stale=run.use_stale)
        run.inputs = handover.inputs(deliveries)
        progress(26, _STEPS, "取出清单")
        pushes = selectors.list_live_pushes(run.area_code, run.quarter)
        merged = handover.write_lists(folder / "lists", deliveries, pushes)
        book = policy.book(run.pack, run.as_of, run.area_code)
    supplied = {
        code: min(parse_quarter(one.root.quarter).last_day for one in found)
        for code, found in deliveries.items()
    }
    summary = linkage.compare(
        folder / "registry", folder / "lists", run.as_of, book.evaluate_table, book.explain, folder / "out",
        progress=lambda stage, done, total: progress(30 + 50 * done // total, _STEPS, stage),
        terms=difference.Terms(due=_due(run, difference.KINDS)), pack=run.pack, pack_version=str(book.version),
        supplied=supplied, stale_before=parse_quarter(run.quarter).first_day, memory=MEMORY,
    )  # fmt: skip
    return merged, summary


def _due(run: ComparisonRun, kinds: Iterable[str]) -> dict[str, date]:
    today = clock.today()
    return {kind: policy.due_day(kind, pack=run.pack, start=today) for kind in kinds}


def _hand_over(
    run: ComparisonRun, actor: Acting, out: Path, merged: dict[str, handover.Merged], summary: linkage.Summary,
    progress: Progress,
) -> None:  # fmt: skip
    from hutong.domains.exchange.storage import handover

    progress(82, _STEPS, "交办线索")
    counts = leads.receive(
        rows=handover.leads(out / "leads.parquet", merged), run_id=run.pk, as_of=run.as_of, pack=run.pack,
        version=summary.pack_version, actor=actor, run_label=f"{parse_quarter(run.quarter).label}比对",
        progress=lambda done, total, *_: progress(82 + 15 * done // max(total, 1), _STEPS, "交办线索"),
    )  # fmt: skip
    for part in ("links.parquet", "review.parquet", "rejected.parquet", "summary.json"):
        store.put_file(run.public_id, part, out / part)
    run.input_digest = _digest(run, summary)
    fields = {
        "inputs": run.inputs,
        "missing": [
            code
            for code, spec in LISTS.items()
            if code not in {one["list"] for one in run.inputs} and not spec.table.sealed
        ],
        "engine": summary.engine,
        "pack_version": summary.pack_version,
        "input_digest": run.input_digest,
        "counts": _counts(summary, counts) | {"townships": handover.townships(out / "leads.parquet")},
        "stages": [{"stage": name, **told} for name, told in summary.stages.items()],
        "finished_at": clock.now(),
    }
    workflow.apply(run, "finish", actor=actor, fields=fields)
    progress(_STEPS, _STEPS, "完成")


def _counts(summary: linkage.Summary, received: dict[str, int]) -> dict[str, Any]:
    """What the page shows; sealed lists are counted in the total of links only."""
    links = {code: counts for code, counts in summary.links.items() if not LISTS[code].table.sealed}
    return {
        "leads": summary.leads,
        "schemes": summary.schemes,
        "links": links,
        "review": summary.review,
        "undecided": summary.undecided,
        "not_compared": summary.not_compared,
        "received": received,
        "peak_memory_mb": summary.peak_memory_mb,
    }


def _digest(run: ComparisonRun, summary: linkage.Summary) -> str:
    """Equal for equal inputs: every file by content, the day, the pack and its version."""
    files = {code: told["sha256"] for code, told in summary.inputs.items()}
    text = json.dumps([files, run.as_of.isoformat(), run.pack, summary.pack_version], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _stop(run: ComparisonRun, actor: Acting, event: str, problem: str) -> ComparisonRun:
    with use_scope(actor.scope):
        return _end(ComparisonRun.objects.get(pk=run.pk), actor, event, problem)


def _end(run: ComparisonRun, actor: Acting, event: str, problem: str) -> ComparisonRun:
    fields = {"problem": problem[:500], "finished_at": clock.now()}
    return workflow.apply(run, event, actor=actor, reason=problem, fields=fields)
