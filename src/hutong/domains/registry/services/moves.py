"""The sending side of a move: propose, agree, mend, take back, send by letter (machines/move.py; R-03.07)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction

from hutong.domains.registry import permissions
from hutong.domains.registry.machines import exit as exits
from hutong.domains.registry.machines import move as machine
from hutong.domains.registry.models import Child, Exit, Move
from hutong.domains.registry.services import move_items, moving
from hutong.domains.registry.services.errors import Refused
from hutong.foundation.access.acting import Acting
from hutong.foundation.network import selectors as network
from hutong.foundation.network.models import Post
from hutong.foundation.workflow import services as workflow
from hutong.foundation.workflow.errors import NotNow
from hutong.kernel import areas, clock


def propose(
    child: Child, *, actor: Acting, what: str, to_area: str = "", to_place: str = "", outside: bool = False,
    moved_on: date, reason: str, words: str, papers: str = "", form_key: str = "",
) -> Move:  # fmt: skip
    """Start a move; where nobody else of the sending side need agree it goes to the receiving side at once.

    ``outside``: the other place does not use this system and is written to. Raises Refused, NotNow, PermissionDenied.
    """
    if form_key and (made := Move.objects.filter(form_key=form_key).first()):
        return made
    from_area = child.hukou_area if what == "hukou" else child.residence_area
    permissions.check_can_propose(actor, child, from_area)
    _check_facts(child, what, moved_on, reason, words)
    to_post = _receiver(from_area, to_area, outside)
    if Exit.objects.filter(child=child, state__in=exits.LIVE).exists():
        raise Refused("这名儿童已提请退出。请先撤回退出，再办理转移。")
    move = Move(
        child=child, child_name=child.name, what=what, from_area=from_area, to_area=areas.pad(to_area) if to_area else "",
        to_place=to_place.strip(), outside=outside, moved_on=moved_on, reason=reason, words=words.strip(),
        papers=papers.strip(), sender_post=actor.post, from_post=network.find_responsible_post(from_area), to_post=to_post,
        requested_by=actor.user, requested_label=actor.label, opened_at=clock.now(), form_key=form_key or None,
    )  # fmt: skip
    _check_place(child, move)
    try:
        with transaction.atomic():
            _start(move, actor)
    except IntegrityError as error:
        if form_key and (made := Move.objects.filter(form_key=form_key).first()):
            return made
        if "move_live_once" not in str(error):
            raise
        raise Refused("这名儿童已有一次转移正在办理。请先办结或撤回那一次。") from error
    return move


def _start(move: Move, actor: Acting) -> None:
    direct = permissions.may_send_directly(actor, move)
    move.approver_post = None if direct else _approver(move, actor)
    move.save(force_insert=True)
    workflow.begin(move, actor=actor, right="move.propose", reason=move.words)
    if direct:
        _offer(move, "send", actor=actor, reason=move.words)
    else:
        move_items.arrange(move, actor=actor, outcome="")


def _check_facts(child: Child, what: str, moved_on: date, reason: str, words: str) -> None:
    if what not in machine.WHAT:
        raise Refused("请选择变更的是居住地、户籍地还是两者。", "what")
    if what == "both" and child.hukou_area != child.residence_area:
        raise Refused("户籍地与居住地现在不在一处，请分两次办理：一次居住地，一次户籍地。", "what")
    if reason not in machine.REASONS:
        raise Refused("请选择转移原因。", "reason")
    if not words.strip():
        raise Refused("请写明转移的情况：随谁、住到哪里、由谁照料。", "words")
    if moved_on > clock.today():
        raise Refused("变更日期晚于今天。请在实际迁居或迁户之后办理。", "moved_on")
    if moved_on < child.birth_date:
        raise Refused("变更日期早于出生日期，请核对。", "moved_on")


def _receiver(from_area: str, to_area: str, outside: bool) -> Post | None:
    if to_area and areas.pad(to_area) == areas.pad(from_area):
        raise Refused("转入地与转出地相同，请核对。", "to_area")
    if outside:
        return None
    if not to_area:
        raise Refused("请输入转入地并从列表中选择；对方未使用本系统的，请勾选“发函办理”。", "to_area")
    found = network.find_responsible_post(to_area)
    if found is None:
        raise Refused("转入地在本系统没有责任岗位。请勾选“对方未使用本系统，发函办理”。", "outside")
    return found


def _check_place(child: Child, move: Move) -> None:
    if move.outside and not move.to_place:
        if not move.to_area:
            raise Refused("请写明转入的省、市、县和乡镇。", "to_place")
        move.to_place = network.area_path(move.to_area)[:120]
    if move.outside and move.what != "both" and not move.to_area:
        raise Refused("只变更一处的，请从列表中选择转入地，档案上要登记区划。", "to_area")
    if not move.outside and areas.level(move.to_area) not in {"county", "township", "village"}:
        raise Refused("转入地请至少选到区县。", "to_area")


def _approver(move: Move, actor: Acting) -> Post | None:
    """The post of the sending side that must agree: never the proposer's own where there is another."""
    if permissions.needed_level(move.from_area, move.to_area, outside=move.outside) == "township":
        return network.find_supervisor(move.from_area)
    posts = list(network.list_posts(role=network.COUNTY, area_code=areas.county(move.from_area)))
    others = [post for post in posts if post.pk != actor.post.pk]
    if not posts:
        raise Refused("转出地的县没有设县级民政岗位，无法审核。请联系系统管理员。")
    return (others or posts)[0]


def _offer(move: Move, event: str, *, actor: Acting, reason: str = "") -> Move:
    """Hand it to the receiving side: from now on both sides see the file and answer for the child."""
    fields = {"offered_on": clock.today(), "to_above": None}
    workflow.apply(move, event, actor=actor, reason=reason, fields=fields)
    assert move.to_post is not None
    move_items.lend(move, move.to_post)
    move_items.arrange(move, actor=actor, outcome="已送接收方")
    return move


