"""Making the quarter's data, checking it, marking it as sent: two people, a kept snapshot, a difference (R-03.04)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse

from hutong.domains.ledgers.data import catalogue, national
from hutong.domains.ledgers.machines import quarterly as machine
from hutong.domains.ledgers.models import QuarterChange, QuarterReport
from hutong.domains.ledgers.papers.sheet import FOOT, Head, Sheet
from hutong.domains.ledgers.presenters import people
from hutong.domains.ledgers.presenters.national import Difference, Snapshot, changes, difference, rows_of
from hutong.domains.ledgers.selectors import quarterly as selectors
from hutong.domains.ledgers.services import due, serving
from hutong.domains.ledgers.services.errors import Refused
from hutong.domains.registry.machines import wording
from hutong.domains.registry.models import Child
from hutong.foundation.access import reading
from hutong.foundation.access.acting import Acting
from hutong.foundation.access.explaining import Explanation
from hutong.foundation.documents import selectors as kept
from hutong.foundation.documents import services as documents
from hutong.foundation.network import selectors as network
from hutong.foundation.workflow import longjobs
from hutong.foundation.workflow import services as workflow
from hutong.foundation.workflow.errors import NotNow
from hutong.foundation.workflow.models import LongJob
from hutong.kernel import areas, clock
from hutong.kernel.quarters import Quarter

JOB: Final = "ledgers.quarterly"
SUBJECT: Final = "ledgers.quarterreport"
CHECK: Final = "ledgers.check"
SEND: Final = "ledgers.send"
_CHUNK: Final = 1000
Progress = Callable[[int, int, str], None]


def link(report: QuarterReport) -> str:
    return reverse("ledgers:quarter", args=[report.public_id])


@transaction.atomic
def start(*, actor: Acting, quarter: Quarter) -> LongJob:
    """Have the quarter's data of the own county made in the background."""
    county = _check_can_make(actor, quarter)
    title = f"{quarter.label}全国系统数据"
    running = LongJob.objects.filter(
        kind=JOB, title=title, area_code=county, state__in=(LongJob.State.QUEUED, LongJob.State.RUNNING)
    )
    if running.exists():
        raise NotNow("本季度的数据正在制作，请等它完成。")
    return workflow.start_job(
        kind=JOB, title=title, actor=actor, params={"quarter": str(quarter)}, result_link=reverse("ledgers:quarterly")
    )  # fmt: skip


def _check_can_make(actor: Acting, quarter: Quarter) -> str:
    actor.check("ledger.report")
    actor.check("ledger.clear_id")
    county = areas.county(actor.post.area_code)
    if quarter.first_day > clock.today():
        raise Refused(f"{quarter.label}还没有开始，不能制作数据。")
    live = selectors.find_live(county, str(quarter))
    if live is not None:
        raise NotNow(f"{quarter.label}的数据已制作（{live.get_state_display()}）。需要重做的，请先作废。")
    return county


def run_job(handle: longjobs.LongJobHandle) -> str:
    quarter = Quarter.parse(handle.params["quarter"])
    try:
        return link(make(actor=handle.actor, quarter=quarter, progress=handle.progress))
    except Refused as refused:
        raise longjobs.Failed(refused.sentence) from None


@transaction.atomic
def make(*, actor: Acting, quarter: Quarter, progress: Progress = lambda *_: None) -> QuarterReport:
    """Rows, snapshot, difference, file, read log and worklist in one transaction; call it under the actor's scope."""
    county = _check_can_make(actor, quarter)
    layout = national.layout(quarter.last_day)
    children = list(selectors.list_rows(layout, county))
    if not children:
        raise Refused("名册上没有需要上报的儿童。请先核对类别和名册。")
    reading.record(
        actor,
        [(one.pk, one.residence_area) for one in children],
        f"全国系统季度数据 {quarter}",
        Explanation("export", str(quarter)),
    )
    rows: dict[str, list[str]] = {}
    for chunk in people.in_chunks(children, _CHUNK):
        rows |= rows_of(chunk, layout)
        progress(len(rows), len(children), f"已取 {len(rows)} 人")
    now = Snapshot(tuple(column.code for column in layout.columns), rows)
    previous = selectors.find_last_sent(county, str(quarter))
    found = difference(snapshot_of(previous) if previous else None, now)
    report = QuarterReport(
        area_code=county, quarter=str(quarter), layout=layout.version, previous=previous, rows=len(rows), digest="",
        made_by=actor.user, made_post=actor.post, made_label=actor.label, made_at=clock.now(),
    )  # fmt: skip
    report.save(force_insert=True)
    workflow.begin(report, actor=actor, right="ledger.report")
    keys = {child.file_no: child.pk for child in children}
    report.added, report.changed = len(found.added), len(found.changed)
    report.gone, report.unseen = _keep_changes(report, found, keys, layout)
    report.digest = _keep_files(report, actor, now, layout)
    report.save(update_fields=["added", "changed", "gone", "unseen", "digest"])
    _ask_second(report, actor)
    return report


