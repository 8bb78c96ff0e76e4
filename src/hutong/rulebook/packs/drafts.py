"""A draft over a pack: changed parameter lines, rules adopted or dropped, rules worded anew; read with care, laid over it.

A draft never edits the pack. ``overlaid`` gives a pack of its own, whose version tells it from every other; its lines go
before the pack's of the same day and place. What a draft may name is what the rules of the pack read: a parameter that
decides nothing is refused, since a simulation of it would show nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from difflib import get_close_matches
from typing import Any, Final

from hutong.kernel import areas
from hutong.rulebook.packs import Line, Pack, PackError
from hutong.rulebook.packs.keys import KEYS

MONEY: Final = frozenset(key for key, told in KEYS.items() if "单位分" in told.expects)
"""Parameters in fen: the only ones a part of the pack's area may have a value of its own for."""
SOURCE: Final = "草案"
_COLUMNS: Final = {"key", "value", "from", "area", "source"}


class DraftError(PackError):
    """A draft cannot be read; the sentence names the line and how to mend it."""


@dataclass(frozen=True)
class Draft:
    """What one scenario changes. ``lines`` are (parameter, dated value) in the order written."""

    lines: tuple[tuple[str, Line], ...] = ()
    adopts: frozenset[str] = frozenset()
    drops: frozenset[str] = frozenset()
    wordings: Mapping[str, Any] = field(default_factory=dict)
    """Rule → its draft wording (``rulebook.wording``)."""

    @property
    def empty(self) -> bool:
        return not (self.lines or self.adopts or self.drops or self.wordings)

    @property
    def said(self) -> list[Any]:
        """The draft as JSON holds it, for a digest."""
        lines = [[key, str(v.start), v.area, v.value, v.source] for key, v in self.lines]
        return [lines, sorted(self.adopts), sorted(self.drops), dict(self.wordings)]


def overlaid(pack: Pack, drafts: Iterable[Draft], *, label: str = "") -> Pack:
    """The pack with the drafts laid over it, the last one uppermost; the pack itself where there are none."""
    found = list(drafts)
    if not found:
        return pack
    lines, adopts, wordings = dict(pack.lines), pack.adopts, dict(pack.wordings)
    digest = hashlib.sha256(pack.version.encode())
    for draft in found:
        for key, line in draft.lines:
            lines[key] = (line, *lines.get(key, ()))
        adopts = (adopts | draft.adopts) - draft.drops
        wordings |= draft.wordings
        digest.update(json.dumps(draft.said, ensure_ascii=False, sort_keys=True, default=str).encode())
    return replace(
        pack,
        label=label or pack.label,
        lines=lines,
        adopts=adopts,
        wordings=wordings,
        version=digest.hexdigest()[:16],
    )


def read_line(pack: Pack, said: Any, deciding: Iterable[str], where: str = "变更") -> tuple[str, Line]:
    """One changed value; DraftError in Chinese. ``deciding``: the parameters the rules of the pack read."""
    if not isinstance(said, dict):
        raise DraftError(f"{where}应写成 {{key, value, from}}，可另加 area、source。")
    unknown = sorted(map(str, set(said) - _COLUMNS))
    if unknown:
        raise DraftError(
            f"{where}有不认识的栏目：{'、'.join(unknown)}；可用的有 key、value、from、area、source。"
        )
    key = str(said.get("key") or "")
    check_key(pack, key, deciding, where)
    label, value, start, area = (
        KEYS[key].label,
        said.get("value"),
        said.get("from"),
        str(said.get("area") or ""),
    )
    if not isinstance(start, date):
        raise DraftError(
            f"{where}“{label}”的起始日期 from 应写成 2027-01-01 这样的日期，现为“{start if start is not None else '空'}”。"
        )
    if value is None or not KEYS[key].accepts(value):
        raise DraftError(f"{where}“{label}”的数值“{value}”不对，应为：{KEYS[key].expects}。")
    first = min(line.start for line in pack.lines[key])
    if start < first:
        raise DraftError(
            f"{where}“{label}”自 {first} 起才有规定，起始日期 {start} 不能更早；请改为 {first} 或以后。"
        )
    if area and key not in MONEY:
        raise DraftError(
            f"{where}“{label}”不能按地方另定：只有金额标准可以，这一参数全辖区一致；请去掉 area。"
        )
    return key, Line(start, value, str(said.get("source") or SOURCE).strip() or SOURCE, _prefix(area))


def _prefix(area: str) -> str:
    try:
        return areas.prefix(areas.pad(area)) if area else ""
    except areas.AreaCodeError as error:
        raise DraftError(str(error)) from error


def check_key(pack: Pack, key: str, deciding: Iterable[str], where: str = "变更") -> None:
    names = [one for one in KEYS if one in pack.lines]
    if key not in names:
        raise DraftError(f"{where}的参数“{key or '空'}”不在政策包 {pack.name} 中{_nearest(key, names)}。")
    if key not in set(deciding):
        raise DraftError(
            f"{where}的参数“{KEYS[key].label}”不参与类别、待遇和金额的判定，改动它测算不出变化；请直接修订政策包。"
        )


def check_rule(name: str, known: Iterable[str], word: str) -> str:
    names = list(known)
    if name not in names:
        raise DraftError(f"{word}的规则“{name}”不存在{_nearest(name, names)}。")
    return name


def _nearest(word: str, names: list[str]) -> str:
    near = get_close_matches(word, names, 1, 0.5)
    return f"，是否指“{near[0]}”" if near else "，请核对名称"
