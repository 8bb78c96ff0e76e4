"""A pair as two columns in one order (experience.md 8): equal grey, different amber, empty dotted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.urls import reverse

from hutong.domains.registry import permissions, selectors
from hutong.domains.registry.machines import file_pair, wording
from hutong.domains.registry.models import Child, Kinship, Merge, Pair, Person
from hutong.domains.registry.presenters import conflicts
from hutong.domains.registry.search import likeness
from hutong.domains.registry.services import merging, pairs
from hutong.foundation.access.acting import Acting
from hutong.foundation.network import selectors as network
from hutong.foundation.workflow import selectors as workflow
from hutong.kernel import areas, clock, ids

TONES: Final = {"OPEN": "warn", "LATER": "info", "ASKED": "info", "DIFFERENT": "plain", "MERGED": "ok"}
_LABELS: Final = {
    "name": "姓名", "sex": "性别", "birth_date": "出生日期", "document": "证件", "ethnic": "民族", "hukou_area": "户籍地",
    "residence_area": "居住地", "address": "详细地址", "phone": "联系电话", "lives_with": "同住人", "place": "安置方式",
    "guard": "监护状况", "school": "学段", "full_time": "全日制", "rural": "农村", "single": "单亲", "entrusted": "已签委托照护协议",
    "adopted": "已被收养", "was": "18岁前认定类别",
}  # fmt: skip
_PERSON: Final = {
    "name": "姓名", "sex": "性别", "birth_date": "出生日期", "document": "证件", "area_code": "户籍地", "phone": "联系电话",
}  # fmt: skip
_CODES: Final[dict[str, dict[Any, str]]] = {"guard": wording.GUARD, "school": wording.STAGES}


@dataclass(frozen=True, slots=True)
class Choice:
    """A field on which the two differ: from which side it is taken."""

    field: str
    label: str
    first: str
    second: str
    chosen: str


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything the page of one pair shows."""

    heads: tuple[str, str]
    urls: tuple[str, str]
    rows: list[dict[str, str]]
    why: list[str]
    choices: list[Choice]
    survivor: str
    merge: Merge | None
    takes: list[str]
    seen: str
    twice: str
    kept_apart: list[str]
    may_judge: bool
    may_confirm: bool
    may_withdraw: bool
    may_split: bool
    may_reopen: bool
    why_not: str
    history: list[dict[str, Any]]
    tone: str


def desk(pair: Pair, actor: Acting) -> Desk:
    sides: tuple[Any, Any] = (
        (pair.first, pair.second) if pair.of_children else (pair.first_person, pair.second_person)
    )
    values = _values(*sides)
    merge = Merge.objects.filter(pair=pair, open=True).select_related(
        "pair", "survivor", "merged", "survivor_person", "merged_person", "asked_post"
    ).first()  # fmt: skip
    labels = _LABELS if pair.of_children else _PERSON
    best = _best(*sides)
    lines = [{"label": labels[name], "left": left, "right": right} for name, (left, right) in values.items()]
    lines += _hanging(*sides)
    return Desk(
        heads=(_head(sides[0], "甲"), _head(sides[1], "乙")),
        urls=(_url(sides[0]), _url(sides[1])),
        rows=[row for row in lines if row["left"] or row["right"]],
        why=[likeness.REASONS[code][0] for code in pair.reasons if code in likeness.REASONS],
        choices=[
            Choice(name, labels[name], left, right, best) for name, (left, right) in values.items() if left and right and left != right
        ],
        survivor=best,
        merge=merge,
        takes=[labels[name] for name in merge.takes] if merge else [],
        seen=merging.seen_token(merge) if merge else "",
        twice=_paid_twice(*sides) if pair.of_children else "",
        kept_apart=_kept_apart(merge) if merge and pair.state == "MERGED" else [],
        may_judge=permissions.allowed(permissions.check_can_judge, actor, pair),
        may_confirm=permissions.allowed(permissions.check_can_confirm, actor, pair),
        may_withdraw=bool(merge) and permissions.allowed(permissions.check_can_withdraw_merge, actor, pair, merge),
        may_split=merging.can_split(actor, pair),
        may_reopen=pair.state == "DIFFERENT" and actor.may("child.merge"),
        why_not=_why_not(actor, pair),
        history=_history(pair),
        tone=TONES[pair.state],
    )  # fmt: skip


def _head(side: Any, word: str) -> str:
    if isinstance(side, Child):
        return f"{word}：{side.file_no}（{side.get_state_display()}）"
    return f"{word}：{side.name}"


def _url(side: Any) -> str:
    return reverse("registry:child", args=[side.public_id]) if isinstance(side, Child) else ""


def _values(one: Any, other: Any) -> dict[str, tuple[str, str]]:
    labels = _LABELS if isinstance(one, Child) else _PERSON
    found = {}
    for name in labels:
        if name == "document":
            found[name] = _documents(one, other)
        else:
            found[name] = (_said(name, getattr(one, name)), _said(name, getattr(other, name)))
    return found


def _said(name: str, value: Any) -> str:
    if value is None or value == "":
        return ""
    if name in _CODES:
        return _CODES[name].get(value, str(value))
    return network.area_path(value) if name == "area_code" else conflicts.words(name, value)


def _documents(one: Any, other: Any) -> tuple[str, str]:
    """Both numbers masked, but for the places where they differ: enough to judge, no more."""
    a, b = one.id_number, other.id_number
    masked = [ids.mask(a), ids.mask(b)]
    if a and b and len(a) == len(b):
        masked = [
            "".join(mine if mine != theirs else hidden for mine, theirs, hidden in zip(x, y, mask, strict=True))
            for x, y, mask in ((a, b, masked[0]), (b, a, masked[1]))
        ]  # fmt: skip
    kinds = [wording.ID_KINDS[side.id_kind] if isinstance(side, Child) else "" for side in (one, other)]
    first, second = (
        f"{kind} {number}".strip() if number else kind for kind, number in zip(kinds, masked, strict=True)
    )
    return first, second


