"""Cases from outside decided by a pack: facts in, outcomes out. Nothing is stored, and no value that was sent is repeated."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from hutong.rulebook import cases, packs
from hutong.rulebook.case_facts import YEARS, CaseError
from hutong.rulebook.expr import RuleError
from hutong.rulebook.nearest import hint


class CannotServe(RuleError):
    """Pack or day cannot be used for any case; ``field`` says which of the two."""

    def __init__(self, field: str, told: str) -> None:
        self.field = field
        super().__init__(told)


@dataclass(frozen=True, slots=True)
class Unread:
    """A case that could not be read: its place (from 1), its id, everything that is wrong with it."""

    place: int
    id: str
    told: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Evaluated:
    pack: str
    label: str
    version: str
    results: tuple[dict[str, Any], ...]
    """In the form of the data contract, with ``explain`` (trees) where asked for."""
    unread: tuple[Unread, ...]
    not_loaded: tuple[str, ...]
    """Benefits somebody is entitled to whose standard the pack has not loaded."""


def evaluate_cases(pack: str, as_of: str, said: Sequence[Any], *, explain: bool = False) -> Evaluated:
    """Every case by one pack on one day; CannotServe where that pack cannot, a bad case is told and spoils no other."""
    book = _book(pack, as_of)
    results, unread, seen = [], [], set[str]()
    for place, one in enumerate(said, 1):
        name = str(one.get("id") or "")[:60] if isinstance(one, Mapping) else ""
        try:
            if not _readable(one):
                name = ""
                raise CaseError("", [cases.Fault("案例", "含有无效的字符，请核对编码（UTF-8）")])
            if name and name in seen:
                raise CaseError(name, [cases.Fault("id", "与前面的案例重复，请改用不同的编号")])
            results.append(_result(pack, as_of, one, explain=explain) | {"id": name})
        except CaseError as error:
            unread.append(Unread(place, name, tuple(fault.sentence(quoting=False) for fault in error.faults)))
        seen.add(name)
    missing = sorted({name for one in results for name in cases.not_loaded(one)})
    return Evaluated(pack, book.pack.label, book.version, tuple(results), tuple(unread), tuple(missing))


def _readable(one: Any) -> bool:
    """JSON can carry half a character (a lone surrogate), which no answer could repeat."""
    try:
        json.dumps(one, ensure_ascii=False).encode()
    except (UnicodeEncodeError, RecursionError):
        return False
    return True


def _book(pack: str, as_of: str) -> Any:
    if pack not in packs.names():
        raise CannotServe("pack", "没有这个政策包" + hint(pack, packs.names()))
    try:
        day = date.fromisoformat(as_of)
    except ValueError:
        raise CannotServe("asof", "没有这一天，请核对年月日") from None
    if day.year > YEARS[1]:
        raise CannotServe("asof", f"年份应在 {YEARS[1]} 以内")
    start = packs.load(pack).start
    if start is not None and day < start:
        raise CannotServe("asof", f"这个政策包自 {start} 起施行，请换用当时的政策包")
    return cases.book(pack, day)


def _result(pack: str, as_of: str, one: Any, *, explain: bool) -> dict[str, Any]:
    if isinstance(one, Mapping):
        twice = [word for word in ("pack", "asof") if word in one]
        if twice:
            raise CaseError("", [cases.Fault("案例", f"中不写 {word}：整批案例用同一个") for word in twice])
        one = {**one, "pack": pack, "asof": as_of}
    found = cases.evaluate_case(one)
    return found | ({"explain": cases.explained(one)[1]} if explain else {})