def snapshot_of(report: QuarterReport) -> Snapshot:
    return Snapshot.read(kept.read_reserved(kept.get_reserved(SUBJECT, report.pk, "snapshot")))


def changed_lines(report: QuarterReport, rows: Iterable[QuarterChange]) -> dict[int, list[list[str]]]:
    """Change → [header, before, after] of its columns, read from the two snapshots; empty once they are destroyed."""
    changed = [row for row in rows if row.kind == "CHANGED"]
    if not changed or report.previous is None or report.state == machine.DISCARDED:
        return {}
    before, now = snapshot_of(report.previous), snapshot_of(report)
    layout = national.layout(Quarter.parse(report.quarter).last_day)
    return {row.pk: changes(before, now, layout, row.child.file_no, row.fields) for row in changed}


def _keep_changes(
    report: QuarterReport, found: Difference, keys: dict[str, int], layout: national.Layout
) -> tuple[int, int]:
    """Store the difference; (gone, unseen): of who is no longer seen here only the number is told, never who."""
    left = {child.file_no: child for child in Child.objects.filter(file_no__in=found.gone)}
    first = report.previous is None
    made = [
        QuarterChange(report=report, child_id=keys[number], kind="ADDED", reason="首次上报" if first else "")
        for number in found.added
    ]
    made += [
        QuarterChange(report=report, child_id=child.pk, kind="GONE", reason=_why_gone(child, layout, report))
        for child in left.values()
    ]
    made += [
        QuarterChange(report=report, child_id=keys[number], kind="CHANGED", fields=fields)
        for number, fields in found.changed.items()
    ]
    QuarterChange.objects.bulk_create(made, batch_size=1000)
    return len(left), len(found.gone) - len(left)


def _why_gone(child: Child, layout: national.Layout, report: QuarterReport) -> str:
    """In the words of the file; a reason a compartment holds is not told."""
    if child.state != "ACTIVE":
        reason = wording.CLOSE_REASONS.get(child.close_reason, "") if child.close_reason != "ADOPTED" else ""
        return "：".join(filter(None, [wording.STATES[child.state], reason]))
    place = child.hukou_area if layout.basis == "hukou" else child.residence_area
    if not areas.contains(report.area_code, place):
        return f"{'户籍地' if layout.basis == 'hukou' else '居住地'}已不在本县"
    ended = child.roll.filter(scheme__in=layout.schemes, until__isnull=False).order_by("-until").first()
    return f"已退出名册：{ended.get_scheme_display()}，{ended.until}" if ended else "已不在名册"


def _keep_files(report: QuarterReport, actor: Acting, now: Snapshot, layout: national.Layout) -> str:
    from hutong.domains.ledgers.papers import workbook

    quarter = Quarter.parse(report.quarter)
    snapshot = documents.keep(
        content=now.content(), name=f"{quarter}.json", kind="sheet", mime="application/json", purpose="snapshot",
        actor=actor, area_code=report.area_code, subject_type=SUBJECT, subject_id=report.pk,
    )  # fmt: skip
    place = network.area_path(report.area_code)
    sheet = Sheet(
        name="儿童信息", title=f"{place}全国儿童福利信息系统季度数据", left=f"填报单位：{actor.post.org.name}",
        right=f"{quarter.label}　截止日期：{clock.today()}　版式 {layout.version}",
        heads=tuple(Head(column.header, column.width) for column in layout.columns),
        rows=(tuple(now.rows[number]) for number in sorted(now.rows)), foot=FOOT,
        mark=f"内部资料，严禁外传　{actor.label}　{clock.now():%Y-%m-%d %H:%M}　指纹 {snapshot.sha256[:16]}",
    )  # fmt: skip
    documents.keep(
        content=workbook.write([sheet], at=clock.now()), name=f"{place}{quarter}全国系统数据.xlsx", kind="sheet",
        mime=workbook.MIME, purpose="report", actor=actor, area_code=report.area_code, subject_type=SUBJECT,
        subject_id=report.pk,
    )  # fmt: skip
    return snapshot.sha256


