"""Merging two files (or two relatives) into one, and taking them apart exactly (architecture §3.9).

Only what the registry itself holds is moved, and each moved row is written down. What higher apps made with a file keeps it;
whoever asks for the merged one is given the survivor.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q

from hutong.domains.registry import permissions
from hutong.domains.registry.machines import exit as exits
from hutong.domains.registry.machines import move
from hutong.domains.registry.machines.file_correction import OPEN
from hutong.domains.registry.models import Child, Exit, Merge, Move, Pair, Person, Proposal
from hutong.domains.registry.services import filing, indexing, joining, pairs
from hutong.domains.registry.services.creating import PAYEE, PLAIN, SAID
from hutong.domains.registry.services.errors import Refused, Stale
from hutong.domains.registry.services.wordcheck import written
from hutong.foundation.access import vault
from hutong.foundation.access.acting import Acting
from hutong.foundation.access.scope import because
from hutong.foundation.workflow import services as workflow
from hutong.foundation.workflow.errors import NotNow
from hutong.foundation.workflow.models import OPEN as OPEN_ITEM
from hutong.foundation.workflow.models import WorkItem
from hutong.kernel import clock

DOCUMENT: Final = "document"
CHOICES: Final = ("name", DOCUMENT, "guard", *(field for field in SAID if field not in PAYEE))
"""What may come from the file that goes; document is kind and number together. The account only comes where there is none."""
PERSON_CHOICES: Final = ("name", DOCUMENT, "phone", "sex", "birth_date", "area_code")
_KEPT: Final = (
    "name", "name_pinyin", "name_initials", "id_kind", "id_sealed", "id_token", "phone_sealed", "address_sealed", "guard",
    "payee_name", "payee_bank", "payee_account_sealed",
    *PLAIN,
)  # fmt: skip
_PERSON_KEPT: Final = ("name", "sex", "birth_date", "area_code", "id_sealed", "id_token", "phone_sealed")


def get_open(pair: Pair) -> Merge:
    """The merge asked for or made on a pair; NotNow where there is none."""
    found = Merge.objects.filter(pair=pair, open=True).select_related(
        "pair", "survivor", "merged", "survivor_person", "merged_person", "asked_post"
    ).first()  # fmt: skip
    if found is None:
        raise NotNow("这一对没有待确认或已生效的合并，可能已有人先行办理。请刷新后再看。")
    return found


def planned(pair: Pair, *, survivor: str, takes: Iterable[str]) -> Merge:
    """The merge as asked for, not yet saved."""
    known = CHOICES if pair.of_children else PERSON_CHOICES
    chosen = sorted(set(takes) & set(known))
    if pair.of_children:
        stays, goes = (pair.first, pair.second) if survivor == "first" else (pair.second, pair.first)
        return Merge(pair=pair, survivor=stays, merged=goes, takes=chosen)
    kept, gone = (
        (pair.first_person, pair.second_person)
        if survivor == "first"
        else (pair.second_person, pair.first_person)
    )
    return Merge(pair=pair, survivor_person=kept, merged_person=gone, takes=chosen)


def check_possible(merge: Merge) -> None:
    """Refused, in words, where the two cannot be merged now."""
    if not merge.pair.of_children:
        stays, goes = merge.people
        if stays.merged_into_id is not None or goes.merged_into_id is not None:
            raise Refused("其中一人已并入他人，请刷新后再看。")
        if goes.absorbed.exists():
            raise Refused("已有他人并入要并掉的这一位，请改为保留这一位，或先拆分。")
        return
    survivor, merged = merge.files
    if "MERGED" in (survivor.state, merged.state):
        raise Refused("其中一份档案已并入别的档案，请先处理那一次合并。")
    if merged.state in ("ARCHIVED", "MOVED_OUT") or survivor.state in ("ARCHIVED", "MOVED_OUT", "DRAFT"):
        raise Refused("保留的档案须已提交审核，且两份都未归档、未转出；请先办理，再申请合并。")
    if merged.state == "ACTIVE" and survivor.state != "ACTIVE":
        raise Refused("一份在管、一份不在管的，请保留在管的那一份。", "survivor")
    if merged.absorbed.exists():
        raise Refused("已有档案并入要并掉的这一份，请改为保留这一份，或先拆分。", "survivor")
    if Proposal.objects.filter(child__in=[survivor, merged], state__in=OPEN).exists():
        raise Refused("其中一份档案还有未办结的更正申请，请先办完或撤回。")
    moving = Move.objects.filter(child__in=[survivor, merged], state__in=move.LIVE)
    if moving.exists() or Exit.objects.filter(child__in=[survivor, merged], state__in=exits.LIVE).exists():
        raise Refused("其中一份档案正在办理转移或退出，请先办完或撤回。")
    joining.check_identity(survivor, merged, joining.taken(survivor, merged, merge.takes))


def seen_token(merge: Merge) -> str:
    """What the confirming person looked at; another after any change of either."""
    one, other = merge.files if merge.pair.of_children else merge.people
    return vault.token(f"{one.pk}:{one.version}:{other.pk}:{other.version}:{merge.takes}", "merge-seen")


@transaction.atomic
def confirm(pair: Pair, *, actor: Acting, reason: str = "", seen: str = "") -> Merge:
    """The second person agrees: one entry becomes a pointer to the other. All or nothing."""
    merge = _locked(pair)
    permissions.check_can_confirm(actor, merge.pair)
    if seen and seen != seen_token(merge):
        raise Stale()
    check_possible(merge)
    words = written(reason, "确认意见", least=0) or "确认合并"
    workflow.apply(pair, "confirm", actor=actor, reason=words)
    merge.confirmed_label, merge.confirmed_at = actor.label, clock.now()
    with because(f"合并 {pair.public_id}：{merge.reason}"):
        merge.keep(
            _merge_files(merge, actor) if pair.of_children else joining.join_people(merge, _PERSON_KEPT)
        )
        merge.save()
    _close(pair, actor, "已合并")
    return merge


def _locked(pair: Pair) -> Merge:
    """Both entries locked in one order, whoever asks; then read anew."""
    sides = Q(pk=pair.first_id) | Q(pk=pair.second_id)
    people = Q(pk=pair.first_person_id) | Q(pk=pair.second_person_id)
    if pair.of_children:
        list(Child.objects.select_for_update().filter(sides).order_by("pk"))
    else:
        list(Person.objects.select_for_update().filter(people).order_by("pk"))
    return get_open(pair)


def _merge_files(merge: Merge, actor: Acting) -> dict[str, Any]:
    survivor, merged = merge.files
    before = {"survivor": joining.picture(survivor, _KEPT), "merged": joining.picture(merged, _KEPT)}
    was = {"state": merged.state, "close_reason": merged.close_reason, "items": _waiting(merged)}
    joining.take_over(survivor, merged, joining.taken(survivor, merged, merge.takes))
    workflow.close_items(
        subject_type=filing.SUBJECT, subject_id=merged.pk, actor=actor, outcome="并入另一份档案"
    )
    workflow.apply(merged, "merge", actor=actor, reason=merge.reason, fields={"merged_into": survivor})
    moved = joining.move(merged, survivor)
    joining.touch(survivor, merged)
    indexing.index([survivor, merged])
    return {
        "before": before,
        "after": {"survivor": joining.picture(survivor, _KEPT)},
        "was": was,
        "moved": moved,
    }


def _waiting(child: Child) -> list[list[Any]]:
    """The file's own open worklist items, as needed to open them again."""
    rows = WorkItem.objects.filter(OPEN_ITEM, subject_type=filing.SUBJECT, subject_id=child.pk)
    return [list(row) for row in rows.values_list("pk", "kind")]


