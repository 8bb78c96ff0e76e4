"""Policy packs: dated parameters with their sources, one folder a jurisdiction and year.

A pack is ``<name>/pack.yaml``: ``label``, ``from`` (the first day it rules), ``inherits`` (another pack), ``adopts`` (rules added to those inherited),
``drops`` (inherited rules not in force there) and ``params``: key → list of dated lines ``{from, value, source}`` with
optional ``area`` (prefix of an area code) and ``mark`` (``assumption``, ``verify`` or ``not_loaded``). Money is in fen.
Which keys exist, and of what type, is told by ``keys.KEYS``, what a file may look like by ``schema``. The law changes by adding a line, never by editing one.
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

from hutong.rulebook import yaml_files
from hutong.rulebook.expr import RuleError
from hutong.rulebook.nearest import hint
from hutong.rulebook.packs import schema

HERE = Path(__file__).parent


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
    start: date | None = None
    """The first day it rules."""

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
        raise PackError(f"没有名为“{name}”的政策包{hint(name, names())}")
    return read(HERE / name / "pack.yaml")


def read(path: Path) -> Pack:
    """Read one pack file (used by ``load``, and to try out a pack that is not installed)."""
    return _read(path, ())


def _read(path: Path, heirs: tuple[Path, ...]) -> Pack:
    """PackError with the first fault of its shape; ``validating.faults`` tells all, and what the values mean."""
    try:
        raw = yaml_files.load(yaml_files.read_text(path), place(path))
    except yaml_files.FileError as error:
        raise PackError(str(error)) from error
    for fault in schema.faults(raw, place(path)):
        raise PackError(fault)
    parent = parent_of(path, raw["inherits"], heirs) if raw.get("inherits") else None
    lines = dict(parent.lines) if parent else {}
    for key, entries in (raw.get("params") or {}).items():
        lines[key] = (*lines.get(key, ()), *map(line, entries))
    adopts = (parent.adopts if parent else frozenset()) | frozenset(raw.get("adopts") or ())
    adopts -= frozenset(raw.get("drops") or ())
    name = path.parent.name
    label = str(raw.get("label") or name)
    return Pack(name, label, adopts, lines, _digest(name, adopts, lines), start=raw.get("from"))


def parent_of(path: Path, name: str, heirs: tuple[Path, ...] = ()) -> Pack:
    """The pack another one inherits: of the same folder if it stands there, else the installed one."""
    beside = path.parent.parent / name / "pack.yaml"
    chain = (*heirs, path.resolve())
    if beside.resolve() in chain:
        raise PackError(f"{place(path)} 的继承成环：{name} 又继承自它，请改正 inherits。")
    if beside.exists() and beside.resolve() != (HERE / name / "pack.yaml").resolve():
        return _read(beside, chain)
    return load(name)


def place(path: Path) -> str:
    """How sentences call a pack file."""
    return f"{path.parent.name}/{path.name}"


def line(entry: Mapping[str, Any]) -> Line:
    """One dated line of a file whose shape has been checked."""
    area, mark = str(entry.get("area") or ""), str(entry.get("mark") or "")
    return Line(entry["from"], entry["value"], str(entry["source"]), area, mark)


def _digest(name: str, adopts: frozenset[str], lines: Mapping[str, tuple[Line, ...]]) -> str:
    said = {k: [[str(v.start), v.area, v.value, v.source] for v in lines[k]] for k in sorted(lines)}
    digest = hashlib.sha256(json.dumps([name, sorted(adopts), said], ensure_ascii=False).encode())
    for module in sorted(HERE.parent.glob("rules/*.py")):
        digest.update(module.read_bytes())
    return digest.hexdigest()[:16]
