"""A Chinese official text cut at its numbering: 第一条 · 第一章第一节 · 一、 · （一） · 1. · Pure; runs in the sandbox.

Laws are cut at 条, plans at 章, 节 and 专栏, other documents at 一、, （一） and 1.; the number of a piece is its path, as
citations write it: 第21条, 一章一节, 四（三）8. What stands before the first number is the head: title, number of the document, who issued it.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, Final

from hutong.kernel.numerals import chinese_number

_CN: Final = "〇零一二三四五六七八九十百千"
_ARTICLE = re.compile(rf"^第\s*([{_CN}]+|\d+)\s*条(之[{_CN}]+)?[\s　:：、.．]*(.*)$", re.DOTALL)
_CHAPTER = re.compile(rf"^第\s*([{_CN}]{{1,3}}|\d{{1,2}})\s*([章节编])[\s:：、]*(.{{0,40}})$")
_PANEL = re.compile(r"^专栏\s*(\d{1,2})[\s:：、—-]*(.{0,60})$")
_FIRST = re.compile(rf"^([{_CN}]{{1,3}})\s*[、.．]\s*(.*)$", re.DOTALL)
_SECOND = re.compile(rf"^[（(]\s*([{_CN}]{{1,3}})\s*[）)]\s*[、.．]?\s*(.*)$", re.DOTALL)
_THIRD = re.compile(r"^(\d{1,3})\s*(?:[、．]|\.(?!\d))\s*(.*)$", re.DOTALL)
_NUMBER = re.compile(
    r"([\u4e00-\u9fff]{1,12})\s*[〔\[［【(（]\s*((?:19|20)\d{2})\s*[〕\]］】)）]\s*第?\s*(\d{1,5})\s*号"
)
_DAY = re.compile(r"((?:19|20)\d{2})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日")
_HEADING: Final = 40
MOST: Final = 1000
"""Pieces of one document at most."""


@dataclass(slots=True)
class Piece:
    number: str
    heading: str
    original: str


@dataclass(slots=True)
class Split:
    """The pieces, what the head lets one guess, and what a person should look at."""

    title: str = ""
    number: str = ""
    issued_on: str = ""
    head: str = ""
    pieces: list[Piece] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def plain(self) -> dict[str, Any]:
        return asdict(self)


def split(text: str) -> Split:
    """Cut a text. No numbering at all gives one piece and a note; nothing is lost: head and pieces are the whole text."""
    lines = [one for one in (_tidy(line) for line in text.splitlines()) if one]
    found = Split()
    law = sum(1 for one in lines if _ARTICLE.match(one)) >= 2
    plan = not law and sum(1 for one in lines if _CHAPTER.match(one)) >= 2
    place = _Place(law, plan)
    head: list[str] = []
    for line in lines:
        piece = place.begins(line)
        if piece is not None:
            found.pieces.append(piece)
        elif found.pieces and not (law and _CHAPTER.match(line)):
            found.pieces[-1].original += "\n" + line
        elif not found.pieces:
            head.append(line)
    found.head = "\n".join(head)
    _guess(found, head, lines)
    if not found.pieces and lines:
        found.pieces, found.head = [Piece("", "全文", "\n".join(lines))], ""
        found.notes.append("没有找到“第一条”“一、”这样的编号，全文作为一段，请人工拆分。")
    if len(found.pieces) > MOST:
        found.pieces = found.pieces[:MOST]
        found.notes.append(f"编号超过 {MOST} 处，只取前 {MOST} 段，请核对来源文件。")
    found.notes += place.notes[:20]
    return found


class _Place:
    """Where in the numbering we are: the path of the piece that begins, and what does not follow on."""

    def __init__(self, law: bool, plan: bool) -> None:
        self._law = law
        self._plan = plan
        self._last = 0
        self._path: list[tuple[str, int]] = [("", 0), ("", 0), ("", 0)]
        self.notes: list[str] = []

    def begins(self, line: str) -> Piece | None:
        """The piece a line begins, or None for a line that goes on."""
        if self._law:
            return self._article(line)
        if self._plan:
            return self._chapter(line)
        for depth, pattern in enumerate((_FIRST, _SECOND, _THIRD)):
            if match := pattern.match(line):
                return self._step(depth, match[1], match[2].strip(), line)
        return None

    def _article(self, line: str) -> Piece | None:
        match = _ARTICLE.match(line)
        if match is None:
            return None
        value = int(match[1]) if match[1].isdigit() else chinese_number(match[1]) or 0
        number = f"第{value}条{match[2] or ''}"
        if not match[2]:
            self._follow(value, self._last, number)
            self._last = value
        return Piece(number, "", match[3].strip())

    def _chapter(self, line: str) -> Piece | None:
        if match := _PANEL.match(line):
            return Piece(f"专栏{match[1]}", match[2].strip()[:_HEADING], match[2].strip())
        match = _CHAPTER.match(line)
        if match is None:
            return None
        value = int(match[1]) if match[1].isdigit() else chinese_number(match[1]) or 0
        depth = 1 if match[2] == "节" else 0
        own = match[1] + match[2]
        above = self._path[0][0] if depth else ""
        self._follow(value, self._path[depth][1], above + own)
        self._path[depth] = (own, value)
        if not depth:
            self._path[1] = ("", 0)
        return Piece(above + own, match[3].strip()[:_HEADING], match[3].strip())

    def _step(self, depth: int, said: str, rest: str, line: str) -> Piece | None:
        value = int(said) if said.isdigit() else chinese_number(said)
        if value is None:
            return None
        above = "".join(one for one, _ in self._path[:depth])
        own = {0: said, 1: f"（{said}）", 2: str(value)}[depth]
        self._follow(value, self._path[depth][1], above + own)
        self._path[depth] = (own, value)
        for lower in range(depth + 1, 3):
            self._path[lower] = ("", 0)
        heading, body = _headed(rest)
        return Piece((above + own)[:40], heading, body)

    def _follow(self, value: int, last: int, number: str) -> None:
        if value != last + 1:
            before = f"{last} 之后" if last else "开头"
            self.notes.append(f"编号不连续：{before}是“{number}”，请核对有无缺漏。")


def _headed(rest: str) -> tuple[str, str]:
    """``落实基本生活保障。对于……``: the first short sentence is the heading. The whole stays the text."""
    first = re.split(r"[。；\n]", rest, maxsplit=1)[0].strip()
    return (first[:_HEADING] if len(first) <= 30 else "", rest)


def _guess(found: Split, head: list[str], lines: list[str]) -> None:
    top = "\n".join(head) or "\n".join(lines[:12])
    if match := _NUMBER.search(top):
        found.number = f"{match[1]}〔{match[2]}〕{match[3]}号"
    titled = re.search(r"《([^》]{4,120})》", top)
    long = [
        one for one in head if 6 <= len(one) <= 80 and not _NUMBER.search(one) and one[-1] not in "：:。，,"
    ]
    guessed = titled[1] if titled else max(long, key=len, default="")
    found.title = "".join(guessed.split())[:200]
    for text in (top, "\n".join(lines[-12:])):
        for match in _DAY.finditer(text):
            try:
                found.issued_on = date(int(match[1]), int(match[2]), int(match[3])).isoformat()
            except ValueError:
                continue
            return


def _tidy(line: str) -> str:
    return line.replace("\u3000", " ").replace("\xa0", " ").strip()