def _hanging(one: Any, other: Any) -> list[dict[str, str]]:
    if isinstance(one, Child):
        left, right = _of_child(one), _of_child(other)
    else:
        left, right = _of_person(one), _of_person(other)
    return [{"label": label, "left": left[label], "right": right[label]} for label in left]


def _of_child(child: Child) -> dict[str, str]:
    kin = list(selectors.list_kin(child))
    parents = {code: [tie.person for tie in kin if tie.relation == code] for code in ("father", "mother")}
    others = [f"{tie.get_relation_display()} {tie.person.name}" for tie in kin if tie.relation not in parents]
    regime = child.regimes.filter(void=False, until__isnull=True).first()
    facts = selectors.list_circumstances(child)
    return {
        "父亲": "、".join(_person(one) for one in parents["father"]),
        "母亲": "、".join(_person(one) for one in parents["mother"]),
        "其他亲属": "、".join(others),
        "监护方式": f"{regime.get_kind_display()}（{regime.who}）" if regime else "",
        "情形": "；".join(f"{one.get_subject_display()}{one.get_kind_display()}（{one.since} 起）" for one in facts[:20]),
        "在册": "、".join(entry.get_scheme_display() for entry in selectors.list_roll(child)),
        "建档": _day(child.created_at) + (f"，{child.intake.title}" if child.intake else ""),
    }  # fmt: skip


def _day(at: datetime | None) -> str:
    return f"{at.astimezone(clock.SHANGHAI):%Y-%m-%d}" if at else ""


def _person(person: Person) -> str:
    return f"{person.name} {person.masked_id}" if person.id_sealed else person.name


def _of_person(person: Person) -> dict[str, str]:
    ties = (
        Kinship.objects.filter(person=person, until__isnull=True)
        .select_related("child")
        .order_by("child__file_no")
    )
    return {
        "是谁的亲属": "、".join(f"{tie.child.name}的{tie.get_relation_display()}" for tie in ties[:20]),
    }


def _best(one: Any, other: Any) -> str:
    """Which to keep, as a start: the one in care, then the one with a number, then the older file."""

    def rank(side: Any) -> tuple[Any, ...]:
        state = ("ACTIVE", "REGISTERED", "CLOSED").index(side.state) if getattr(side, "state", "") in (
            "ACTIVE", "REGISTERED", "CLOSED") else 3  # fmt: skip
        return (state, not side.id_sealed)

    return "second" if rank(other) < rank(one) else "first"


def _paid_twice(one: Child, other: Child) -> str:
    """Listed under the same scheme in both files: perhaps paid twice."""
    both = set(selectors.list_roll(one).values_list("scheme", flat=True)) & set(
        selectors.list_roll(other).values_list("scheme", flat=True)
    )
    return "、".join(wording.SCHEMES[code] for code in sorted(both))


_SECTIONS: Final = {
    "kinships": "亲属关系", "regimes": "监护方式", "guard_statuses": "监护状况", "circumstances": "情形", "schooling": "就学",
    "health": "健康", "roll": "在册",
}  # fmt: skip


def _kept_apart(merge: Merge) -> list[str]:
    """What contradicted the survivor's own and stayed with the merged file."""
    if merge.merged is None:
        return []
    counted = [(word, getattr(merge.merged, name).count()) for name, word in _SECTIONS.items()]
    return [f"{word} {count} 条" for word, count in counted if count]


def _why_not(actor: Acting, pair: Pair) -> str:
    if pair.state == "ASKED" and actor.may("child.merge"):
        return permissions.refusal(permissions.check_can_confirm, actor, pair)
    return ""


def _history(pair: Pair) -> list[dict[str, Any]]:
    words = {one.event: one.word for one in file_pair.FILE_PAIR.transitions} | {"create": "发现"}
    steps = workflow.list_history(pairs.SUBJECT, pair.pk)
    return [
        {"at": one.at, "title": words.get(one.event, one.event), "actor": one.actor_label, "text": one.reason}
        for one in reversed(steps)
    ]


def rows(found: Sequence[Pair]) -> list[dict[str, Any]]:
    """Lines of the desk's list."""
    paths = network.area_paths([one.area_code for one in found])
    return [
        {
            "url": reverse("registry:pair", args=[one.public_id]),
            "names": _names(one),
            "kind": "儿童" if one.of_children else "亲属",
            "why": "；".join(likeness.REASONS[code][0] for code in one.reasons if code in likeness.REASONS) or one.found_by,
            "score": one.score,
            "place": paths.get(areas.pad(one.area_code), one.area_code),
            "next": one.next_check_on,
            "state": one.get_state_display(),
            "tone": TONES[one.state],
        }
        for one in found
    ]  # fmt: skip


def _names(pair: Pair) -> str:
    if pair.first and pair.second:
        return " / ".join(f"{one.name}（{one.birth_date}）" for one in (pair.first, pair.second))
    return " / ".join(one.name for one in (pair.first_person, pair.second_person) if one)


def merges(absorbed: Sequence[Child]) -> list[dict[str, str]]:
    """Ways from a survivor's page to the pairs behind it."""
    found = Merge.objects.filter(merged__in=absorbed, open=True, confirmed_at__isnull=False)
    return [
        {
            "url": reverse("registry:pair", args=[one.pair.public_id]),
            "words": f"{one.confirmed_label}确认合并，{_day(one.confirmed_at)}：查看对照或拆分",
        }
        for one in found.select_related("pair")
    ]
