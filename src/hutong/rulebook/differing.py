"""What changes between two packs on a day, or one pack between two days: parameters and rules."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Final

from hutong.rulebook.book import Book, BuiltRule
from hutong.rulebook.packs import Line, Pack
from hutong.rulebook.packs.keys import KEYS
from hutong.rulebook.ruleset import OPTIONAL_KINDS
from hutong.rulebook.words import figure

WORDS: Final = {
    "added": "新增", "removed": "取消", "changed": "改变", "sourced": "仅依据改变", "adopted": "新施行", "dropped": "停用",
}  # fmt: skip
_NONE: Final = "—"


@dataclass(frozen=True, slots=True)
class ParameterChange:
    """``what``: added, removed, changed, or sourced (same value, other source). ``since``: when the new line began."""

    what: str
    key: str
    label: str
    area: str
    before: Any
    after: Any
    since: date | None
    source: str

    @property
    def words(self) -> tuple[str, str]:
        """Both values as officials read them; — where there is none."""
        gone = {"added": (_NONE, ""), "removed": ("", _NONE)}.get(self.what, ("", ""))
        return gone[0] or figure(self.label, self.before), gone[1] or figure(self.label, self.after)


@dataclass(frozen=True, slots=True)
class RuleChange:
    """``what``: adopted, dropped or changed. ``because``: labels of the changed parameters its text reads."""

    what: str
    rule: str
    label: str
    citation: str
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    before: tuple[str, str, date]
    """Name, label, day."""
    after: tuple[str, str, date]
    parameters: tuple[ParameterChange, ...]
    rules: tuple[RuleChange, ...]

    @property
    def nothing(self) -> bool:
        return not (self.parameters or self.rules)

    def as_data(self) -> dict[str, Any]:
        """JSON-able: what the command line prints with ``--json``."""
        sides = {
            side: {"pack": said[0], "label": said[1], "on": said[2].isoformat()}
            for side, said in (("before", self.before), ("after", self.after))
        }
        told = [asdict(one) | {"since": one.since and one.since.isoformat()} for one in self.parameters]
        return {**sides, "parameters": told, "rules": [asdict(one) for one in self.rules]}

    def lines(self) -> Iterator[str]:
        """Chinese, a change a line."""
        yield f"{self.before[1]}（{self.before[2]}） → {self.after[1]}（{self.after[2]}）"
        if self.nothing:
            yield "没有不同。"
        for one in self.parameters:
            area = f"（{one.area}）" if one.area else ""
            since = f"，自 {one.since} 起" if one.since else ""
            yield f"参数{WORDS[one.what]}：{one.label}{area}：{' → '.join(one.words)}{since}〔{one.source}〕"
        for rule in self.rules:
            because = f"（随{'、'.join(rule.because)}）" if rule.because else ""
            yield f"规则{WORDS[rule.what]}：{rule.label}{because}" + (
                f"〔{rule.citation}〕" if rule.citation else ""
            )


def compare(before: Pack, on: date, after: Pack, later: date) -> Difference:
    """``before`` as of ``on`` against ``after`` as of ``later``; PackError if either cannot serve its day."""
    parameters = tuple(_parameters(before, on, after, later))
    rules = tuple(
        _rules(Book(before, on), Book(after, later), {one.key for one in parameters if one.what != "sourced"})
    )
    return Difference((before.name, before.label, on), (after.name, after.label, later), parameters, rules)


def _parameters(before: Pack, on: date, after: Pack, later: date) -> Iterator[ParameterChange]:
    old, new = _live(before, on), _live(after, later)
    for key, told in KEYS.items():
        for area in sorted({a for k, a in (*old, *new) if k == key}):
            was, now = old.get((key, area)), new.get((key, area))
            what = _what(was, now)
            if what:
                line = now or was
                yield ParameterChange(
                    what, key, told.label, area, was and was.value, now and now.value,
                    now.start if now else None, line.source if line else "",
                )  # fmt: skip


def _what(was: Line | None, now: Line | None) -> str:
    if was is None or now is None:
        return "added" if was is None else "removed"
    if was.value != now.value:
        return "changed"
    return "sourced" if (was.source, was.mark) != (now.source, now.mark) else ""


def _live(pack: Pack, on: date) -> dict[tuple[str, str], Line]:
    """(key, area) → the line in force."""
    found: dict[tuple[str, str], Line] = {}
    for key, lines in pack.lines.items():
        for one in sorted(lines, key=lambda line: line.start):
            if one.start <= on:
                found[key, one.area] = one
    return found


def _rules(before: Book, after: Book, changed: set[str]) -> Iterator[RuleChange]:
    for name, now in after.rules.items():
        was = before.rules[name]
        if name.startswith("mother."):
            continue  # built from the father's text
        what = _rule(before, was, after, now)
        if what:
            because = tuple(KEYS[key].label for key in sorted({*was.used, *now.used} & changed))
            label = (
                now.rule.label
                if name.startswith("father.")
                else now.label
                if what != "dropped"
                else was.label
            )
            yield RuleChange(what, now.rule.name, label, now.rule.citation, because)


def _rule(before: Book, was: BuiltRule, after: Book, now: BuiltRule) -> str:
    held, holds = was.in_force, now.in_force
    if held != holds:
        return "adopted" if holds else "dropped"
    if now.rule.kind not in OPTIONAL_KINDS and not holds:
        return ""
    # the day of the book stands in the text and is no change of it
    same = repr(was.expr).replace(repr(before.as_of), "") == repr(now.expr).replace(repr(after.as_of), "")
    return "" if same else "changed"
