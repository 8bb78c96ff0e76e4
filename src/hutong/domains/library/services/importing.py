"""A text file becomes a draft; or a draft begins empty."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any

from django.db import transaction

from hutong.domains.library.models import Clause, Document
from hutong.domains.library.services.errors import LibraryRefused
from hutong.domains.library.storage import reading
from hutong.foundation.access.acting import Acting
from hutong.foundation.documents import services as files
from hutong.foundation.workflow import services as workflow
from hutong.kernel import areas, clock


def import_file(*, actor: Acting, content: bytes, name: str) -> Document:
    """Read in the sandbox, cut at the numbering, kept as a draft with what the head lets one guess. Raises LibraryRefused."""
    actor.check("library.edit")
    digest = hashlib.sha256(content).hexdigest()
    same = (
        Document.objects.filter(digest=digest, area_code=actor.post.area_code)
        .exclude(state="WITHDRAWN")
        .first()
    )
    if same is not None:
        raise LibraryRefused(
            f"这个文件已经导入过：{same.title}（{same.get_state_display()}）。要重新导入的，请先撤销原来的草稿。"
        )
    try:
        cut = reading.cut(content)
    except reading.Refused as refused:
        raise LibraryRefused(str(refused)) from None
    issued = date.fromisoformat(cut["issued_on"]) if cut["issued_on"] else None
    suffix = ".docx" if content[:4] == b"PK\x03\x04" else ".txt"
    return _draft(
        actor,
        [Clause(number=one["number"], heading=one["heading"], original=one["original"]) for one in cut["pieces"]],
        title=cut["title"] or "（标题待填写）", number=cut["number"][:60], issued_on=issued, valid_from=issued,
        file_name=files.clean_name(name, suffix)[:120], digest=digest, notes=[one[:200] for one in cut["notes"]],
    )  # fmt: skip


def begin(*, actor: Acting, title: str) -> Document:
    """An empty draft, for a document that is typed in."""
    actor.check("library.edit")
    if not title.strip():
        raise LibraryRefused("请填写文件标题。")
    return _draft(actor, [Clause(number="一")], title=title.strip()[:200])


@transaction.atomic
def _draft(actor: Acting, clauses: list[Clause], **values: Any) -> Document:
    levels = {"country": "national", "province": "province", "city": "city"}
    level = levels.get(areas.level(actor.post.area_code), "county")
    document = Document(
        issuer=actor.post.org.name[:120], level=level, applies_area=actor.post.area_code, area_code=actor.post.area_code,
        made_by=actor.user, made_post=actor.post, made_label=actor.label, made_at=clock.now(), **values,
    )  # fmt: skip
    document.save(force_insert=True)
    for position, clause in enumerate(clauses, 1):
        clause.document, clause.position = document, position
    Clause.objects.bulk_create(clauses)
    workflow.begin(document, actor=actor, right="library.edit")
    return document
