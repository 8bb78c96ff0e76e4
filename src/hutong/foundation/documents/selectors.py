"""Reads of documents, under the reader's scope."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse

from hutong.foundation.access import reading
from hutong.foundation.access.acting import Acting
from hutong.foundation.documents import store
from hutong.foundation.documents.models import Document
from hutong.foundation.queries import Remembered


@dataclass(frozen=True, slots=True)
class FileRow:
    """As ``ui.files`` draws it."""

    name: str
    url: str
    size: str
    by: str
    at: datetime


def list_of_subject(subject_type: str, subject_id: int) -> QuerySet[Document]:
    """Documents in force of one thing, newest first."""
    found = Document.objects.filter(
        subject_type=subject_type, subject_id=subject_id, withdrawn_at__isnull=True, reserved=False
    )
    return found.order_by("-uploaded_at", "-pk")


def list_of_child(child_id: int) -> QuerySet[Document]:
    """Documents in force of one child, newest first."""
    found = Document.objects.filter(child_id=child_id, withdrawn_at__isnull=True, reserved=False)
    return found.order_by("-uploaded_at", "-pk")


def _newest_of_child(most: int, *, child_id: int) -> QuerySet[Document]:
    return list_of_child(child_id)[:most]


_of_child = Remembered(_newest_of_child)


def rows_of_child(child_id: int, most: int = 50) -> list[FileRow]:
    """The newest documents of a child, to draw."""
    return file_rows(_of_child(most, child_id=child_id))


def file_rows(documents: QuerySet[Document] | list[Document]) -> list[FileRow]:
    return [
        FileRow(
            f"{one.purpose}：{one.name}" if one.purpose else one.name,
            reverse("documents:download", args=[one.public_id]),
            one.size_words,
            one.uploaded_label,
            one.uploaded_at,
        )
        for one in documents
    ]


def get_document(public_id: str, actor: Acting) -> Document:
    """Raises Document.DoesNotExist, also for what was withdrawn and what only its own thing hands out."""
    actor.check("document.view")
    return Document.objects.get(public_id=public_id, withdrawn_at__isnull=True, reserved=False)


def get_reserved(subject_type: str, subject_id: int, name: str = "") -> Document:
    """The file the platform made for one thing (``services.keep``); Document.DoesNotExist once it is destroyed.

    Whoever asks has checked that the reader may have it, and logs the handing out.
    """
    found = Document.objects.filter(
        subject_type=subject_type, subject_id=subject_id, withdrawn_at__isnull=True, reserved=True
    )
    if name:
        found = found.filter(purpose=name)
    return found.latest("pk")


def read_reserved(document: Document) -> bytes:
    """Content of a reserved document."""
    if not document.reserved:
        raise ValueError("an ordinary document is read by read()")
    return store.read(document.public_id)


def read(document: Document, actor: Acting) -> bytes:
    """The content; a child's document leaves a line in the read log, in the same transaction."""
    if document.child_id is not None:
        reading.opening(
            actor,
            child_id=document.child_id,
            residence=document.area_code,
            hukou=document.area_code,
            what=f"附件：{document.purpose or document.name}",
        )
    return store.read(document.public_id)