@transaction.atomic
def approve(move: Move, *, actor: Acting, reason: str = "") -> Move:
    """The sending side's approver agrees; the receiving post gets the file on its worklist."""
    return _offer(move, "approve", actor=actor, reason=reason)


@transaction.atomic
def approve_letter(
    move: Move, *, actor: Acting, letter_no: str, letter_to: str, letter_on: date, reason: str = ""
) -> Move:
    """Agree, and write to a county that does not use the system."""
    if not (letter_no.strip() and letter_to.strip()):
        raise Refused("请填写函号和收函单位。", "letter_no" if not letter_no.strip() else "letter_to")
    fields = {"letter_no": letter_no.strip(), "letter_to": letter_to.strip(), "letter_on": letter_on}
    fields |= {"approver_post": actor.post}
    workflow.apply(move, "approve_letter", actor=actor, reason=reason, fields=fields)
    move_items.arrange(move, actor=actor, outcome="已发函")
    return move


@transaction.atomic
def send_back(move: Move, *, actor: Acting, reason: str) -> Move:
    """The approver wants it mended."""
    return _step(move, "send_back", actor, reason, "退回修改", "退回时请写明需要补正什么。")


@transaction.atomic
def submit(move: Move, *, actor: Acting, words: str, papers: str = "", to_area: str = "") -> Move:
    """After being returned: mended (perhaps for another place) and on, to the approver or where none is needed across."""
    if not words.strip():
        raise Refused("请写明补正后的情况。", "words")
    permissions.check_sender(actor, move)
    said: dict[str, Any] = {"words": words.strip()[:500], "papers": papers.strip()[:300] or move.papers}
    if not move.outside:
        said["to_area"] = areas.pad(to_area) if to_area else move.to_area
        said["to_post"] = _receiver(move.from_area, said["to_area"], False)
    if Move.objects.filter(pk=move.pk, state=machine.RETURNED).update(**said) != 1:
        raise NotNow("这次转移已不是退回状态，可能已有人先行办理。请刷新后再看。")
    for name, value in said.items():
        setattr(move, name, value)
    if permissions.may_send_directly(actor, move):
        return _offer(move, "send", actor=actor, reason=move.words)
    fields = {"approver_post": move.approver_post or _approver(move, actor)}
    workflow.apply(move, "submit", actor=actor, reason=move.words, fields=fields)
    move_items.arrange(move, actor=actor, outcome="已重新提交")
    return move


@transaction.atomic
def answer(move: Move, *, actor: Acting, reason: str) -> Move:
    """The receiving side asked; here is the answer, and its time begins anew."""
    if not reason.strip():
        raise Refused("请写明补充的情况。", "reason")
    fields = {"answer": reason.strip()[:500], "offered_on": clock.today()}
    workflow.apply(move, "answer", actor=actor, reason=reason, fields=fields)
    move_items.arrange(move, actor=actor, outcome="已补充")
    return move


@transaction.atomic
def withdraw(move: Move, *, actor: Acting, reason: str) -> Move:
    """The sending side takes it back; the receiving post sees the file no more."""
    if not reason.strip():
        raise Refused("撤回转移请写明原因。", "reason")
    fields = {"answer": reason.strip()[:500], "ended_on": clock.today()}
    workflow.apply(move, "withdraw", actor=actor, reason=reason, fields=fields)
    move_items.give_back(move)
    move_items.arrange(move, actor=actor, outcome="已撤回")
    return move


@transaction.atomic
def receipt(move: Move, *, actor: Acting, receipt_no: str, receipt_on: date, reason: str = "") -> Move:
    """The other county answered: the file leaves (MOVED_OUT), or keeps the one place that stays here."""
    if not receipt_no.strip():
        raise Refused("请填写回执编号；口头答复的，请写明答复人和电话。", "receipt_no")
    if move.letter_on and receipt_on < move.letter_on:
        raise Refused("回执日期早于发函日期，请核对。", "receipt_on")
    child = moving.held(move)
    fields = {"receipt_no": receipt_no.strip(), "receipt_on": receipt_on, "ended_on": clock.today()}
    workflow.apply(move, "receipt", actor=actor, reason=reason, fields=fields)
    if move.what == "both":
        workflow.apply(
            child, "move_out", actor=actor, reason=f"转出到{move.to_place}", data={"move": move.pk}
        )
    else:
        moving.rehome(child, move.what, move.to_area, reason=f"转出到{move.to_place}")
    move_items.arrange(move, actor=actor, outcome="已回执")
    return move


@transaction.atomic
def bounce(move: Move, *, actor: Acting, reason: str) -> Move:
    """The other county does not take the child: back to whoever proposed."""
    return _step(move, "bounce", actor, reason, "对方退回", "请写明对方退回的理由。")


def _step(move: Move, event: str, actor: Acting, reason: str, outcome: str, missing: str) -> Move:
    if not reason.strip():
        raise Refused(missing, "reason")
    workflow.apply(move, event, actor=actor, reason=reason, fields={"answer": reason.strip()[:500]})
    move_items.arrange(move, actor=actor, outcome=outcome)
    return move


def come_back(child: Child, *, actor: Acting, reason: str) -> Child:
    """A child who had moved out of the system returns: the same file goes on."""
    if not reason.strip():
        raise Refused("请写明迁回的情况：何时、住到哪里、由谁照料。", "reason")
    if child.state != "MOVED_OUT":
        raise NotNow("只有已转出的档案可以办理迁回。")
    return workflow.apply(child, "come_back", actor=actor, reason=reason)
