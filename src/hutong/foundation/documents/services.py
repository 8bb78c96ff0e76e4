"""Taking, attaching and withdrawing files."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import IO, Any, Final

from django.db import IntegrityError, transaction

from hutong.foundation.access.acting import Acting
from hutong.foundation.access.scope import because
from hutong.foundation.documents import store as stored
from hutong.foundation.documents.inspection import MAX_SIZE, Refused, examine
from hutong.foundation.documents.models import Document
from hutong.foundation.workflow.errors import NotNow
from hutong.kernel import clock

ALL_KINDS: Final = frozenset(Document.Kind.values)


@transaction.atomic
def store(
    *, file: IO[bytes], actor: Acting, child_id: int | None, area_code: str, purpose: str,
    kinds: Iterable[str] = ALL_KINDS, name: str = "", once: str = "", subject_type: str = "",
    subject_id: int | None = None,
) -> Document:  # fmt: skip
    """Check and keep a file; ``inspection.Refused`` (ValueError) with the sentence for the user.

    ``kinds``: of image, pdf, sheet, doc those wanted here. ``once``: the form's own number, so that a second click
    returns the first document. The child must be visible to the actor (row security refuses otherwise).
    """
    actor.check("document.upload")
    if once and (same := Document.objects.filter(uploaded_by=actor.user, once=once[:40]).first()):
        return same
    verdict, content = examine(file.read(MAX_SIZE + 1), stored.work())
    if verdict.kind not in kinds:
        wanted = "、".join(Document.Kind(kind).label for kind in Document.Kind.values if kind in kinds)
        raise Refused(f"这里只接收{wanted}，上传的是{Document.Kind(verdict.kind).label}。请换一个文件。")
    document = Document(
        name=clean_name(name or str(getattr(file, "name", "") or ""), verdict.suffix), kind=verdict.kind,
        mime=verdict.mime, size=len(content), sha256=hashlib.sha256(content).hexdigest(), purpose=purpose[:120],
        child_id=child_id, area_code=area_code, subject_type=subject_type, subject_id=subject_id, once=once[:40],
        uploaded_at=clock.now(), uploaded_by=actor.user, uploaded_post=actor.post, uploaded_label=actor.label,
    )  # fmt: skip
    try:
        with transaction.atomic():
            document.save(force_insert=True)
    except IntegrityError:  # the other click of two simultaneous ones was faster
        return Document.objects.get(uploaded_by=actor.user, once=document.once)
    stored.put(document.public_id, content)
    return document


@transaction.atomic
def keep(
    *, content: bytes, name: str, kind: str, mime: str, purpose: str, actor: Acting, area_code: str,
    subject_type: str, subject_id: int,
) -> Document:  # fmt: skip
    """Keep a file the platform itself made for one thing: sealed like an upload, handed out by that thing alone.

    No right of its own: the service that makes the file has checked who may make it.
    """
    document = Document(
        name=clean_name(name, PurePosixPath(name).suffix), kind=kind, mime=mime, size=len(content), purpose=purpose[:120],
        sha256=hashlib.sha256(content).hexdigest(), child_id=None, area_code=area_code, subject_type=subject_type,
        subject_id=subject_id, reserved=True, uploaded_at=clock.now(), uploaded_by=actor.user, uploaded_post=actor.post,
        uploaded_label=actor.label,
    )  # fmt: skip
    document.save(force_insert=True)
    stored.put(document.public_id, content)
    return document


@transaction.atomic
def destroy(document: Document, *, label: str, reason: str) -> Document:
    """A reserved file has served its time: its bytes go, the row stays and says what it was (digest, size, maker)."""
    if not document.reserved:
        raise ValueError("only files the platform made are destroyed; others are withdrawn")
    values: dict[str, Any] = {
        "withdrawn_at": clock.now(), "withdrawn_label": label[:140], "withdrawn_reason": reason[:200],
    }  # fmt: skip
    with because(reason):
        Document.objects.filter(pk=document.pk, withdrawn_at__isnull=True).update(**values)
    transaction.on_commit(lambda: stored.remove(document.public_id))
    for field, value in values.items():
        setattr(document, field, value)
    return document


@transaction.atomic
def attach(document: Document, *, subject_type: str, subject_id: int, actor: Acting) -> Document:
    """Say what the document belongs to; once said it stays."""
    actor.check("document.upload")
    free = Document.objects.filter(pk=document.pk, subject_type="", withdrawn_at__isnull=True)
    if free.update(subject_type=subject_type, subject_id=subject_id) != 1:
        raise NotNow("该附件已归入其他事项或已作废，不能再归入。请重新上传。")
    document.subject_type, document.subject_id = subject_type, subject_id
    return document


@transaction.atomic
def withdraw(document: Document, *, actor: Acting, reason: str) -> Document:
    """Mark a wrong upload; the file stays for the record and can no longer be opened by the ordinary way."""
    actor.check("document.upload")
    if not reason.strip():
        raise NotNow("作废附件需要写明理由。")
    if document.uploaded_post_id != actor.post.pk and not actor.may("work.supervise"):
        raise NotNow("只能作废本岗位上传的附件；其他岗位上传的，请联系上传人或儿童督导员。")
    values: dict[str, Any] = {
        "withdrawn_at": clock.now(), "withdrawn_label": actor.label, "withdrawn_reason": reason[:200],
    }  # fmt: skip
    with because(reason):
        if Document.objects.filter(pk=document.pk, withdrawn_at__isnull=True).update(**values) != 1:
            raise NotNow("该附件已经作废。请刷新后再看。")
    for field, value in values.items():
        setattr(document, field, value)
    return document


def clean_name(given: str, suffix: str) -> str:
    """The sender's file name without folders or control characters, ending as its content demands."""
    name = unicodedata.normalize("NFC", given).replace("\\", "/")
    stem = PurePosixPath(name).name
    stem = re.sub(r"\.[A-Za-z0-9]{1,5}$", "", stem)
    stem = "".join(c for c in stem if unicodedata.category(c)[0] != "C" and c not in '<>:"|?*/').strip(" .")
    return f"{stem[:100] or '附件'}{suffix}"
