"""What follows from a verdict: the county acts or closes, the supervisor confirms or sends back. Never the verifier."""

from __future__ import annotations

from typing import Any, Final

from django.db import transaction

from hutong.domains.leads import permissions
from hutong.domains.leads.models import END_CODES, KINDS, Correction, Lead
from hutong.domains.leads.services import receiving
from hutong.domains.policy import selectors as policy
from hutong.domains.policy.services import keep
from hutong.foundation.access.acting import Acting
from hutong.foundation.network import selectors as network
from hutong.foundation.workflow import services as workflow
from hutong.foundation.workflow.errors import NotNow
from hutong.kernel import clock

ACT_CODES: Final = ("APPLY", "STOP", "ADJUST", "CARE")
CLOSE_CODES: Final = ("REFUSED", "NOT_MET", "DONE_BEFORE", "ELSEWHERE")
FALSE_CODES: Final = ("SOURCE_WRONG", "WRONG_PERSON", "OUTDATED")
NO_WORDS: Final = "请写明处理说明，再提交。"


def codes(lead: Lead) -> tuple[str, ...]:
    """Ways to act that make sense for the kind of lead, the usual one first."""
    return {
        "SUSPECTED": ("APPLY", "CARE"),
        "SHOULD_EXIT": ("STOP", "ADJUST"),
        "CHANGED": ("ADJUST", "STOP"),
        "EMERGENCY": ("CARE", "APPLY"),
    }[lead.kind]


def _ended(code: str, words: str, actor: Acting) -> dict[str, Any]:
    return {"end_code": code, "end_words": words.strip(), "ended_by": actor.user, "ended_on": clock.today()}


def _end(lead: Lead, event: str, code: str, allowed: tuple[str, ...], words: str, actor: Acting) -> Lead:
    if code not in allowed:
        raise NotNow("每条线索办结都要有原因，请选择原因后再提交。")
    if not words.strip():
        raise NotNow(NO_WORDS)
    said = {"end_code": code, "words": words.strip()}
    workflow.apply(
        lead, event, actor=actor, reason=words.strip(), data=said, fields=_ended(code, words, actor)
    )
    keep(child=lead.child, act="LEAD_ENDED", actor=actor, about=lead.public_id)
    workflow.close_items(
        subject_type=receiving.SUBJECT, subject_id=lead.pk, actor=actor, outcome=END_CODES[code]
    )
    return lead


@transaction.atomic
def act(*, lead: Lead, code: str, words: str, actor: Acting) -> Lead:
    """The county starts what follows: application, stop, adjustment, care. Announced as ``lead.act``."""
    permissions.check_can_decide(actor, lead)
    return _end(lead, "act", code, codes(lead), words, actor)


@transaction.atomic
def close(*, lead: Lead, code: str, words: str, actor: Acting) -> Lead:
    """The county closes a verified lead without acting, saying why."""
    permissions.check_can_decide(actor, lead)
    return _end(lead, "close", code, CLOSE_CODES, words, actor)


@transaction.atomic
def confirm_false(*, lead: Lead, code: str, words: str, actor: Acting) -> Lead:
    """The supervisor agrees that it is not true; the wrong rows are already with the county."""
    permissions.check_can_review(actor, lead)
    permissions.check_may_sign(actor)
    return _end(lead, "confirm_false", code, FALSE_CODES, words, actor)


@transaction.atomic
def send_back(*, lead: Lead, words: str, actor: Acting) -> Lead:
    """The verdict does not convince: the lead goes back to the responsible director with a new term."""
    permissions.check_can_review(actor, lead)
    if not words.strip():
        raise NotNow("请写明退回重核的理由，再提交。")
    post, no_director = network.responsible_posts([lead.area_code])[lead.area_code]
    due = policy.due_day(lead.kind, pack=lead.pack, start=clock.today())
    fields = {
        "owner_post": post or lead.owner_post,
        "due_on": due,
        "no_director": no_director,
        "form_key": "",
        "answer": "",
    }
    workflow.apply(
        lead, "send_back", actor=actor, reason=words.strip(), data={"words": words.strip()}, fields=fields
    )
    _drop_corrections(lead, actor)
    workflow.close_items(subject_type=receiving.SUBJECT, subject_id=lead.pk, actor=actor, outcome="退回重核")
    workflow.open_items(items=[receiving.verify_item(lead)], actor=actor)
    workflow.announce(
        event="workflow.notice",
        payload={
            "post_id": lead.owner_post_id,
            "title": f"线索退回重核：{KINDS[lead.kind]}",
            "link": receiving.verify_item(lead).link,
            "body": words.strip(),
            "child_id": lead.child_id,
        },
        key=f"lead:{lead.pk}:back:{clock.now().isoformat()}",
    )
    return lead


def _drop_corrections(lead: Lead, actor: Acting) -> None:
    """What rested on the verdict now in doubt waits no longer; the rows stay as history."""
    for one in Correction.objects.filter(lead=lead, state="OPEN"):
        workflow.close_items(
            subject_type="leads.correction", subject_id=one.pk, actor=actor, outcome="线索退回重核"
        )


@transaction.atomic
def answer_correction(*, correction: Correction, event: str, words: str, actor: Acting) -> Correction:
    """Tell the department (send), note that it corrected (correct) or stands by its row (uphold)."""
    permissions.check_can_correct(actor, correction)
    if not words.strip():
        raise NotNow("请写明反馈或答复的内容，再提交。")
    said = {"words": words.strip()}
    workflow.apply(
        correction,
        event,
        actor=actor,
        reason=words.strip(),
        data=said,
        fields={"answer": words.strip()[:500]},
    )
    if event != "send":
        workflow.close_items(
            subject_type="leads.correction", subject_id=correction.pk, actor=actor, outcome=words.strip()
        )
    return correction


@transaction.atomic
def reply_to_correction(*, correction: Correction, corrected: bool, words: str, actor: Acting) -> Correction:
    """The department's own system answers what was sent to it; the county concludes (correct or uphold)."""
    said = words.strip()
    fields = {"reply": said[:500], "reply_corrected": corrected}
    return workflow.apply(correction, "reply", actor=actor, reason=said, data={"words": said}, fields=fields)