def _ask_second(report: QuarterReport, actor: Acting) -> None:
    posts = list(network.list_posts(role=network.COUNTY, area_code=report.area_code))
    others = [post for post in posts if post.pk != actor.post.pk] or posts
    day = workflow.working_due(clock.today(), catalogue.term("approve_working_days"))
    summary = (
        f"{report.rows} 人，新增 {report.added}，减少 {report.gone + report.unseen}，变更 {report.changed}"
    )
    items = [
        workflow.NewItem(
            kind=CHECK, title=f"复核{report.label}全国系统数据", owner=post, subject_type=SUBJECT, subject_id=report.pk,
            link=link(report), due_on=day, area_code=report.area_code, summary=summary, escalate_to_role="COUNTY_CA",
        )
        for post in others
    ]  # fmt: skip
    workflow.open_items(items=items, actor=actor)


def _second(actor: Acting, report: QuarterReport) -> None:
    actor.check("ledger.send")
    if report.made_by_id == actor.user.pk:
        raise PermissionDenied("制表人不能复核自己制作的季度数据，请由另一位工作人员办理。")


@transaction.atomic
def check(*, report: QuarterReport, actor: Acting) -> QuarterReport:
    """The second person has looked at the difference: the file may be taken for a while."""
    _second(actor, report)
    fields: dict[str, Any] = {
        "checked_by": actor.user, "checked_label": actor.label, "checked_at": clock.now(),
        "expires_at": clock.now() + timedelta(hours=catalogue.term("expiry_hours")),
    }  # fmt: skip
    workflow.apply(report, "check", actor=actor, fields=fields)
    workflow.close_items(subject_type=SUBJECT, subject_id=report.pk, actor=actor, outcome="复核通过")
    day = max(national.due(Quarter.parse(report.quarter)), clock.today())
    workflow.open_item(
        kind=SEND, title=f"确认{report.label}全国系统数据已上报", owner=actor.post, subject_type=SUBJECT,
        subject_id=report.pk, link=link(report), due_on=day, area_code=report.area_code, actor=actor,
        escalate_to_role="PLAN_OFFICER",
    )  # fmt: skip
    return report


@transaction.atomic
def reject(*, report: QuarterReport, actor: Acting, note: str) -> QuarterReport:
    _second(actor, report)
    return _drop(report, "reject", actor, note, "退回重做")


@transaction.atomic
def discard(*, report: QuarterReport, actor: Acting, note: str) -> QuarterReport:
    """The maker sees a mistake before it was sent."""
    return _drop(report, "discard", actor, note, "作废重做")


def _drop(report: QuarterReport, event: str, actor: Acting, note: str, outcome: str) -> QuarterReport:
    if not note.strip():
        raise NotNow(f"{outcome}请写明理由。")
    workflow.apply(report, event, actor=actor, reason=note.strip(), fields={"note": note.strip()[:300]})
    workflow.close_items(subject_type=SUBJECT, subject_id=report.pk, actor=actor, outcome=outcome)
    for name in ("report", "snapshot"):
        document = kept.get_reserved(SUBJECT, report.pk, name)
        documents.destroy(document, label=actor.label, reason=outcome)
    return report


@transaction.atomic
def mark_sent(*, report: QuarterReport, actor: Acting, sent_on: date, receipt: str) -> QuarterReport:
    """It stands in the national system: by the second person, with the system's own number."""
    _second(actor, report)
    if sent_on > clock.today():
        raise Refused("上报日期晚于今天，请核对。", "sent_on")
    if not receipt.strip():
        raise Refused("请填写全国系统给出的回执或流水号。", "receipt")
    fields = {"sent_label": actor.label, "sent_on": sent_on, "receipt": receipt.strip()[:60]}
    workflow.apply(report, "send", actor=actor, reason=receipt.strip(), fields=fields)
    workflow.close_items(subject_type=SUBJECT, subject_id=report.pk, actor=actor, outcome="已上报")
    due.close(report.area_code, Quarter.parse(report.quarter), actor)
    return report


@transaction.atomic
def take(*, report: QuarterReport, actor: Acting) -> tuple[Any, bytes]:
    """The file, once a second person has checked it and while its time lasts; each time a line."""
    actor.check("ledger.report")
    actor.check("ledger.clear_id")
    if report.state != machine.CHECKED:
        raise NotNow(f"季度数据当前为“{report.get_state_display()}”，没有可取的文件。")
    if report.expires_at is None or report.expires_at <= clock.now():
        raise NotNow("文件已过有效期，不再发放。尚未上报的，请作废后重新制作。")
    document = kept.get_reserved(SUBJECT, report.pk, "report")
    content = kept.read_reserved(document)
    serving.note(actor, report.rows, len(content), report=report)
    return document, content
