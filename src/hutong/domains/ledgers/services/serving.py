"""Handing a made file out, each time with a line; and taking it away when its time is over."""

from __future__ import annotations

from django.db import transaction

from hutong.domains.ledgers import permissions
from hutong.domains.ledgers.models import Download, ExportRequest, QuarterReport
from hutong.domains.ledgers.selectors import exports
from hutong.domains.ledgers.services import asking, making
from hutong.foundation.access.acting import Acting
from hutong.foundation.access.scope import required, system_scope, use_scope
from hutong.foundation.documents import selectors as documents
from hutong.foundation.documents import services as kept
from hutong.foundation.documents.models import Document
from hutong.foundation.workflow import services as workflow
from hutong.foundation.workflow.errors import NotNow
from hutong.kernel import clock


@transaction.atomic
def take(*, request: ExportRequest, actor: Acting) -> tuple[Document, bytes]:
    """The file for whoever asked for it; NotNow before it is made and after its time."""
    permissions.check_can_take(actor, request)
    try:
        document = documents.get_reserved(asking.SUBJECT, request.pk)
    except Document.DoesNotExist:
        raise NotNow("这次导出没有可下载的文件；整套档案请按页面所示用命令行取件。") from None
    content = documents.read_reserved(document)
    note(actor, request.made_rows, len(content), export=request)
    return document, content


def folder_permit(actor: Acting, number: str, rows: int) -> str:
    """What ``registry`` asks before a person takes the whole registry out (``transfer.permits``)."""
    request = exports.find_folder_request(number, actor)
    if request is None:
        raise NotNow(f"没有您本人编号为“{number[:30]}”的整套档案导出申请。请核对编号。")
    permissions.check_can_take(actor, request)
    try:
        making.check_grown(request, rows)
    except making.Grown as grown:
        raise NotNow(str(grown)) from None
    note(actor, rows, 0, export=request)
    return f"导出档案 {request.number}"


def note(
    actor: Acting,
    rows: int,
    size: int,
    *,
    export: ExportRequest | None = None,
    report: QuarterReport | None = None,
) -> None:
    """One line for one handing out."""
    Download(
        export=export, report=report, at=clock.now(), actor=actor.user, actor_label=actor.label, rows=rows, size=size,
        request=required().request_id,
    ).save(force_insert=True)  # fmt: skip


def sweep() -> int:
    """End what has run out: the state says so, and the bytes are destroyed. Idempotent."""
    with use_scope(system_scope("ledgers.expire")):
        found = exports.list_run_out()
        for request in found:
            expire(request)
    return len(found)


@transaction.atomic
def expire(request: ExportRequest) -> None:
    """By the platform itself."""
    workflow.apply(request, "expire", actor=None, reason="有效期已过")
    for document in Document.objects.filter(
        subject_type=asking.SUBJECT, subject_id=request.pk, reserved=True, withdrawn_at__isnull=True
    ):
        kept.destroy(document, label="系统", reason=f"{request.number} 有效期已过")
