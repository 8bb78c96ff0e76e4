"""What the registry does when it is announced that a move went a step on: the other side's worklist, then the work itself."""

from __future__ import annotations

from typing import Any

from hutong.domains.registry import events
from hutong.domains.registry.machines import move as machine
from hutong.domains.registry.models import Move
from hutong.domains.registry.services import handing_over, move_items
from hutong.foundation.workflow import machines, outbox
from hutong.foundation.workflow import services as workflow
from hutong.foundation.workflow.machines import NoticeText

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
