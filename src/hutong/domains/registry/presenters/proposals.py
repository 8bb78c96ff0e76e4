"""A proposal as two columns, with its papers and what may be done with it (experience.md 9)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.urls import reverse

from hutong.domains.registry import permissions
from hutong.domains.registry.machines import correcting, file_correction, wording
from hutong.domains.registry.models import Proposal, ProposalLine
from hutong.domains.registry.presenters import conflicts
from hutong.domains.registry.services import deciding, proposals
from hutong.foundation.access.acting import Acting
from hutong.foundation.documents import selectors as documents
from hutong.foundation.documents import tickets
from hutong.foundation.documents.selectors import FileRow
from hutong.foundation.workflow import selectors as workflow

TONES: Final = {
    "DRAFT": "plain", "SUBMITTED": "info", "SENT_BACK": "warn", "APPROVED": "ok", "REFUSED": "danger", "WITHDRAWN": "plain",
}  # fmt: skip
_GUARDIAN: Final = {"kind": "监护方式", "who": "监护人或机构", "since": "自何日起", "basis": "依据"}


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything the page of one proposal shows."""

    rows: list[dict[str, str]]
    stale: list[dict[str, str]]
    seen: str
    fields: str
    high: bool
    files: list[FileRow]
    missing: list[tuple[str, str]]
    upload_url: str
    history: list[dict[str, Any]]
    may_revise: bool
    may_withdraw: bool
    may_decide: bool
    why_not: str
    tone: str


def sheet(proposal: Proposal, actor: Acting) -> Sheet:
    child = proposal.child
    order = list(correcting.LABELS)
    lines = sorted(proposal.lines.select_related("proposal"), key=lambda line: order.index(line.field))
    is_open = proposals.is_open(proposal)
    changed = deciding.stale(child, lines) if is_open else []
    files = list(documents.list_of_subject(proposals.SUBJECT, proposal.pk))
    here = {one.purpose for one in files}
    missing = [paper for paper in correcting.papers(line.field for line in lines) if paper not in here]
    may_revise = permissions.allowed(permissions.check_can_revise, actor, proposal)
    may_upload = is_open and may_revise and actor.may("document.upload")
    return Sheet(
        rows=[row for line in lines for row in _rows(line, proposals.current(child, line.field) if is_open else line.old)],
        stale=[row for line in changed for row in _stale(line, proposals.current(child, line.field))],
        seen=deciding.seen_token(child, lines) if is_open else "",
        fields=proposals.labels(lines),
        high=any(correcting.rule(line.field).risk == "high" for line in lines),
        files=documents.file_rows(files) if actor.may("document.view") else [],
        missing=[(paper, _upload(proposal, actor, paper) if may_upload else "") for paper in missing if is_open],
        upload_url=_upload(proposal, actor) if may_upload else "",
        history=_history(proposal),
        may_revise=may_revise,
        may_withdraw=permissions.allowed(permissions.check_can_withdraw, actor, proposal),
        may_decide=permissions.allowed(permissions.check_can_decide, actor, proposal, lines),
        why_not=_why_not(actor, proposal, lines),
        tone=TONES[proposal.state],
    )  # fmt: skip


def _rows(line: ProposalLine, now: Any) -> list[dict[str, str]]:
    """Rows of ``ui.split``: now at the left, proposed at the right. Whoever decides compares whole numbers with papers."""
    if line.field == proposals.GUARDIAN:
        old, new = now or {}, line.new
        return [
            {"label": label, "left": _part(part, old.get(part)), "right": _part(part, new.get(part))}
            for part, label in _GUARDIAN.items()
        ]
    return [
        {
            "label": correcting.LABELS[line.field],
            "left": said(line.field, now),
            "right": said(line.field, line.new),
        }
    ]


def _stale(line: ProposalLine, now: Any) -> list[dict[str, str]]:
    if line.field == proposals.GUARDIAN:
        old, new = line.old or {}, now or {}
        return [
            {"label": label, "left": _part(part, old.get(part)), "right": _part(part, new.get(part))}
            for part, label in _GUARDIAN.items()
            if old.get(part) != new.get(part)
        ]
    return [
        {
            "label": correcting.LABELS[line.field],
            "left": said(line.field, line.old),
            "right": said(line.field, now),
        }
    ]


def said(field: str, value: Any) -> str:
    """A value in words; whole numbers, for whoever compares them with a paper (the opening is in the read log)."""
    return str(value or "") if field in ("id_number", "payee_account") else conflicts.words(field, value)


def _part(part: str, value: Any) -> str:
    return wording.REGIMES.get(value, "") if part == "kind" else str(value or "")


def _why_not(actor: Acting, proposal: Proposal, lines: Sequence[ProposalLine]) -> str:
    """To somebody with the right to decide, why not this one."""
    if proposal.state != "SUBMITTED" or not actor.may("child.correct"):
        return ""
    return permissions.refusal(permissions.check_can_decide, actor, proposal, lines)


def _upload(proposal: Proposal, actor: Acting, paper: str = "") -> str:
    return tickets.upload_url(
        post_id=actor.post.pk, area_code=proposal.area_code, child_id=proposal.child_id,
        subject_type=proposals.SUBJECT, subject_id=proposal.pk, back=proposals.link(proposal), purpose=paper,
        kinds=("image", "pdf"),
    )  # fmt: skip


def _history(proposal: Proposal) -> list[dict[str, Any]]:
    words = {one.event: one.word for one in file_correction.FILE_CORRECTION.transitions} | {
        "create": "提出申请"
    }
    steps = workflow.list_history(proposals.SUBJECT, proposal.pk)
    return [
        {"at": one.at, "title": words.get(one.event, one.event), "actor": one.actor_label, "text": one.reason}
        for one in reversed(steps)
    ]


def open_of(found: Sequence[Proposal]) -> list[dict[str, str]]:
    """The open proposals of a child, for her page."""
    return [
        {
            "url": reverse("registry:proposal", args=[one.public_id]),
            "fields": labels(one),
            "state": one.get_state_display(),
            "tone": TONES[one.state],
            "by": one.proposed_label,
        }
        for one in found
    ]


def labels(proposal: Proposal) -> str:
    """The fields of a proposal in words, from its prefetched lines."""
    return proposals.labels(sorted(proposal.lines.all(), key=lambda line: line.pk))
