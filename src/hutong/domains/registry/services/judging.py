"""Answers to a pair: another person, cannot be settled yet, the same (asks for a merge that a second person confirms)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any, Final

from django.db import transaction

from hutong.domains.registry import permissions
from hutong.domains.registry.machines import correcting
from hutong.domains.registry.models import Merge, Pair
from hutong.domains.registry.services import merging, owners, pairs
from hutong.domains.registry.services.errors import Refused
from hutong.domains.registry.services.wordcheck import written
from hutong.foundation.access.acting import Acting
from hutong.foundation.workflow import services as workflow
from hutong.kernel import areas, clock

_LEVELS: Final[Mapping[str, correcting.Level]] = {
    "village": "township", "township": "township", "county": "county",
}  # fmt: skip
"""Who confirms, by the lowest place both belong to."""


@transaction.atomic
def different(pair: Pair, *, actor: Acting, reason: str) -> Pair:
    """Two persons. The answer is kept, the pair does not come back."""
    permissions.check_can_judge(actor, pair)
    words = written(reason, "为什么不是同一人", least=4)
    workflow.apply(pair, "different", actor=actor, reason=words, fields=_answer(actor, words))
    _close(pair, actor, "不是同一人")
    return pair


@transaction.atomic
def later(pair: Pair, *, actor: Acting, reason: str, next_check_on: date | None) -> Pair:
    """Cannot be settled yet: it comes back on the day named, to the post that said so."""
    permissions.check_can_judge(actor, pair)
    words = written(reason, "还缺什么、准备怎么核对", least=4)
    today = clock.today()
    most = correcting.term("pair_recheck_days", pair.area_code, today)
    assert most is not None
    if next_check_on is None or not today < next_check_on <= today + timedelta(days=most):
        raise Refused(f"请填写下次核对日期：明天以后，{most} 天以内。", "next_check_on")
    workflow.apply(
        pair, "later", actor=actor, reason=words, data={"next": next_check_on.isoformat()},
        fields=_answer(actor, words, next_check_on),
    )  # fmt: skip
    _close(pair, actor, "暂不能定")
    again = pairs.item(pair, pairs.JUDGE, "再次核对疑似重复", actor.post, next_check_on, words)
    workflow.open_items(items=[again], actor=actor)
    return pair


@transaction.atomic
def ask(pair: Pair, *, actor: Acting, survivor: str, takes: Iterable[str], reason: str) -> Merge:
    """The same person: asks that one entry goes into the other. ``survivor``: first or second; ``takes``: fields that come
    from the one that goes (where the survivor says nothing, the other's value is taken anyway)."""
    permissions.check_can_judge(actor, pair)
    words = written(reason, "凭什么认定是同一人", least=4)
    if survivor not in ("first", "second"):
        raise Refused("请选择保留哪一份。", "survivor")
    merge = merging.planned(pair, survivor=survivor, takes=takes)
    merging.check_possible(merge)
    merge.reason, merge.asked_by, merge.asked_post = words, actor.user, actor.post
    merge.asked_label, merge.asked_at = actor.label, clock.now()
    level: correcting.Level | None = _LEVELS.get(areas.level(pair.area_code))
    owner = owners.decider(pair.area_code, level, besides=actor.post) if level else None
    if owner is None:
        raise Refused(
            "两份档案不属于同一区县，不能在本级合并；请先商定由哪个区县管理，办理转出转入后再合并。"
        )
    workflow.apply(pair, "ask", actor=actor, reason=words, fields=_answer(actor, words))
    merge.save(force_insert=True)
    _close(pair, actor, "同一人，申请合并")
    confirm = pairs.item(
        pair, pairs.CONFIRM, "确认合并重复档案", owner, pairs.due("merge_confirm_days", pair.area_code), words
    )  # fmt: skip
    workflow.open_items(items=[confirm], actor=actor)
    return merge


@transaction.atomic
def withdraw(pair: Pair, *, actor: Acting, reason: str) -> Pair:
    """The request is taken back by the post that asked; the pair is open again."""
    merge = merging.get_open(pair)
    permissions.check_can_withdraw_merge(actor, pair, merge)
    return _open_again(pair, merge, "withdraw", actor, written(reason, "撤回的原因"))


@transaction.atomic
def refuse(pair: Pair, *, actor: Acting, reason: str) -> Pair:
    """The second person does not agree; the pair goes back to be judged."""
    permissions.check_can_confirm(actor, pair)
    return _open_again(
        pair, merging.get_open(pair), "refuse", actor, written(reason, "不同意合并的理由", least=4)
    )


def _open_again(pair: Pair, merge: Merge, event: str, actor: Acting, words: str) -> Pair:
    workflow.apply(pair, event, actor=actor, reason=words)
    merging.end(merge, actor, words)
    _close(pair, actor, "撤回合并申请" if event == "withdraw" else "不同意合并")
    _to_judge(pair, actor, words, merge.asked_post)
    return pair


@transaction.atomic
def reopen(pair: Pair, *, actor: Acting, reason: str) -> Pair:
    """An answer proved wrong: to be judged again."""
    actor.check("child.merge")
    words = written(reason, "为什么要重新核对", least=4)
    workflow.apply(pair, "reopen", actor=actor, reason=words)
    _to_judge(pair, actor, words, pairs.owner_of(pair.area_code))
    return pair


def _to_judge(pair: Pair, actor: Acting, words: str, owner: Any) -> None:
    if owner is not None:
        due = pairs.due("pair_judge_days", pair.area_code)
        again = pairs.item(pair, pairs.JUDGE, "重新核对疑似重复", owner, due, words)
        workflow.open_items(items=[again], actor=actor)


def _answer(actor: Acting, words: str, next_check_on: date | None = None) -> dict[str, Any]:
    return {
        "words": words, "answered_label": actor.label, "answered_post": actor.post, "answered_at": clock.now(),
        "next_check_on": next_check_on,
    }  # fmt: skip


def _close(pair: Pair, actor: Acting, outcome: str) -> None:
    workflow.close_items(subject_type=pairs.SUBJECT, subject_id=pair.pk, actor=actor, outcome=outcome)
