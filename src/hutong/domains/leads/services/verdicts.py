"""What the person on the spot found."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import IO, Any, Final

from django.db import transaction
from django.urls import reverse

from hutong.domains.leads import permissions
from hutong.domains.leads.machines import lead as machine
from hutong.domains.leads.models import KINDS, Correction, Lead
from hutong.domains.leads.services import incoming, owners, receiving, terms
from hutong.domains.policy import services as policy
from hutong.foundation.access.acting import Acting
from hutong.foundation.documents import services as documents
from hutong.foundation.documents.models import Document
from hutong.foundation.network.models import Post
from hutong.foundation.workflow import services as workflow
from hutong.foundation.workflow.errors import NotNow
from hutong.kernel import clock

ANSWERS: Final = {
    "TRUE": ("属实", "verify_true"),
    "FALSE": ("不属实", "verify_false"),
    "CHANGED": ("情况有变", "verify_changed"),
    "PENDING": ("暂不能定", "defer"),
}
DECIDE: Final = "lead.decide"
REVIEW: Final = "lead.review"
CORRECT: Final = "lead.correct"


@transaction.atomic
def verdict(
    *, lead: Lead, answer: str, words: str, checked_on: date, actor: Acting, seen: str = "",
    next_check_on: date | None = None, files: Iterable[IO[bytes]] = (), form_key: str = "",
) -> Lead:  # fmt: skip
    """Record one of ``ANSWERS``; the lead passes on to who decides or reviews. A repeated click changes nothing.

    NotNow in Chinese where a day cannot be (future check, next check not within the term); PermissionDenied where the
    lead is another post's.
    """
    label, event = ANSWERS[answer]
    if form_key and lead.form_key == form_key and lead.verified_by_id == actor.user.pk:
        return lead
    permissions.check_can_verify(actor, lead)
    permissions.check_may_sign(actor)
    _check_days(lead, answer, checked_on, next_check_on)
    fields: dict[str, Any] = {
        "answer": answer, "words": words.strip(), "seen": seen.strip(), "checked_on": checked_on, "verified_by": actor.user,
        "verified_post": actor.post, "verified_at": clock.now(), "form_key": form_key,
        "next_check_on": next_check_on if answer == "PENDING" else None,
    }  # fmt: skip
    fields |= _passed_on(lead, answer, actor, next_check_on)
    said = {
        "answer": answer, "words": fields["words"], "seen": fields["seen"], "checked_on": checked_on.isoformat(),
        "next_check_on": next_check_on.isoformat() if fields["next_check_on"] and next_check_on else "",
    }  # fmt: skip
    workflow.apply(lead, event, actor=actor, reason=fields["words"], data=said, fields=fields)
    attach(lead=lead, files=files, actor=actor, once=form_key)
    policy.keep(child=lead.child, act="LEAD_VERIFIED", actor=actor, about=lead.public_id)
    workflow.close_items(subject_type=receiving.SUBJECT, subject_id=lead.pk, actor=actor, outcome=label)
    workflow.open_item(**_next_item(lead, answer), actor=actor)
    if answer == "FALSE":
        _doubt_rows(lead, actor)
    return lead


def _check_days(lead: Lead, answer: str, checked_on: date, next_check_on: date | None) -> None:
    today = clock.today()
    if checked_on > today:
        raise NotNow("核实日期不能晚于今天，请改正后再提交。")
    if checked_on < lead.opened_on:
        raise NotNow(f"核实日期不能早于线索产生日期 {lead.opened_on}，请改正后再提交。")
    if answer != "PENDING":
        return
    last = today + timedelta(days=terms.value("recheck_days", today))
    if next_check_on is None or not today < next_check_on <= last:
        raise NotNow(
            f"暂不能定的，请在 {last} 之前另定下次核实日期（明天起、最长 {(last - today).days} 天）。"
        )


def _passed_on(lead: Lead, answer: str, actor: Acting, next_check_on: date | None) -> dict[str, Any]:
    """Owner and due day of the next stage."""
    today = clock.today()
    match answer:
        case "PENDING":
            return {"due_on": next_check_on}
        case "FALSE":
            post: Post = owners.reviewer(lead, besides=actor.post)
            return {"owner_post": post, "due_on": terms.working_due("review_working_days", today)}
        case _:
            post = owners.county(lead, besides=actor.post)
            return {"owner_post": post, "due_on": terms.working_due("decide_working_days", today)}


def _next_item(lead: Lead, answer: str) -> dict[str, Any]:
    kind, what = {"PENDING": (receiving.VERIFY, "再次核实线索"), "FALSE": (REVIEW, "复核不属实线索")}.get(
        answer, (DECIDE, "处理已核实线索")
    )
    return {
        "kind": kind,
        "title": f"{what}：{lead.child.name}（{KINDS[lead.kind]}）",
        "owner": lead.owner_post,
        "subject_type": receiving.SUBJECT,
        "subject_id": lead.pk,
        "link": reverse("leads:lead", args=[lead.public_id]),
        "due_on": lead.due_on,
        "area_code": lead.area_code,
        "child_id": lead.child_id,
        "summary": f"{ANSWERS[answer][0]}：{lead.words}"[:200],
        "priority": 10 if lead.kind == receiving.URGENT else 0,
        "escalate_to_role": "TOWNSHIP_CHILD_SUPERVISOR" if answer == "PENDING" else "COUNTY_CA",
    }


def attach(*, lead: Lead, files: Iterable[IO[bytes]], actor: Acting, once: str = "") -> list[Document]:
    """Keep what was shown (photos, papers) with the lead; ``documents`` refuses what is not what it says."""
    return [
        documents.store(
            file=file, actor=actor, child_id=lead.child_id, area_code=lead.area_code, purpose="线索核实",
            subject_type=receiving.SUBJECT, subject_id=lead.pk, once=f"{once[:32]}-{number}" if once else "",
        )
        for number, file in enumerate(files)
    ]  # fmt: skip


def _doubt_rows(lead: Lead, actor: Acting) -> None:
    """Each department row the lead rested on becomes a correction for the county, and is known again next time."""
    rows = [row for row in lead.evidence if row.get("list") not in {*incoming.OWN_FILE, "sealed", None}]
    owner = owners.county(lead)
    due = terms.working_due("correction_working_days", clock.today())
    for row in {incoming.mark(row): row for row in rows}.values():
        made, new = Correction.objects.get_or_create(
            child_id=lead.child_id, mark=incoming.mark(row), lead=lead,
            defaults={
                "area_code": lead.area_code, "list_code": str(row["list"]), "row": row, "words": lead.words,
                "verified_on": lead.checked_on or clock.today(), "owner_post": owner,
            },
        )  # fmt: skip
        if new:
            workflow.begin(made, actor=actor, right="lead.verdict", reason=lead.words)
            workflow.open_item(**_correction_item(made, lead, due), actor=actor)


def _correction_item(made: Correction, lead: Lead, due: date) -> dict[str, Any]:
    return {
        "kind": CORRECT,
        "title": f"源数据纠正：{lead.child.name}（{made.row.get('title') or made.list_code}）",
        "owner": made.owner_post,
        "subject_type": "leads.correction",
        "subject_id": made.pk,
        "link": reverse("leads:correction", args=[made.public_id]),
        "due_on": due,
        "area_code": made.area_code,
        "child_id": made.child_id,
        "summary": made.words[:200],
    }


assert {event for _, event in ANSWERS.values()} <= {t.event for t in machine.MACHINE.transitions}
