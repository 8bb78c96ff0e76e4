"""The register of instruments: every document a rule, a pack line or a programme stands on, with its clauses in our own words.

``*.yaml``: key → ``title``, ``issuer``, ``level``, and where known ``number``, ``aliases`` (as citations write it), ``area``,
``issued``, ``from``, ``to`` (a day, or the year where only the year is on record), ``mark``, ``words``, relations (``implements``,
``replaces``, ``amends``, ``cites``: keys), ``clauses`` (``number`` or ``heading``, ``text``, ``words``, ``rules``, ``params``,
``programmes``). ``resolve`` finds what a citation names; the library loads the same register (ADR 0036).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from hutong.kernel import areas
from hutong.kernel.numerals import chinese_number
from hutong.rulebook.expr import RuleError

HERE: Final = Path(__file__).parent
LEVELS: Final[Mapping[str, str]] = {"national": "国家", "province": "省级", "city": "市级", "county": "县级"}
RELATIONS: Final[Mapping[str, str]] = {
    "implements": "贯彻", "replaces": "替代", "amends": "修订", "cites": "引用",
}  # fmt: skip
_DOCUMENT: Final = {
    "title", "issuer", "level", "number", "aliases", "area", "issued", "from", "to", "mark", "words", "clauses", *RELATIONS,
}  # fmt: skip
_CLAUSE: Final = {"number", "heading", "text", "words", "rules", "params", "programmes"}


class InstrumentError(RuleError):
    """The register says something that cannot be; the sentence names document, clause and remedy."""


@dataclass(frozen=True, slots=True)
class Clause:
    """One article in our own words. ``number`` is empty where the original's is not on record; then ``heading`` names it."""

    number: str
    heading: str
    text: str
    words: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    params: tuple[str, ...] = ()
    programmes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Day:
    """A date as far as it is known: of a year alone, ``on`` is its first day and ``exact`` is False."""

    on: date
    exact: bool


@dataclass(frozen=True, slots=True)
class Instrument:
    key: str
    title: str
    issuer: str
    level: str
    number: str
    aliases: tuple[str, ...]
    area: str
    issued: Day | None
    start: Day | None
    end: date | None
    mark: str
    words: tuple[str, ...]
    relations: tuple[tuple[str, str], ...]
    """(kind, key of the other)."""
    clauses: tuple[Clause, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Everything a citation may call it."""
        return tuple(filter(None, (self.number, *self.aliases)))

    def clause(self, number: str) -> Clause | None:
        wanted = _plain(number)
        return next((one for one in self.clauses if one.number and _plain(one.number) == wanted), None)


@cache
def every() -> Mapping[str, Instrument]:
    """Key → instrument, in the order of the files."""
    found: dict[str, Instrument] = {}
    for path in sorted(HERE.glob("*.yaml")):
        for one in read(path):
            if one.key in found:
                raise InstrumentError(f"文件登记表中“{one.key}”出现两次，请改名或合并。")
            found[one.key] = one
    for one in found.values():
        for _, other in one.relations:
            if other not in found:
                raise InstrumentError(f"文件“{one.key}”的关联文件“{other}”不在登记表中，请先登记。")
    return found


def read(path: Path) -> tuple[Instrument, ...]:
    """One file of the register (used by ``every``, and to try out a changed one)."""
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    if not isinstance(raw, dict):
        raise InstrumentError(f"{path.name} 不是文件登记表：最外层应为“代码: 内容”。")
    return tuple(_instrument(str(key), entry) for key, entry in raw.items())


def _instrument(key: str, entry: Any) -> Instrument:
    where = f"文件“{key}”"
    _known(where, entry, _DOCUMENT, {"title", "issuer", "level"})
    if entry["level"] not in LEVELS:
        raise InstrumentError(f"{where}的级别“{entry['level']}”不对，应为 {'、'.join(LEVELS)}。")
    if entry.get("mark", "verify") != "verify":
        raise InstrumentError(f"{where}的 mark 只能是 verify（待核对原文）。")
    end = _day(where, entry.get("to"))
    return Instrument(
        key=key,
        title=str(entry["title"]),
        issuer=str(entry["issuer"]),
        level=str(entry["level"]),
        number=str(entry.get("number") or ""),
        aliases=_texts(entry.get("aliases")),
        area=str(entry.get("area") or ""),
        issued=_day(where, entry.get("issued")),
        start=_day(where, entry.get("from")),
        end=end.on if end else None,
        mark=str(entry.get("mark") or ""),
        words=_texts(entry.get("words")),
        relations=tuple((kind, str(other)) for kind in RELATIONS for other in entry.get(kind) or ()),
        clauses=tuple(_clauses(where, entry.get("clauses") or ())),
    )


def _clauses(where: str, entries: Any) -> Iterator[Clause]:
    seen: set[str] = set()
    for place, entry in enumerate(entries, 1):
        _known(f"{where}第 {place} 条", entry, _CLAUSE, {"text"})
        number, heading = str(entry.get("number") or ""), str(entry.get("heading") or "")
        if not (number or heading) or (number or heading) in seen:
            raise InstrumentError(f"{where}第 {place} 条没有条号和标题，或与前面重复，请补上或改正。")
        seen.add(number or heading)
        yield Clause(
            number, heading, str(entry["text"]), _texts(entry.get("words")), _texts(entry.get("rules")),
            _texts(entry.get("params")), _texts(entry.get("programmes")),
        )  # fmt: skip


def _day(where: str, said: Any) -> Day | None:
    if said is None:
        return None
    if isinstance(said, date):
        return Day(said, exact=True)
    if isinstance(said, int) and 1900 <= said <= 2100:
        return Day(date(said, 1, 1), exact=False)
    raise InstrumentError(f"{where}的日期“{said}”看不懂：写成 2021-01-01，只知道年份的写成 2021。")


def _known(where: str, entry: Any, allowed: set[str], required: set[str]) -> None:
    if not isinstance(entry, dict):
        raise InstrumentError(f"{where}应写成键值，请核对缩进。")
    if unknown := set(map(str, entry)) - allowed:
        raise InstrumentError(f"{where}有不认识的键：{'、'.join(sorted(unknown))}。")
    if missing := sorted(key for key in required if not entry.get(key)):
        raise InstrumentError(f"{where}缺少：{'、'.join(missing)}。")


def _texts(entries: Any) -> tuple[str, ...]:
    return tuple(str(one) for one in entries or ())


def _plain(number: str) -> str:
    """第二十一条, 第21条 and a lone 二十一 are the same; 四（三）8 stays."""
    bare = number.removeprefix("第").removesuffix("条")
    read = chinese_number(bare)
    return str(read) if read is not None else bare


def padded(area: str) -> str:
    """The 12-digit code of a prefix; the country for none."""
    return areas.pad(area) if area else areas.COUNTRY