@transaction.atomic
def split(pair: Pair, *, actor: Acting, reason: str) -> Merge:
    """They were two after all: both are again what they were. What was changed on the survivor since stays with it."""
    actor.check("child.merge")
    words = written(reason, "为什么要拆分", least=4)
    if pair.state != "MERGED":
        raise NotNow(f"这一对现在是“{pair.get_state_display()}”，不能拆分。请刷新后再看。")
    merge = _locked(pair)
    journal = merge.journal
    workflow.apply(
        pair, "split", actor=actor, reason=words,
        fields={"words": words, "answered_label": actor.label, "answered_post": actor.post, "answered_at": clock.now()},
    )  # fmt: skip
    with because(f"拆分 {pair.public_id}：{words}"):
        if pair.of_children:
            _split_files(merge, journal, actor, words)
        else:
            joining.part_people(merge, journal)
        end(merge, actor, words)
    return merge


def _split_files(merge: Merge, journal: dict[str, Any], actor: Acting, words: str) -> None:
    (survivor, merged), was = merge.files, journal["was"]
    joining.move_back(journal["moved"], survivor, merged)
    workflow.apply(
        merged, f"unmerge_{was['state'].lower()}", actor=actor, reason=words,
        fields={"merged_into": None, "close_reason": was["close_reason"]},
    )  # fmt: skip
    joining.restore(survivor, merged, journal)
    joining.touch(survivor, merged)
    indexing.index([survivor, merged])
    keys = [key for key, _ in was["items"]]
    WorkItem.objects.filter(pk__in=keys, closed_at__isnull=False).update(closed_at=None, outcome="")


def end(merge: Merge, actor: Acting, words: str) -> None:
    merge.open, merge.ended_label, merge.ended_at, merge.ended_reason = False, actor.label, clock.now(), words
    merge.save(update_fields=["open", "ended_label", "ended_at", "ended_reason"])


def _close(pair: Pair, actor: Acting, outcome: str) -> None:
    workflow.close_items(subject_type=pairs.SUBJECT, subject_id=pair.pk, actor=actor, outcome=outcome)


def can_split(actor: Acting, pair: Pair) -> bool:
    try:
        actor.check("child.merge")
        workflow.check_apart(pairs.SUBJECT, pair.pk, "child.merge", actor)
    except PermissionDenied:
        return False
    return pair.state == "MERGED"
