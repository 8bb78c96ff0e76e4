"""What the registry does on announcements: a move's other side and its work, and the look for doubles."""

from __future__ import annotations

from typing import Any, Final

from hutong.domains.registry import events
from hutong.domains.registry.machines import move as machine
from hutong.domains.registry.models import Child, Move
from hutong.domains.registry.services import handing_over, move_items, pairs, placing
from hutong.foundation.adjustments import events as adjustments
from hutong.foundation.adjustments import selectors as changes
from hutong.foundation.workflow import machines, outbox
from hutong.foundation.workflow import services as workflow
from hutong.foundation.workflow.machines import NoticeText
from hutong.kernel import areas

AT_ONCE: Final = 5000
"""A larger intake waits for the night: the dispatcher has other announcements to bring."""
_STEPS = ("send", "approve", "ask", "answer", "refuse", "expire", "withdraw", "receipt", "receive")


def _move(payload: dict[str, Any]) -> Move:
    posts = ("sender_post", "from_post", "approver_post", "to_post", "to_above")
    return Move.objects.select_related("child", *posts).get(pk=payload["subject_id"])


def arrange(payload: dict[str, Any]) -> None:
    """The worklists of both sides say what the state says."""
    move = _move(payload)
    move_items.arrange(move, actor=None, outcome=move.get_state_display())


for _step in _STEPS:
    outbox.handles(f"{machine.MOVE.name}.{_step}")(arrange)


@outbox.handles("move.receive")
def follow(payload: dict[str, Any]) -> None:
    _follow(_move(payload))


@outbox.handles("move.receipt")
def follow_out(payload: dict[str, Any]) -> None:
    move = _move(payload)
    if move.what != "both":  # one place stays here: what belonged to the other goes on with it
        _follow(move)


def _follow(move: Move) -> None:
    handing_over.follow(move.child, what=move.what, from_area=move.from_area, to_area=move.to_area)
    workflow.announce(
        event=events.MOVED,
        payload={
            "child_id": move.child_id, "what": move.what, "from_area": move.from_area, "to_area": move.to_area,
            "move_id": move.pk,
        },
        key=f"moved:{move.pk}",
    )  # fmt: skip


@machines.notice("move.answered")
def tell_sender(subject: Any, actor: Any, data: dict[str, Any]) -> NoticeText | None:
    """The sending side learns that the child has been taken over."""
    link = move_items.link(subject)
    return NoticeText(to=subject.sender_post, title=f"对方已接收：{subject.child_name}", link=link)


@outbox.handles("child_file.register")
def look_for_doubles(payload: dict[str, Any]) -> None:
    """A new file is compared with its counties, also beyond the sight of whoever made it."""
    child = Child.objects.filter(pk=payload["subject_id"]).first()
    if child is not None:
        pairs.find_around(child, by="建档提交时")


@outbox.handles("registry.imported")
def look_through_intake(payload: dict[str, Any]) -> None:
    """The counties of a folder that was read in."""
    rows = Child.objects.filter(intake=payload["intake_id"]).values_list("residence_area", flat=True)
    codes = list(rows[: AT_ONCE + 1])
    if len(codes) <= AT_ONCE:
        for county in sorted({areas.county(code) for code in codes}):
            pairs.scan(county, actor=None, by="导入后查找")


@outbox.handles(adjustments.APPLIED)
def places_changed(payload: dict[str, Any]) -> None:
    """Children were refiled in the change itself: the search follows here, and split places ask for each child."""
    change = changes.get(payload["adjustment_id"])
    refiled = changes.list_refiled(change, Child._meta.db_table).values_list("row_id", flat=True)
    placing.reindex(sorted({int(pk) for pk in refiled}))
    for row in changes.list_splits(change):
        placing.ask_for(row.area_code, row.targets)


@outbox.handles(events.PLACED)
def follow_place(payload: dict[str, Any]) -> None:
    child = Child.objects.get(pk=payload["child_id"])
    for what, before, after in payload["changes"]:
        handing_over.follow(child, what=what, from_area=before, to_area=after)
        workflow.announce(
            event=events.MOVED,
            payload={
                "child_id": child.pk,
                "what": what,
                "from_area": before,
                "to_area": after,
                "move_id": None,
            },
            key=f"placed:{child.pk}:{what}:{before}:{after}",
        )
