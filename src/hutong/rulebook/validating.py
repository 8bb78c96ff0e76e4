"""Whether a policy pack can be used: its shape, its rules, its days without gap or overlap, its sources, its books.

Every fault is told, not only the first. Figures that are not in evidence are no fault: they are named as not loaded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from hutong.kernel import clock
from hutong.rulebook import packs, places, yaml_files
from hutong.rulebook.book import Book
from hutong.rulebook.expr import RuleError
from hutong.rulebook.facts import VALUE_LABELS
from hutong.rulebook.instruments import every
from hutong.rulebook.instruments.citing import resolve
from hutong.rulebook.nearest import hint, nearest
from hutong.rulebook.packs import Line, Pack, PackError, schema
from hutong.rulebook.packs.keys import KEYS
from hutong.rulebook.ruleset import OPTIONAL_KINDS, RULES

MONEY: Final = frozenset(key for key, told in KEYS.items() if "单位分" in told.expects)
"""Parameters an area may have a value of its own for; rules read any other for the whole of the pack."""
_PAID: Final = {
    "orphan_institution": "orphan", "orphan_scattered": "orphan", "defacto_standard": "defacto",
    "ref_orphan_standard": "ref_orphan",
}  # fmt: skip
_NUMBER: Final = re.compile(r"[\u4e00-\u9fff]+〔\d{4}〕\d+号")


@dataclass(frozen=True, slots=True)
class Report:
    name: str
    faults: tuple[str, ...]
    not_loaded: tuple[str, ...]
    """Amounts the pack pays of which no figure is loaded."""


def reports(what: str | None) -> list[Report]:
    """One report a pack: of an installed one, a file, a directory of one or of several; of all installed for None."""
    return [_report(path) for path in _paths(what)]


def pack_named(what: str) -> Pack:
    """An installed pack or a file; PackError in Chinese."""
    return packs.read(_paths(what)[0])


def faults(path: Path) -> list[str]:
    """Everything wrong with one pack file."""
    try:
        raw = yaml_files.load(yaml_files.read_text(path), packs.place(path))
    except yaml_files.FileError as error:
        return [str(error)]
    found = list(schema.faults(raw, packs.place(path)))
    if not isinstance(raw, dict):
        return found
    found += _named(raw, path)
    if found:
        return found
    pack = packs.read(path)
    own = {
        str(key): [packs.line(entry) for entry in entries]
        for key, entries in (raw.get("params") or {}).items()
    }
    found += [*_dates(pack, own, packs.place(path)), *_areas(pack, own), *_sources(own)]
    return found or list(_books(pack))


def _paths(what: str | None) -> list[Path]:
    if what is None:
        return [packs.HERE / name / "pack.yaml" for name in ("base", *packs.names())]
    path = Path(what)
    if what == "base" or what in packs.names():
        return [packs.HERE / what / "pack.yaml"]
    if path.is_file():
        return [path]
    if path.is_dir():
        found = [path / "pack.yaml"] if (path / "pack.yaml").exists() else sorted(path.glob("*/pack.yaml"))
        if not found:
            raise PackError(f"目录 {what} 中没有政策包（pack.yaml），请核对路径。")
        return found
    raise PackError(f"没有名为“{what}”的政策包，也没有这个文件或目录{hint(what, ['base', *packs.names()])}")


def _report(path: Path) -> Report:
    found = faults(path)
    return Report(path.parent.name, tuple(found), () if found else tuple(_not_loaded(packs.read(path))))


def _not_loaded(pack: Pack) -> Iterator[str]:
    on = max(clock.today(), pack.start or date.min)
    for key, category in _PAID.items():
        paid = category in pack.adopts and (category != "ref_orphan" or pack.param("ref_orphan", on))
        if paid and pack.param(key, on) is None:
            yield KEYS[key].label


def _named(raw: Mapping[str, Any], path: Path) -> Iterator[str]:
    """What it inherits and which rules it names."""
    where = packs.place(path)
    inherited: frozenset[str] = frozenset()
    if raw.get("inherits"):
        try:
            inherited = packs.parent_of(path, str(raw["inherits"])).adopts
        except RuleError as error:
            yield f"{where} 的 inherits：{error}"
            return
    optional = {name: rule.label for name, rule in RULES.items() if rule.kind in OPTIONAL_KINDS}
    spellings = {**{label: name for name, label in optional.items()}, **{name: name for name in optional}}
    for word in ("adopts", "drops"):
        names = raw.get(word) or ()
        for name in (one for one in names if isinstance(one, str)) if isinstance(names, list) else ():
            if name not in optional:
                what = "始终有效，不必列出" if name in RULES else f"不存在{hint(name, spellings)}"
                yield f"{where} 的 {word} 中规则“{name}”{what}"
            elif word == "drops" and name not in inherited:
                yield f"{where} 的 drops 中规则“{name}”并未从上级继承，无可停用，请删去。"


def _dates(pack: Pack, own: Mapping[str, list[Line]], where: str) -> Iterator[str]:
    """A line holds until the next of its key and area: no day may have two, none from the pack's beginning may have none."""
    if pack.start is None:
        yield f"{where} 缺少 from：请写明政策包自哪天起施行（如 from: 2021-01-01）。"
    for key, lines in own.items():
        last: dict[str, date] = {}
        older = list(pack.lines[key])[: -len(lines)]
        for number, one in enumerate(lines, 1):
            said = f"{where} 参数“{key}”第 {number} 行"
            if any((one.start, one.area) == (other.start, other.area) for other in older):
                yield f"{said}与继承的一行同日（{one.start}）同地区，不会生效：请改日期，或删去。"
            if one.area in last and one.start == last[one.area]:
                yield f"{said}与上一行同日（{one.start}）重叠：同一参数、同一地区一天只能有一个数值。"
            if one.area in last and one.start < last[one.area]:
                yield f"{said}（{one.start}）早于上一行（{last[one.area]}）：各行应按施行日期先后排列。"
            last[one.area] = one.start
    for key, group in pack.lines.items():
        first = min((one.start for one in group if not one.area), default=None)
        if pack.start is not None and (first is None or first > pack.start):
            gap = f"{pack.start} 至 {first} 之间" if first else "本包范围内（只有个别地区的行）"
            yield f"{where} 参数“{key}”在{gap}没有数值：请补上自政策包施行之日起的一行。"


