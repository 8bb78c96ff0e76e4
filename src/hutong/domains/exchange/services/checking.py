"""The check: every row against the contract, in the background, with a summary for two people to look at."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.db import transaction
from django.urls import reverse

from hutong.domains.compartments import services as compartments
from hutong.domains.exchange import selectors
from hutong.domains.exchange.machines import batch as machine
from hutong.domains.exchange.models import Batch, ColumnMapping
from hutong.domains.exchange.services.errors import NotPossible, Refused
from hutong.domains.exchange.storage import sandbox, store
from hutong.foundation.access.acting import Acting
from hutong.foundation.access.scope import use_scope
from hutong.foundation.accounts import rights
from hutong.foundation.network import selectors as network
from hutong.foundation.workflow import longjobs
from hutong.foundation.workflow import services as workflow
from hutong.foundation.workflow.errors import NotNow
from hutong.kernel import clock
from hutong.linkage.catalogue import LISTS

JOB = "exchange.check"
CONFIRM = "exchange.confirm"
SUBJECT = "exchange.batch"
CONFIRM_DAYS = 3
"""Working days for the second person; an assumption (no source sets one), kept short so that a quarter is not lost."""
Progress = Callable[[int, int, str], None]


def link(batch: Batch) -> str:
    return reverse("exchange:batch", args=[batch.public_id])


@transaction.atomic
def map_columns(*, batch: Batch, mapping: dict[str, str], actor: Acting) -> Batch:
    """Say which header is which column, and check. ``mapping``: {header: column code}, unused headers left out."""
    actor.check("exchange.upload")
    table = LISTS[batch.list_code].table
    known = {column.code for column in table.columns}
    chosen = {header: code for header, code in mapping.items() if header in batch.headers and code in known}
    twice = [code for code in known if list(chosen.values()).count(code) > 1]
    if twice:
        raise NotPossible(f"“{table.column(twice[0]).header}”选了不止一列，请只留一列。")
    batch.mapping = chosen
    if missing := selectors.unmapped(batch):
        raise NotPossible(
            f"还没有指定：{'、'.join(missing)}。请为它选择文件中的一列；文件里没有的，补上后重新上传。"
        )
    moved = Batch.objects.filter(pk=batch.pk, state__in=(machine.UPLOADED, machine.FAILED)).update(
        mapping=chosen
    )
    if not moved:
        raise NotNow("这一批已经在检查或已检查完毕，列对应不能再改。请刷新后再看。")
    return start_check(batch=batch, actor=actor)


@transaction.atomic
def start_check(*, batch: Batch, actor: Acting) -> Batch:
    """Put the check on the queue; its progress stands on the batch's page."""
    actor.check("exchange.upload")
    job = workflow.start_job(
        kind=JOB, title=f"检查{batch.neutral_title}", actor=actor,
        params={"batch": batch.public_id}, result_link=link(batch),
    )  # fmt: skip
    Batch.objects.filter(pk=batch.pk).update(job=job.public_id)
    batch.job = job.public_id
    return batch


def run_job(handle: longjobs.LongJobHandle) -> str:
    """Runner of the long job: its steps are transactions of their own, so the state is true at every moment."""
    batch = check_now(public_id=handle.params["batch"], actor=handle.actor, progress=handle.progress)
    if batch.state == machine.FAILED:
        raise longjobs.Failed(batch.problem)
    return link(batch)


def check_now(*, public_id: str, actor: Acting, progress: Progress = lambda *_: None) -> Batch:
    """Check a batch here and now. A file that cannot be used ends in FAILED with the sentence, never in an error."""
    with use_scope(actor.scope):
        batch = Batch.objects.select_related("supplements", "sender_post").get(public_id=public_id)
        if batch.state != machine.CHECKING:  # a job run again after its worker was killed
            workflow.apply(batch, "check", actor=actor, fields={"problem": ""})
    try:
        report = _check(batch, progress)
    except Refused as error:
        return _failed(batch, actor, str(error))
    except longjobs.Cancelled:
        _failed(batch, actor, "检查已取消，没有导入任何内容。可以重新检查。")
        raise
    except Exception:
        _failed(batch, actor, "检查中断，没有导入任何内容。请重新检查；仍不成功请告知系统管理员。")
        raise
    with use_scope(actor.scope), transaction.atomic():
        return _finish(batch, actor, report)


def _check(batch: Batch, progress: Progress) -> dict[str, Any]:
    name = batch.file_name
    with store.workspace() as folder:
        progress(0, 3, "取出文件")
        path: Path = folder / f"file.{batch.kind}"
        store.copy_to(batch.public_id, "original", path, compartment=batch.compartment)
        progress(1, 3, "逐行检查")
        report = sandbox.run(
            "check", folder, name, file=path.name, list=batch.list_code, mapping=batch.mapping,
            programs=batch.sender_post.role in rights.MACHINES,
        )  # fmt: skip
        progress(2, 3, "保存结果")
        for part in ("accepted.parquet", "rejected.parquet"):
            store.put_file(batch.public_id, part, folder / part, compartment=batch.compartment)
    return report


def _failed(batch: Batch, actor: Acting, problem: str) -> Batch:
    with use_scope(actor.scope):
        return workflow.apply(batch, "fail", actor=actor, reason=problem, fields={"problem": problem[:500]})


def _finish(batch: Batch, actor: Acting, report: dict[str, Any]) -> Batch:
    passed, refused = int(report["passed"]), int(report["refused"])
    fields = {
        "rows": passed + refused, "passed": passed, "refused": refused, "warned": int(report["warned"]),
        "warnings": report["warnings"], "mapping": report["mapping"],
        # grouped reasons quote cells; of a sealed list nothing is quoted
        "reasons": [["有误", refused]] if batch.sealed and refused else report["reasons"],
    }  # fmt: skip
    workflow.apply(batch, "checked", actor=actor, fields=fields)
    _remember(batch)
    _ask_second(batch, actor)
    return batch


def _remember(batch: Batch) -> None:
    values = {"area_code": batch.area_code, "columns": batch.mapping, "updated_at": clock.now()}
    ColumnMapping.objects.update_or_create(
        org_id=batch.sender_org_id, list_code=batch.list_code, defaults=values
    )


def _ask_second(batch: Batch, actor: Acting) -> None:
    """On the worklist of the county's other posts; of the uploader's own post when there is no other.

    A sealed list waits for the persons named for its compartment and for nobody else."""
    if batch.sealed:
        if batch.passed:
            compartments.raise_matter(
                compartment=batch.compartment, area_code=batch.area_code, link=link(batch),
                words=f"有一批专管清单待确认（{batch.quarter}）", key=f"batch:{batch.public_id}",
            )  # fmt: skip
        return
    posts = list(network.list_posts(role="COUNTY_CA", area_code=batch.area_code))
    others = [post for post in posts if post.pk != batch.sender_post_id] or posts
    if not batch.passed:
        return
    title = batch.neutral_title
    workflow.open_items(
        actor=actor,
        items=[
            workflow.NewItem(
                kind=CONFIRM, title=f"确认{title}（{batch.quarter}）", owner=post, subject_type=SUBJECT,
                subject_id=batch.pk, link=link(batch), area_code=batch.area_code,
                due_on=workflow.working_due(clock.today(), CONFIRM_DAYS),
                summary=f"{batch.sender_org.name}上传，通过 {batch.passed} 行，退回 {batch.refused} 行",
            )
            for post in others
        ],
    )  # fmt: skip
