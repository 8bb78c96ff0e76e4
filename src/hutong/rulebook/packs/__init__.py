"""Policy packs: dated parameters with their sources, one folder a jurisdiction and year.

A pack is ``<name>/pack.yaml``: ``label``, ``inherits`` (another pack), ``adopts`` (rules added to those inherited),
``drops`` (inherited rules not in force there) and ``params``: key → list of dated lines ``{from, value, source}`` with
optional ``area`` (prefix of an area code) and ``mark`` (``assumption``, ``verify`` or ``not_loaded``). Money is in fen.
Which keys exist, and of what type, is told by ``KEYS`` below. The law changes by adding a line, never by editing one.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from hutong.rulebook.expr import RuleError
from hutong.rulebook.packs.keys import KEYS

HERE = Path(__file__).parent
MARKS = ("assumption", "verify", "not_loaded")


class PackError(RuleError):
    """A policy pack cannot be read; the sentence names file, key and remedy."""


@dataclass(frozen=True)
class Line:
    """One dated value. ``value`` None means the figure exists in law but has not been loaded."""

    start: date
    value: Any
    source: str
    area: str = ""
    mark: str = ""


@dataclass(frozen=True)
class Pack:
    name: str
    label: str
    adopts: frozenset[str]
    lines: Mapping[str, tuple[Line, ...]]
    version: str = field(default="")
    """Digest of everything the pack says, inherited lines and the rules' own text included."""
    wordings: Mapping[str, Any] = field(default_factory=dict)
    """Rule → a draft wording that stands for it (``packs.drafts``); none in an installed pack."""

    def line(self, key: str, on: date, area: str | None = None) -> Line:
        """The line in force: of the longest matching area, then the latest ``from``; PackError if there is none."""
        if key not in self.lines:
            raise PackError(f"政策包 {self.name} 没有参数“{key}”，请在 pack.yaml 的 params 中补上。")
        live = [v for v in self.lines[key] if v.start <= on and (area or "").startswith(v.area)]
        if not live:
            first = min(v.start for v in self.lines[key])
            raise PackError(
                f"政策包 {self.name} 的参数“{key}”自 {first} 起才有数值，{on} 尚未施行；请换用当时的政策包。"
            )
        return max(live, key=lambda v: (len(v.area), v.start))

    def param(self, key: str, on: date, area: str | None = None) -> Any:
        """The value in force on a day (money in fen, None if not loaded), for an area code if given."""
        return self.line(key, on, area).value

    def areas(self, key: str, on: date) -> tuple[str, ...]:
        """Area prefixes that have a line of their own."""
        return tuple(sorted({v.area for v in self.lines.get(key, ()) if v.area and v.start <= on}))


def names() -> list[str]:
    """The packs that can be used (``base`` is only inherited)."""
    return sorted(p.parent.name for p in HERE.glob("*/pack.yaml") if p.parent.name != "base")


@cache
def load(name: str) -> Pack:
    """Read a pack and what it inherits; PackError names what is wrong."""
    if name != "base" and name not in names():
        raise PackError(f"没有名为“{name}”的政策包；可用的有：{'、'.join(names())}。")
    return read(HERE / name / "pack.yaml")


def read(path: Path) -> Pack:
    """Read one pack file (used by ``load``, and to try out a pack that is not installed)."""
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    if not isinstance(raw, dict):
        raise PackError(f"{_place(path)} 不是一个政策包：最外层应为键值。")
    unknown = set(raw) - {"label", "inherits", "adopts", "drops", "params"}
    if unknown:
        raise PackError(f"{_place(path)} 有不认识的栏目：{'、'.join(sorted(unknown))}。")
    parent = load(raw["inherits"]) if raw.get("inherits") else None
    lines = dict(parent.lines) if parent else {}
    for key, entries in (raw.get("params") or {}).items():
        lines[key] = (*lines.get(key, ()), *_lines(path, key, entries))
    adopts = (parent.adopts if parent else frozenset()) | frozenset(raw.get("adopts") or ())
    adopts -= frozenset(raw.get("drops") or ())
    name = path.parent.name
    label = str(raw.get("label") or name)
    return Pack(name, label, adopts, lines, _digest(name, adopts, lines))


def _place(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


def _lines(path: Path, key: str, entries: Any) -> tuple[Line, ...]:
    where = f"{_place(path)} 参数“{key}”"
    if key not in KEYS:
        raise PackError(f"{where}不在参数表中；请核对拼写，或先在 packs/keys.py 登记。")
    if not isinstance(entries, list) or not entries:
        raise PackError(f"{where}应为一组带 from、value、source 的行。")
    return tuple(_line(f"{where}第 {n} 行", key, entry) for n, entry in enumerate(entries, 1))


def _line(where: str, key: str, entry: Any) -> Line:
    if not isinstance(entry, dict):
        raise PackError(f"{where}应写成 {{from, value, source}}。")
    unknown = set(entry) - {"from", "value", "source", "area", "mark"}
    if unknown:
        raise PackError(f"{where}有不认识的键：{'、'.join(sorted(map(str, unknown)))}。")
    if not isinstance(entry.get("from"), date):
        raise PackError(f"{where}缺少施行日期 from（写成 2021-01-01）。")
    if not str(entry.get("source") or "").strip():
        raise PackError(f"{where}缺少依据 source；没有依据的数值不得施行。")
    if "value" not in entry:
        raise PackError(f"{where}缺少 value。")
    mark = str(entry.get("mark") or "")
    if mark and mark not in MARKS:
        raise PackError(f"{where}的 mark 只能是 {'、'.join(MARKS)}。")
    value = entry["value"]
    if value is None and mark != "not_loaded":
        raise PackError(f"{where}没有数值；确实尚未录入的，请注明 mark: not_loaded。")
    if value is not None and not KEYS[key].accepts(value):
        raise PackError(f"{where}的数值 {value!r} 类型不对，应为：{KEYS[key].expects}。")
    return Line(entry["from"], value, str(entry["source"]), str(entry.get("area") or ""), mark)


def _digest(name: str, adopts: frozenset[str], lines: Mapping[str, tuple[Line, ...]]) -> str:
    said = {k: [[str(v.start), v.area, v.value, v.source] for v in lines[k]] for k in sorted(lines)}
    digest = hashlib.sha256(json.dumps([name, sorted(adopts), said], ensure_ascii=False).encode())
    for module in sorted(HERE.parent.glob("rules/*.py")):
        digest.update(module.read_bytes())
    return digest.hexdigest()[:16]
