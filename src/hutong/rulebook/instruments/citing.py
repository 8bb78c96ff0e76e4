"""What a citation names: ``民发〔2019〕62号第一条；民发〔2020〕125号`` → two instruments, the first with its clause."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from hutong.rulebook.instruments import Clause, Instrument, every

CONVENTIONS: Final = (
    "工作约定", "惯例", "待录入", "国家文件未", "由地方", "地方延长规定", "地方规定", "未列", "部门清单", "由地方公布", "优先于",
)  # fmt: skip
"""Words by which a source says that no document settles the value: a convention of the platform, or a figure still to come."""
_CLAUSE = re.compile(
    r"[第、]*(?:"
    r"第?[0-9〇零一二三四五六七八九十百千]+条(?:之[一二三四五六七八九])?"
    r"|[一二三四五六七八九十]+章(?:[一二三四五六七八九十]+节)?"
    r"|专栏[0-9]+"
    r"|[一二三四五六七八九十]+（[一二三四五六七八九十]+）(?:[0-9]+)?(?:（[一二三四五六七八九十]+）)?"
    r")"
)
_NOTE = re.compile(r"（[^（）]*）$")


@dataclass(frozen=True, slots=True)
class Reference:
    """One thing a citation names. ``clause``: as written there; ``found``: that clause in the register, if it stands there."""

    instrument: Instrument
    clause: str
    found: Clause | None


@dataclass(frozen=True, slots=True)
class Resolved:
    """``references`` it names, ``conventions`` it openly says are ours, ``unknown`` parts that name nothing on record."""

    references: tuple[Reference, ...]
    conventions: tuple[str, ...]
    unknown: tuple[str, ...]

    @property
    def stands(self) -> bool:
        """Whether somebody who reads it learns where the value comes from."""
        return bool(self.references or self.conventions)

    @property
    def missing(self) -> tuple[str, ...]:
        """Clauses named that the register does not have."""
        return tuple(f"{r.instrument.key} {r.clause}" for r in self.references if r.clause and not r.found)


@cache
def resolve(citation: str) -> Resolved:
    """Every document and clause a citation or source names, in its order."""
    references: list[Reference] = []
    conventions: list[str] = []
    unknown: list[str] = []
    for part in filter(None, (one.strip() for one in re.split("[；;]", citation))):
        named = _named(part)
        if named:
            references += named
        elif any(word in part for word in CONVENTIONS):
            conventions.append(part)
        else:
            unknown.append(part)
    return Resolved(tuple(references), tuple(conventions), tuple(unknown))


def _named(part: str) -> list[Reference]:
    """The instrument a part begins with, else the one it mentions; then the clauses after its name."""
    at, name, instrument = min(
        ((part.find(name), -len(name), one) for name, one in _names() if name in part),
        key=lambda hit: hit[:2],
        default=(-1, 0, None),
    )
    if instrument is None:
        return []
    rest = part[at - name :]
    clauses = []
    while match := _CLAUSE.match(rest.lstrip("、")):
        rest = rest.lstrip("、")[match.end() :]
        clauses.append(match[0].lstrip("、"))
    return [Reference(instrument, one, _clause(instrument, one)) for one in clauses or [""]]


def _clause(instrument: Instrument, number: str) -> Clause | None:
    """The clause, or the wider one it stands in: 二（二）1（三） is read in 二（二）1."""
    while number:
        if found := instrument.clause(number):
            return found
        number = _NOTE.sub("", number) if _NOTE.search(number) else ""
    return None


@cache
def _names() -> tuple[tuple[str, Instrument], ...]:
    return tuple((name, one) for one in every().values() for name in one.names)
