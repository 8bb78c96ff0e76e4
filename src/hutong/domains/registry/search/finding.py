"""Finding children by what was typed (experience.md 2). Every lookup is an index range under row security (ADR 0007)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from django.db.models import Q, QuerySet

from hutong.domains.registry.machines import wording
from hutong.domains.registry.models import Child, Gram, Kinship
from hutong.domains.registry.search import grams
from hutong.foundation.access import vault
from hutong.foundation.access.acting import Acting
from hutong.foundation.network import finding as places
from hutong.foundation.network import selectors as network
from hutong.foundation.network.models import Area
from hutong.kernel import areas, ids

PAGE: Final = 25
MOST: Final = 200
"""Beyond this many hits the page asks for more to go by instead of turning pages."""
_TAIL: Final = re.compile(r"[0-9]{3,16}[0-9X]", re.ASCII)
_FILE_NO: Final = re.compile(r"H[0-9]{6,}", re.ASCII)
_LATIN: Final = re.compile(r"[A-Z]{2,60}", re.ASCII)
_VOWEL: Final = re.compile(r"[AEIOUV]")


@dataclass(frozen=True, slots=True)
class Hit:
    """One child found; ``through`` says through whom, '' when by the child herself."""

    child: Child
    path: str
    through: str = ""
    flags: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class Found:
    """What a search gave: one page of hits, or a ``hint`` how to ask better. ``places``: villages so named."""

    asked: bool = False
    hits: list[Hit] = field(default_factory=list)
    page: int = 1
    has_next: bool = False
    more: bool = False
    hint: str = ""
    places: list[Area] = field(default_factory=list)


def search(text: str, actor: Acting, *, area: str = "", page: int = 1) -> Found:
    """Children within scope for what was typed, 25 a page. ``area`` narrows to a place; nothing typed: nothing."""
    typed = unicodedata.normalize("NFKC", text).strip()[:60]
    found = Found(asked=bool(typed or area), page=page)
    if not found.asked:
        return found
    pks, through = _keys(typed, actor, area, found)
    start = (page - 1) * PAGE
    found.has_next = len(pks) > start + PAGE and start + PAGE < MOST
    found.more = len(pks) > start + PAGE and not found.has_next
    found.hits = _hits(pks[start : start + PAGE], through)
    return found


def _keys(typed: str, actor: Acting, area: str, found: Found) -> tuple[list[int], set[int]]:
    """Ids in order of relevance, and which of them were found through kin."""
    plain = ids.normalise(typed)
    if not typed:
        return _of_place(area), set()
    if len(plain) == 18 and plain[:17].isdigit():
        return _by_whole_id(plain)
    if _FILE_NO.fullmatch(typed.upper()):
        return list(Child.objects.filter(file_no=typed.upper()).values_list("pk", flat=True)), set()
    if _TAIL.fullmatch(plain):
        return _by_tail(plain, area), set()
    compact = re.sub(r"[\s'·.\-]+", "", typed).upper()
    if _LATIN.fullmatch(compact):
        return _by_sound(compact, area, found.page), set()
    if plain.isascii():
        found.hint = "请输入至少两个汉字、拼音或首字母，或身份证后四位以上数字。"
        return [], set()
    return _by_words(typed.split(), actor, area, found)


def _in_area(area: str) -> Q:
    if not area:
        return Q()
    lo, hi = areas.bounds(area)
    return Q(area_code__gte=lo, area_code__lt=hi)


def _unique(pks: Sequence[int]) -> list[int]:
    return list(dict.fromkeys(pks))


def _enough(page: int) -> int:
    """Rows that surely hold one child more than the pages so far: a child stands at most twice among them."""
    return 2 * (page * PAGE + 1)


def _of_gram(words: Sequence[str], area: str, limit: int = 2 * MOST + 2) -> list[tuple[str, int]]:
    rows = Gram.objects.filter(_in_area(area), gram__in=words).order_by("gram", "area_code", "child_id")
    return list(rows.values_list("gram", "child_id")[:limit])


def _of_place(area: str) -> list[int]:
    lo, hi = areas.bounds(area)
    rows: list[int] = []
    for column in ("residence_area", "hukou_area"):
        inside = Q((f"{column}__gte", lo), (f"{column}__lt", hi))
        rows += (
            Child.objects.filter(inside)
            .order_by(column, "name_pinyin", "id")
            .values_list("pk", flat=True)[: MOST + 1]
        )
    return _unique(rows)


def _by_whole_id(number: str) -> tuple[list[int], set[int]]:
    token = vault.token(number, "id")
    own = list(Child.objects.filter(id_token=token).values_list("pk", flat=True))
    ties = Kinship.objects.filter(person__id_token=token, until__isnull=True)
    kin = list(ties.values_list("child_id", flat=True)[:MOST])
    return _unique(own + kin), set(kin) - set(own)


def _by_tail(digits: str, area: str) -> list[int]:
    """By the last four digits; more digits are compared with the opened numbers of the few that match."""
    pks = _unique([pk for _, pk in _of_gram(["#" + vault.token(digits[-4:], "id-last4")[:16]], area)])
    if len(digits) == 4:
        return pks
    return [child.pk for child in _in_order(pks) if child.id_number.endswith(digits)]


def _by_sound(letters: str, area: str, page: int) -> list[int]:
    """Initials by prefix, then full pinyin by prefix."""
    pks: list[int] = []
    prefixes = ([letters] if len(letters) <= 8 else []) + (
        [letters.lower()] if _VOWEL.search(letters) else []
    )
    for prefix in prefixes:
        rows = Gram.objects.filter(_in_area(area), gram__gte=prefix, gram__lt=prefix + "~")
        ordered = rows.order_by("gram", "area_code", "child_id").values_list("child_id", flat=True)
        pks += ordered[: _enough(page)]
    return _unique(pks)


def _by_words(words: list[str], actor: Acting, area: str, found: Found) -> tuple[list[int], set[int]]:
    """Chinese characters: a name, a village, or both in either order."""
    if len(words) > 1 and not area:
        for i, word in enumerate(words):
            rest = "".join(words[:i] + words[i + 1 :])
            for place in _villages(word, actor)[:1]:
                return _by_name(rest, place.code, found)
    name = "".join(words)
    pks, through = _by_name(name, area, found)
    # many children of that name: nobody asked for a place
    if not area and len(pks) < PAGE and areas.level(actor.post.area_code) != "village":
        found.places = _villages(name, actor)
    return pks, through


def _villages(word: str, actor: Acting) -> list[Area]:
    if len(word) < 2:
        return []
    return places.find_areas(word, levels=("village", "township"), within=actor.post.area_code, limit=8)


def _by_name(text: str, area: str, found: Found) -> tuple[list[int], set[int]]:
    words = grams.asked(text)
    if len(words[0]) < 2:
        if not area:
            found.hint = "只有一个字时请再加上村名，例如“柳村 王”；或输入两个以上的字。"
            return [], set()
        return _unique([pk for _, pk in _of_gram(words, area, _enough(found.page))]), set()
    if len(words) == 1:
        rows = _of_gram([words[0], grams.KIN + words[0]], area, _enough(found.page))
        own = {pk for gram, pk in rows if gram == words[0]}
        return _unique([pk for _, pk in rows]), {pk for _, pk in rows} - own
    # a long name: all its pieces, the few that hold every one
    sets = [
        (
            {k for _, k in _of_gram([w], area, 5000)},
            {k for _, k in _of_gram([grams.KIN + w], area, 5000)},
        )
        for w in words
    ]
    own = set.intersection(*(one for one, _ in sets))
    kin = set.intersection(*(two for _, two in sets)) - own
    return sorted(own) + sorted(kin), kin


def _in_order(pks: Sequence[int]) -> list[Child]:
    by_key = Child.objects.select_related("merged_into").in_bulk(pks[: 4 * MOST])
    return [by_key[pk] for pk in pks if pk in by_key]


def _hits(pks: Sequence[int], through: set[int]) -> list[Hit]:
    found = _in_order(pks)
    children = list(dict.fromkeys(child.merged_into or child for child in found))
    merged = {
        child.merged_into.pk: f"并入前：{child.name}（{child.file_no}）"
        for child in found
        if child.merged_into
    }
    paths = network.area_paths([child.residence_area for child in children])
    kin = _kin_words([pk for pk in pks if pk in through])
    return [
        Hit(
            child,
            paths.get(areas.pad(child.residence_area), child.residence_area),
            kin.get(child.pk, "") or merged.get(child.pk, ""),
            flags(child),
        )
        for child in children
    ]


def _kin_words(pks: list[int]) -> dict[int, str]:
    ties: QuerySet[Kinship] = Kinship.objects.filter(child__in=pks, until__isnull=True).select_related(
        "person"
    )
    said: dict[int, list[str]] = {}
    for tie in ties if pks else ():
        said.setdefault(tie.child_id, []).append(f"{wording.RELATIONS[tie.relation]} {tie.person.name}")
    return {pk: "、".join(words) for pk, words in said.items()}


def flags(child: Child) -> tuple[tuple[str, str], ...]:
    """What to notice at once, as (words, tone)."""
    found = []
    if child.guard in {"POOR", "ABSENT"}:
        found.append((f"监护{wording.GUARD[child.guard]}", "danger"))
    if child.id_kind == "NONE":
        found.append(("无户籍", "warn"))
    if child.lives_with in {"alone", "none"}:
        found.append((wording.LIVES_WITH[child.lives_with], "danger"))
    if child.hukou_area != child.residence_area:
        found.append(("户籍与居住地不同", "info"))
    return tuple(found)
