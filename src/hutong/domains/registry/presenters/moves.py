"""Moves and exits in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from hutong.domains.registry import permissions
from hutong.domains.registry.machines import exit as exits
from hutong.domains.registry.machines import move as machine
from hutong.domains.registry.models import Exit, Move
from hutong.domains.registry.services import move_items
from hutong.foundation.access.acting import Acting
from hutong.foundation.adjustments import selectors as changes
from hutong.foundation.network import selectors as network
from hutong.foundation.network.history import path_on
from hutong.foundation.workflow import services as workflow
from hutong.foundation.workflow.models import StatusChange
from hutong.kernel import clock
from hutong.kernel.transitions import Machine

TONES: Final = {
    machine.PROPOSED: "info", machine.OFFERED: "info", machine.ASKED: "warn", machine.LETTER: "info",
    machine.RETURNED: "warn", machine.RECEIVED: "ok", machine.OUT: "ok", machine.WITHDRAWN: "plain",
    exits.REQUESTED: "info", exits.SENT_BACK: "warn", exits.APPROVED: "ok",
}  # fmt: skip
_KINDS: Final = {"approve": "primary", "approve_letter": "primary", "receive": "primary", "submit": "primary"}
_KINDS_MORE: Final = {"answer": "primary", "receipt": "primary", "refuse": "danger", "withdraw": "quiet"}
INTROS: Final = {
    "receive": "接收后由您负责：档案、待办和线索随之转来，转出方不再能打开档案。",
    "ask": "转出方补充之前，双方仍共同负责。",
    "refuse": "退回后您不再能打开这份档案，转出方继续负责。",
    "withdraw": "撤回后由您继续负责，接收方不再能打开档案。",
    "approve": "同意后接收方可以打开档案；对方接收之前，双方都负责。",
    "approve_letter": "对方未使用本系统。请先登记已发出的函，收到回执后再登记办结。",
    "receipt": "登记后，居住地和户籍地都已迁出的档案转为“已转出”。",
}


@dataclass(frozen=True, slots=True)
class Button:
    event: str
    word: str
    kind: str


def buttons(move: Move, actor: Acting) -> list[Button]:
    """The steps this actor may take now; what is only another way to the same end is left out."""
    found = []
    direct = permissions.may_send_directly(actor, move)
    for one in workflow.allowed_events(move, actor):
        hidden = one.event in {"expire", "send"} or one.event == (
            "approve" if move.outside else "approve_letter"
        )
        if not hidden and _allowed(one.guard or "", move, actor):
            word = "补正后再送" if one.event == "submit" and direct else one.word
            found.append(Button(one.event, word, {**_KINDS, **_KINDS_MORE}.get(one.event, "plain")))
    return found


def _allowed(guard: str, move: Move, actor: Acting) -> bool:
    check = {
        "move.sender": permissions.check_sender,
        "move.approver": permissions.check_approver,
        "move.inside": permissions.check_approver,
        "move.outside": permissions.check_approver,
        "move.receiver": permissions.check_receiver,
    }.get(guard)
    return check is not None and permissions.allowed(check, actor, move)


def situation(move: Move) -> tuple[str, str]:
    """Who must do what now, as (sentence, tone)."""
    to = move.to_post.title if move.to_post else move.to_place
    match move.state:
        case machine.PROPOSED:
            who = move.approver_post.title if move.approver_post else "转出方"
            return f"等待{who}审核。审核之前仍由转出方负责，接收方还看不到档案。", "info"
        case machine.OFFERED:
            late = "（已逾期，已报接收方县级民政）" if move.to_above else ""
            due = move_items.accept_by(move)
            return f"等待{to}接收，{due} 前答复{late}。接收之前，转出方和接收方共同负责。", (
                "warn" if late else "info"
            )
        case machine.ASKED:
            return f"接收方请转出方补充：{move.answer}。补充期间双方共同负责。", "warn"
        case machine.LETTER:
            return (
                f"已于 {move.letter_on} 向{move.letter_to}发函（{move.letter_no}），等待回执，仍由转出方负责。",
                "info",
            )
        case machine.RETURNED:
            return f"已退回：{move.answer}。由转出方负责，请补正后再送或撤回。", "warn"
        case machine.RECEIVED:
            return f"{to}已于 {move.ended_on} 接收。", "ok"
        case machine.OUT:
            return f"已转出到{move.to_place}，回执 {move.receipt_no}（{move.receipt_on}）。", "ok"
        case _:
            return f"已于 {move.ended_on} 撤回：{move.answer}", "info"


def facts(move: Move) -> list[tuple[str, Any]]:
    left = changes.filed_then(move, "from_area") or move.from_area  # a record keeps the place of its day
    then = path_on(left, move.moved_on)
    paths = network.area_paths([code for code in ("" if then else left, move.to_area) if code])
    rows: list[tuple[str, Any]] = [
        ("变更", move.get_what_display()),
        ("变更日期", move.moved_on),
        ("转出地", then or paths.get(left, left)),
        ("转入地", paths.get(move.to_area, "") or move.to_place),
        ("原因", move.get_reason_display()),
        ("情况", move.words),
        ("移交材料", move.papers or "未列明"),
        ("提出", f"{move.requested_label}，{move.opened_at.astimezone(clock.SHANGHAI).date()}"),
        ("转出责任岗位", move.from_post.title if move.from_post else "尚未设岗"),
        ("接收责任岗位", move.to_post.title if move.to_post else "发函办理"),
    ]
    return rows


def history(changes: Iterable[StatusChange], of: Machine) -> list[dict[str, Any]]:
    """Steps for the timeline, newest first."""
    words = {one.event: one.word for one in of.transitions} | {"create": f"提出{of.label}"}
    return [
        {
            "at": one.at,
            "title": words.get(one.event, one.event),
            "actor": one.actor_label,
            "text": one.reason if one.reason != words.get(one.event) else "",
        }
        for one in reversed(list(changes))
    ]


def exit_buttons(leaving: Exit, actor: Acting) -> list[Button]:
    """Whoever asked is not offered to approve."""
    kinds = {"approve": "danger", "request_again": "primary", "withdraw": "quiet"}
    found = []
    for one in workflow.allowed_events(leaving, actor):
        own = leaving.requested_by_id == actor.user.pk
        if one.right == "child.close" and (own or not actor.scope.covers(leaving.area_code)):
            continue
        found.append(Button(one.event, one.word, kinds.get(one.event, "plain")))
    return found
