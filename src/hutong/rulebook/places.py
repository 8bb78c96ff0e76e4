"""Whether a place code can be: its form, its province, and its county in the regions the packs are made for."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from hutong.kernel import areas
from hutong.rulebook.nearest import nearest

FILE = Path(__file__).parent / "data" / "places.yaml"


def fault(code: str) -> str:
    """What is wrong with a code and which is meant; '' for one that can be. Names of places lead to their codes."""
    digits = code.strip()
    if not (digits.isascii() and digits.isdigit()):
        return "应为区划代码（数字）" + _meant(digits)
    if len(digits) not in (2, 4, 6, 9, 12):
        return f"应为 6、9 或 12 位区划代码，而不是 {len(digits)} 位" + _meant(digits)
    if digits[:2] not in _told()["provinces"]:
        return "不是已知的省级代码" + _meant(digits)
    full = areas.pad(digits)
    for region in _told()["regions"]:
        county = full[:6]
        known = {*region["counties"], *region["former"]}
        if full.startswith(region["prefix"]) and county not in known and not _wider(full):
            return "不是已知的区县" + _meant(county)
    return ""


def _wider(full: str) -> bool:
    return areas.LEVELS.index(areas.level(full)) < areas.LEVELS.index("county")


def _meant(word: str) -> str:
    """A place is meant by its name, or by a code that begins as the wrong one does."""
    near: Mapping[str, str] = _spellings()
    if word.isdigit():
        best = max(_shared(code, word) for code in _names())
        near = {code: code for code in _names() if _shared(code, word) == best}
    found = nearest(word[:6] if word.isdigit() else word, near)
    return f"，是否为“{found}”（{_names()[found]}）？" if found else "，请核对。"


def _shared(code: str, word: str) -> int:
    """How many digits both begin with."""
    return next((n for n in range(6, 0, -1) if code[:n] == word[:n]), 0)


@cache
def _told() -> Mapping[str, Any]:
    told: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return told


@cache
def _names() -> Mapping[str, str]:
    """County code → name."""
    return {code: name for region in _told()["regions"] for code, name in region["counties"].items()}


@cache
def _spellings() -> Mapping[str, str]:
    """Code or name, with and without its last character (黔江), → code."""
    by_name = {spelling: code for code, name in _names().items() for spelling in (name, name[:-1])}
    return {**{code: code for code in _names()}, **by_name}
