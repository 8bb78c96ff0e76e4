"""Who may change a document, and when it is whole enough to be shown to others."""

from __future__ import annotations

from typing import Any, Final

from django.core.exceptions import PermissionDenied

from hutong.domains.library.machines.document import DRAFT
from hutong.domains.library.models import Document
from hutong.foundation.access.acting import Acting
from hutong.foundation.workflow import machines
from hutong.foundation.workflow.errors import NotNow

SHOWN: Final = 5


def check_can_edit(document: Document, actor: Acting) -> None:
    """Drafts of the office's own range; what the release brings is changed by the release."""
    actor.check("library.edit")
    if document.shipped:
        raise PermissionDenied("这份文件随平台发布，由平台更新；本单位有不同规定的，请另行登记本地文件。")
    if not actor.scope.covers(document.area_code):
        raise PermissionDenied("这份文件由其他单位整理，本岗位不能修改。")
    if document.state != DRAFT:
        raise NotNow(f"文件当前为“{document.get_state_display()}”，不能修改；已发布的请先“收回修改”。")


def can_edit(document: Document, actor: Acting) -> bool:
    try:
        check_can_edit(document, actor)
    except PermissionDenied:
        return False
    return True


def problems(document: Document) -> list[str]:
    """Everything that stands against showing it to others, one line each."""
    found = []
    if document.valid_from is None:
        found.append("没有施行日期。请按文件填写；文件没有写明的，填印发日期。")
    clauses = list(document.clauses.all())
    if not clauses:
        found.append("没有条款。请至少整理一条。")
    empty = [one.label for one in clauses if not one.summary.strip()]
    if empty:
        more = f"等 {len(empty)} 条" if len(empty) > SHOWN else ""
        found.append(
            f"还没有写要点：{'、'.join(empty[:SHOWN])}{more}。请用自己的话概括，或删去不需要的条款。"
        )
    labels = [one.label for one in clauses]
    twice = sorted({one for one in labels if labels.count(one) > 1})
    if twice:
        found.append(f"条号重复：{'、'.join(twice[:SHOWN])}。请改正或合并。")
    return found


@machines.guard("library.complete")
def _complete(subject: Any, actor: Acting | None, data: dict[str, Any]) -> None:
    wrong = problems(subject)
    if wrong:
        raise NotNow(" ".join(wrong))
