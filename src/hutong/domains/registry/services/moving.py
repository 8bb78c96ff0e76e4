"""The receiving side of a move, and what receipt changes (machines/move.py; R-03.07, R-01.04)."""

from __future__ import annotations

from django.db import transaction

from hutong.domains.registry.machines import move as machine
from hutong.domains.registry.models import Child, Move
from hutong.domains.registry.services import editing, indexing, move_items, terms
from hutong.domains.registry.services.errors import Refused
from hutong.foundation.access.acting import Acting
from hutong.foundation.access.scope import because
from hutong.foundation.network import selectors as network
from hutong.foundation.workflow import services as workflow
from hutong.foundation.workflow.errors import NotNow
from hutong.kernel import areas, clock


@transaction.atomic
def receive(move: Move, *, actor: Acting, place: str = "", reason: str = "") -> Move:
    """Take the child over. ``place``: the village, where the sending side only knew the county or township.

    From here on the sending side has its history and nothing else; open work follows by the announcement.
    """
    to_area = _place(move, place, actor)
    child = held(move)
    fields = {"to_area": to_area, "ended_on": clock.today(), "answer": reason.strip()[:500]}
    workflow.apply(move, "receive", actor=actor, reason=reason, data={"place": to_area}, fields=fields)
    rehome(child, move.what, to_area, reason=f"转入：{move.words}"[:200])
    move_items.give_back(move)
    move_items.arrange(move, actor=actor, outcome="已接收")
    return move


@transaction.atomic
def ask(move: Move, *, actor: Acting, reason: str) -> Move:
    """Something is missing; both sides stay responsible while it is found."""
    if not reason.strip():
        raise Refused("请写明需要转出方补充什么。", "reason")
    workflow.apply(move, "ask", actor=actor, reason=reason, fields={"answer": reason.strip()[:500]})
    move_items.arrange(move, actor=actor, outcome="已请转出方补充")
    return move


@transaction.atomic
def refuse(move: Move, *, actor: Acting, reason: str) -> Move:
    """Not taken over: back to the sending side with the reason; the file is no longer seen here."""
    if not reason.strip():
        raise Refused("不接收请写明理由，转出方据此办理。", "reason")
    workflow.apply(move, "refuse", actor=actor, reason=reason, fields={"answer": reason.strip()[:500]})
    move_items.arrange(move, actor=actor, outcome="未接收，已退回")
    move_items.give_back(move)
    return move


def _place(move: Move, place: str, actor: Acting) -> str:
    code = areas.pad(place) if place else move.to_area
    if not areas.contains(move.to_area, code):
        raise Refused("所选的村（社区）不在转入地范围内，请核对；确属别处的请退回转出方改送。", "place")
    if areas.level(code) not in ({"township", "village"} if place else {"village"}):
        raise Refused("请选择儿童现在所在的村（社区）。", "place")
    if not actor.scope.covers(code):
        raise Refused("所选的村（社区）不在您的辖区内。", "place")
    return code


def held(move: Move) -> Child:
    """The file, locked; NotNow when it is no longer as the move found it."""
    child = Child.objects.select_for_update().get(pk=move.child_id)
    now = child.hukou_area if move.what == "hukou" else child.residence_area
    if now != move.from_area or child.state != "ACTIVE":
        raise NotNow(
            "提出转移之后，档案的地址或状态已有变更，不能按这次转移办理。请退回转出方核对后重新提出。"
        )
    return child


def rehome(child: Child, what: str, place: str, *, reason: str) -> None:
    """Write the new place(s); everything that hangs on the file follows by itself."""
    changed = {
        name: place
        for name, part in (("residence_area", "residence"), ("hukou_area", "hukou"))
        if what in (part, "both")
    }
    with because(reason):
        editing.touch(child, **changed)
    indexing.index([child])


def sweep() -> int:
    """Moves nobody answered: told to the county above the receiving side, and after the grace sent back. How many.

    Runs under a system scope; again on the same day it does nothing more.
    """
    today, done = clock.today(), 0
    waiting = Move.objects.filter(state=machine.OFFERED, offered_on__lt=today).order_by("offered_on", "pk")
    for pk in waiting.values_list("pk", flat=True):
        done += _look_again(pk)
    return done


@transaction.atomic
def _look_again(pk: int) -> int:
    rows = Move.objects.select_for_update(skip_locked=True, of=("self",))
    move = rows.select_related("to_post", "to_above", "sender_post", "from_post").filter(pk=pk).first()
    if move is None or move.state != machine.OFFERED:
        return 0
    due = move_items.accept_by(move)
    if clock.today() > terms.working_due("move_grace_days", due):
        return _expire(move)
    return _escalate(move) if clock.today() > due and move.to_above is None else 0


def _escalate(move: Move) -> int:
    above = network.find_post(network.COUNTY, areas.county(move.to_area))
    if above is None or above.pk == move.to_post_id:
        return 0
    move.to_above = above
    move.save(update_fields=["to_above"])
    move_items.lend(move, above)
    move_items.arrange(move, actor=None, outcome="")
    return 1


def _expire(move: Move) -> int:
    words = f"接收方逾期未答复（应于 {move_items.accept_by(move)} 前），已退回转出方。"
    workflow.apply(move, "expire", actor=None, reason=words, fields={"answer": words})
    move_items.give_back(move)
    move_items.arrange(move, actor=None, outcome="逾期未答复")
    return 1
