"""What a child may be given, where to ask for it and what to bring: dated by day and area, each line with its source.

``programmes.yaml``: code → ``name``, ``rules`` (those that say who is entitled), ``words`` people ask with, ``lines``.
The amounts themselves stand in the packs; ``Amount.key`` names the parameter. Who reads this for people: ``policy.selectors``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from hutong.rulebook import rules as _rules  # noqa: F401 (declares every rule)
from hutong.rulebook.expr import RuleError
from hutong.rulebook.packs.keys import KEYS
from hutong.rulebook.ruleset import RULES

FILE: Final = Path(__file__).parent / "programmes.yaml"
OFFICES: Final[Mapping[str, str]] = {
    "township": "乡镇人民政府（街道办事处）",
    "county": "县级民政部门",
    "school": "就读学校",
    "disabled": "县级残疾人联合会",
    "insurance": "县级医疗保障部门",
    "employment": "公共就业服务机构",
    "hospital": "就诊的定点医疗机构",
}
PLACES: Final[Mapping[str, str]] = {"hukou": "户籍所在地", "residence": "居住地", "": ""}


class ProgrammeError(RuleError):
    """The file of programmes says something that cannot be; the sentence names programme, line and remedy."""


@dataclass(frozen=True, slots=True)
class Amount:
    """One figure: of the pack (``key``), the same everywhere (``fen``), or neither: not loaded."""

    label: str
    per: str
    key: str = ""
    fen: int | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """Who does what within how many working days: a number, a key of the pack, or None where nobody has told us."""

    by: str
    act: str
    days: int | str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """The programme from a day on, in places whose code begins with ``area``."""

    start: date
    source: str
    short: str
    who: tuple[str, ...]
    gives: str
    papers: tuple[str, ...]
    office: str
    at: str
    area: str = ""
    mark: str = ""
    starts: str = ""
    amounts: tuple[Amount, ...] = ()
    steps: tuple[Step, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def where(self) -> str:
        """The office in words: ``户籍所在地乡镇人民政府（街道办事处）``."""
        return PLACES[self.at] + OFFICES[self.office]


@dataclass(frozen=True, slots=True)
class Programme:
    code: str
    name: str
    rules: tuple[str, ...]
    words: tuple[str, ...]
    lines: tuple[Line, ...]

    def line(self, on: date, area: str) -> Line | None:
        """What holds in a place on a day: the longest area, then the latest day; None where nothing is on record."""
        live = [one for one in self.lines if one.start <= on and area.startswith(one.area)]
        return max(live, key=lambda one: (len(one.area), one.start), default=None)


@cache
def every() -> tuple[Programme, ...]:
    """All programmes in the order of the file."""
    return read(FILE)


def find(code: str) -> Programme | None:
    return next((one for one in every() if one.code == code), None)


def of_rule(rule: str) -> tuple[Programme, ...]:
    """The programmes a rule opens."""
    return tuple(one for one in every() if rule in one.rules)


def read(path: Path) -> tuple[Programme, ...]:
    """Read and check one file (used by ``every``, and to try out a changed one)."""
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    if not isinstance(raw, dict) or not raw:
        raise ProgrammeError(f"{path.name} 不是项目表：最外层应为“项目代码: 内容”。")
    return tuple(_programme(str(code), entry) for code, entry in raw.items())


def _programme(code: str, entry: Any) -> Programme:
    where = f"项目“{code}”"
    _known(where, entry, {"name", "rules", "words", "lines"}, {"name", "words", "lines"})
    for rule in entry.get("rules") or ():
        if rule not in RULES:
            raise ProgrammeError(f"{where}引用的规则“{rule}”不存在，请核对规则名。")
    lines = tuple(_line(f"{where}第 {n} 行", one) for n, one in enumerate(entry["lines"], 1))
    if len({(one.area, one.start) for one in lines}) != len(lines):
        raise ProgrammeError(f"{where}有两行的地方和起始日期相同，请改为不同的起始日期。")
    return Programme(code, str(entry["name"]), _texts(entry.get("rules")), _texts(entry["words"]), lines)


def _line(where: str, entry: Any) -> Line:
    required = {"from", "source", "short", "who", "gives", "papers", "apply"}
    optional = {"area", "mark", "starts", "amounts", "steps", "notes"}
    _known(where, entry, required | optional, required)
    if not isinstance(entry["from"], date):
        raise ProgrammeError(f"{where}的起始日期 from 应写成 2021-01-01。")
    if entry.get("mark", "verify") not in ("verify", "assumption"):
        raise ProgrammeError(f"{where}的 mark 只能是 verify 或 assumption。")
    office, at = str(entry["apply"].get("office")), str(entry["apply"].get("at") or "")
    if office not in OFFICES or at not in PLACES:
        raise ProgrammeError(f"{where}的受理单位“{office}/{at}”不在表中；可用的有：{'、'.join(OFFICES)}。")
    return Line(
        start=entry["from"],
        source=str(entry["source"]),
        short=str(entry["short"]),
        who=_texts(entry["who"]),
        gives=str(entry["gives"]),
        papers=_texts(entry["papers"]),
        office=office,
        at=at,
        area=str(entry.get("area") or ""),
        mark=str(entry.get("mark") or ""),
        starts=str(entry.get("starts") or ""),
        amounts=tuple(_amount(where, one) for one in entry.get("amounts") or ()),
        steps=tuple(_step(where, one) for one in entry.get("steps") or ()),
        notes=_texts(entry.get("notes")),
    )


def _amount(where: str, entry: Any) -> Amount:
    _known(f"{where}的金额", entry, {"label", "per", "key", "fen"}, {"label", "per"})
    key = str(entry.get("key") or "")
    if key and key not in KEYS:
        raise ProgrammeError(f"{where}的金额引用的参数“{key}”不在参数表中，请核对拼写。")
    return Amount(str(entry["label"]), str(entry["per"]), key, entry.get("fen"))


def _step(where: str, entry: Any) -> Step:
    _known(f"{where}的办理环节", entry, {"by", "act", "days"}, {"by", "act"})
    days = entry.get("days")
    if isinstance(days, str) and days not in KEYS:
        raise ProgrammeError(f"{where}的办理期限引用的参数“{days}”不在参数表中，请核对拼写。")
    return Step(str(entry["by"]), str(entry["act"]), days)


def _known(where: str, entry: Any, allowed: set[str], required: set[str]) -> None:
    if not isinstance(entry, dict):
        raise ProgrammeError(f"{where}应写成键值，请核对缩进。")
    if unknown := set(map(str, entry)) - allowed:
        raise ProgrammeError(f"{where}有不认识的键：{'、'.join(sorted(unknown))}。")
    if missing := sorted(key for key in required if not entry.get(key)):
        raise ProgrammeError(f"{where}缺少：{'、'.join(missing)}；没有依据和条件的项目不得列出。")


def _texts(entries: Iterable[Any] | None) -> tuple[str, ...]:
    return tuple(str(one) for one in entries or ())