def _areas(pack: Pack, own: Mapping[str, list[Line]]) -> Iterator[str]:
    for key, lines in own.items():
        for one in (line for line in lines if line.area):
            said = f"参数“{key}”的地区“{one.area}”"
            prefix = pack.param("hukou_prefix", max(one.start, pack.start or one.start))
            if wrong := places.fault(one.area):
                yield f"{said}{wrong}"
            elif not one.area.startswith(prefix):
                yield f"{said}不在本政策包的范围（{prefix} 开头）之内，请核对。"
            elif key not in MONEY:
                yield f"{said}不会生效：只有金额可以按地区另定。请为该地区另立政策包。"


def _sources(own: Mapping[str, list[Line]]) -> Iterator[str]:
    """A source names a registered document or says openly that none settles the value."""
    numbers = [one.number for one in every().values() if one.number]
    for key, lines in own.items():
        for one in lines:
            found = resolve(one.source)
            unknown = [number for part in found.unknown for number in _NUMBER.findall(part)]
            said = f"参数“{key}”自 {one.start} 的依据"
            for number in unknown:
                near = nearest(number, numbers)
                yield f"{said}“{number}”不在文件登记表中" + (
                    f"，是否为“{near}”？" if near else "，请先登记（rulebook/instruments）。"
                )
            if not unknown and not found.stands and one.mark != "assumption":
                yield f"{said}“{one.source}”找不到对应的文件：请写明文号，或注明 mark: assumption 并写“工作约定”。"
            for missing in found.missing:
                yield f"{said}提到的条款“{missing}”不在文件登记表中，请核对条款或先登记。"


def _books(pack: Pack) -> Iterator[str]:
    """The rules can be built on the first day and on every day a value changes; every guardianship status has its interval."""
    begin = pack.start or date.min
    for day in sorted(
        {begin, *(one.start for group in pack.lines.values() for one in group if one.start > begin)}
    ):
        try:
            Book(pack, day)
        except RuleError as error:
            yield f"自 {day} 起不能使用：{error}"
            return
        base, denser = pack.param("visit_base", day), pack.param("visit_denser", day)
        for status in sorted(set(VALUE_LABELS["guard"]) - set(base)):
            yield f"参数“visit_base”自 {day} 起没有监护状况“{status}”的走访间隔，请补上。"
        for step in sorted(set(base.values()) - set(denser)):
            yield f"参数“visit_denser”自 {day} 起没有间隔“{step}”加密后的间隔，请补上。"
