"""Who waits for what while a move goes on, and who may see the file meanwhile (ADR 0013).

Each side can only touch its own worklist, so the acting side's items change at once and the other's by the handler of
the announcement; both call ``arrange``, which makes the worklist say what the state says.
"""

from __future__ import annotations

from datetime import date, timedelta

from django.urls import reverse

from hutong.domains.registry.machines import move as machine
from hutong.domains.registry.models import Move
from hutong.domains.registry.services import terms
from hutong.foundation.access.acting import Acting
from hutong.foundation.access.models import Assignment
from hutong.foundation.network.models import Post
from hutong.foundation.workflow import services as workflow
from hutong.foundation.workflow.models import OPEN, WorkItem
from hutong.kernel import clock

SUBJECT = "registry.move"
APPROVE, RECEIVE, HAND, ANSWER, LETTER, MEND = (
    f"move.{word}" for word in ("approve", "receive", "hand", "answer", "letter", "mend")
)
KINDS = {
    APPROVE: "审核转出",
    RECEIVE: "接收转入",
    HAND: "转出交接中",
    ANSWER: "补充转移情况",
    LETTER: "登记外地回执",
    MEND: "处理被退回的转移",
}


def expected(move: Move) -> list[workflow.NewItem]:
    """The items the state calls for; each names its post, so that nobody waits for nobody."""
    start = clock.today()
    sender, name = move.sender_post, move.child_name
    if move.state == machine.PROPOSED and move.approver_post:
        due = terms.working_due("move_approve_days", start)
        return [_item(move, APPROVE, f"审核转出：{name}", move.approver_post, due, escalate="COUNTY_CA")]
    if move.state == machine.OFFERED:
        due = accept_by(move)
        wanted = [
            _item(move, RECEIVE, f"接收转入：{name}", post, due)
            for post in (move.to_post, move.to_above)
            if post
        ]
        return [*wanted, *_hand(move, due)]
    if move.state == machine.ASKED:
        due = terms.working_due("move_answer_days", start)
        wanted = [_item(move, ANSWER, f"补充转移情况：{name}", sender, due, move.answer, "COUNTY_CA")]
        return [*wanted, *_hand(move, due)]
    if move.state == machine.LETTER and move.approver_post:
        due = terms.working_due("move_letter_days", start)
        return [_item(move, LETTER, f"登记外地回执：{name}", move.approver_post, due, escalate="COUNTY_CA")]
    if move.state == machine.RETURNED:
        due = terms.working_due("move_answer_days", start)
        return [_item(move, MEND, f"转移被退回：{name}", sender, due, move.answer, "COUNTY_CA")]
    return []


def accept_by(move: Move) -> date:
    """The last day for the receiving side's answer."""
    return terms.working_due("move_accept_days", move.offered_on or clock.today())


def _hand(move: Move, due: date) -> list[workflow.NewItem]:
    """Until receipt the sending side stays responsible, and its worklist says so."""
    owner = move.from_post or move.sender_post
    words = "对方接收之前，走访、照料和待办仍由您负责。"
    return [_item(move, HAND, f"转出交接中：{move.child_name}", owner, due, words)]


def _item(
    move: Move, kind: str, title: str, owner: Post, due: date, summary: str = "", escalate: str = ""
) -> workflow.NewItem:
    return workflow.NewItem(
        kind=kind, title=title, owner=owner, subject_type=SUBJECT, subject_id=move.pk,
        link=link(move), due_on=due, area_code=move.from_area,
        child_id=move.child_id, summary=summary, escalate_to_role=escalate,
    )  # fmt: skip


def arrange(move: Move, *, actor: Acting | None, outcome: str) -> None:
    """Close what no longer waits (as far as the scope reaches) and open what the state calls for."""
    wanted = expected(move)
    keep = {(one.kind, one.owner.pk) for one in wanted}
    standing = WorkItem.objects.filter(OPEN, subject_type=SUBJECT, subject_id=move.pk)
    stale = [one.pk for one in standing if (one.kind, one.owner_post_id) not in keep]
    WorkItem.objects.filter(pk__in=stale).update(closed_at=clock.now(), outcome=outcome[:200])
    workflow.open_items(items=wanted, actor=actor)


def lend(move: Move, post: Post) -> None:
    """Let ``post`` see the file until receipt. Called on the sending side, whose place the row names."""
    today = clock.today()
    Assignment.objects.get_or_create(
        post=post,
        child_id=move.child_id,
        reason=_reason(move),
        defaults={"area_code": move.from_area, "since": today - timedelta(days=1)},
    )


def give_back(move: Move) -> None:
    """The receiving side sees the file no more (or by its own place): its row goes, the change log keeps it."""
    Assignment.objects.filter(child_id=move.child_id, reason=_reason(move)).delete()


def _reason(move: Move) -> str:
    return f"转入待接收 {move.public_id}"


def link(move: Move) -> str:
    return reverse("registry:move", args=[move.public_id])
