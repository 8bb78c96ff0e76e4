"""Does the log still say what it said? Pure: leaves as the database gives them, checkpoints, witnesses in; findings out.

Every leaf is compared with its row, the tree is built again and compared with every checkpoint and every witness, and what
does not fit is named by row. Rows destroyed by a recorded erasure are counted, not accused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from hutong.foundation.audit.commitments import WORDS, Entry
from hutong.kernel import merkle, notes

LATE: Final = timedelta(hours=1)
"""A transaction open longer than this does not exist here: an older moment was written by hand."""
EARLY: Final = timedelta(seconds=10)
MOST: Final = 2_000
"""Findings kept; a log destroyed altogether needs no longer list."""

WHAT: Final = {
    "edited": "内容在归集后被改动", "backdated": "时间被改写（倒签或超前）", "deleted": "记录被删除，没有销毁登记",
    "salt": "盐值被删除，没有销毁登记", "swapped": "与另一条记录的内容被对调", "gap": "序号缺失", "order": "归集次序被改",
    "planted": "绕过归集插入的记录", "truncated": "末尾被截断", "rewritten": "条目被整体改写", "forked": "与见证人保存的条目不同",
    "rolled_back": "数据库被回退，见证人见过的条目已不存在", "checkpoint": "检查点被改动", "clock": "数据库时钟曾被调回",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Leaf:
    """``found`` is what the row and salt of today give; None when either is gone."""

    seq: int
    entry: Entry
    found: bytes | None
    present: bool
    salted: bool
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Finding:
    what: str
    label: str
    seq: int | None = None
    detail: str = ""

    @property
    def sentence(self) -> str:
        place = f"（序号 {self.seq}）" if self.seq is not None else ""
        more = f"：{self.detail}" if self.detail else ""
        return f"{self.label}{place}{WHAT[self.what]}{more}。"


@dataclass(slots=True)
class Report:
    size: int = 0
    root: bytes = b""
    erased: int = 0
    waiting: int = 0
    seconds: float = 0.0
    findings: list[Finding] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return not self.findings

    def add(self, what: str, label: str, seq: int | None = None, detail: str = "") -> None:
        if len(self.findings) < MOST:
            self.findings.append(Finding(what, label, seq, detail))


@dataclass(frozen=True, slots=True)
class Stored:
    """A checkpoint as the database keeps it."""

    size: int
    root: bytes
    at: datetime
    note: str


@dataclass(frozen=True, slots=True)
class Witnessed:
    """What one witness kept: its name, checkpoints, number of entries and a way to read them."""

    name: str
    checkpoints: Sequence[notes.Checkpoint]
    count: int
    entries: Callable[[int, int | None], Iterator[Entry]]


class Erased:
    """Which rows a recorded erasure destroyed."""

    def __init__(self, spans: Iterable[tuple[int, int, int]]) -> None:
        self._spans: dict[int, list[tuple[int, int]]] = {}
        for kind, first, last in sorted(spans):
            self._spans.setdefault(kind, []).append((first, last))

    def has(self, entry: Entry) -> bool:
        return any(first <= entry.row_id <= last for first, last in self._spans.get(entry.kind, ()))


def checkpoints(
    stored: Iterable[Stored], keys: Sequence[notes.VerifierKey], report: Report
) -> list[notes.Checkpoint]:
    """Those that are what was signed, by size; the others become findings."""
    good: list[notes.Checkpoint] = []
    before: notes.Checkpoint | None = None
    for one in sorted(stored, key=lambda each: each.size):
        label = f"检查点 {one.size} 条"
        try:
            note = notes.parse(one.note)
            said = notes.Checkpoint.parse(note.text)
        except notes.NoteError as error:
            report.add("checkpoint", label, detail=str(error).rstrip("。"))
            continue
        if not notes.trusted(note, keys):
            report.add("checkpoint", label, detail="签名不成立")
        elif (said.size, said.root, said.at) != (one.size, one.root, one.at):
            report.add("checkpoint", label, detail="与其签名文本不一致")
        else:
            if said.previous != (before.digest() if before else b""):
                report.add("checkpoint", label, detail="前一检查点缺失或被改动")
            if before and said.at < before.at:
                report.add("clock", label, detail=f"比上一检查点早 {before.at - said.at}")
            good.append(said)
            before = said
    return good


class Walk:
    """One pass over the leaves in their order."""

    def __init__(
        self, checkpoints: Sequence[notes.Checkpoint], erased: Erased, witnesses: Sequence[Witnessed]
    ) -> None:
        self.report = Report()
        self.suspects: dict[int, Entry] = {}
        self._tree = merkle.Frontier()
        self._roots = {0: merkle.empty_root()}
        self._broken = False
        self._erased = erased
        self._limits = list(checkpoints)
        self._witnesses = list(witnesses)
        self._copies = [(one, one.entries(0, None)) for one in witnesses]
        self._signed = {one.size for one in checkpoints}
        self._asked = self._signed | {each.size for one in witnesses for each in one.checkpoints}
        self._before: tuple[datetime, int, int] | None = None
        self._next = 0

    def run(self, leaves: Iterable[Leaf]) -> Report:
        for leaf in leaves:
            while self._next < leaf.seq:
                self._missing(leaf.seq)
            self._witness(leaf.entry)
            self._row(leaf)
            self._grow(leaf.entry)
        self._end()
        return self.report

    def _missing(self, upto: int) -> None:
        kept = self._copied()
        self.report.add("gap", kept.label if kept else "条目", self._next)
        if kept is None:  # nothing to build the tree with: what comes after cannot be compared
            self._broken, self._next = True, upto
        else:
            self._grow(kept)

    def _copied(self) -> Entry | None:
        found = [next(copy, None) for _, copy in self._copies]
        return next((entry for entry in found if entry is not None), None)

    def _witness(self, entry: Entry) -> None:
        for one, copy in self._copies:
            kept = next(copy, None)
            if kept is not None and kept != entry:
                said = "" if kept.label == entry.label else f"，见证为{kept.label}"
                self.report.add("forked", entry.label, self._next, f"{one.name}{said}")

    def _row(self, leaf: Leaf) -> None:
        entry, report = leaf.entry, self.report
        if not leaf.present and not leaf.salted and self._erased.has(entry):
            report.erased += 1
        elif not leaf.present:
            report.add("deleted", entry.label, leaf.seq)
        elif not leaf.salted:
            report.add("salt", entry.label, leaf.seq)
        else:
            moment = self._moment(leaf)
            if leaf.found != entry.commitment:
                self.suspects[leaf.seq] = entry
                report.add("backdated" if moment else "edited", entry.label, leaf.seq, moment)
            elif moment:
                report.add("backdated", entry.label, leaf.seq, moment)
            else:
                self._order(leaf)

    def _moment(self, leaf: Leaf) -> str:
        """Why the row's moment cannot be: outside the time between the checkpoints around it; '' if it can."""
        assert leaf.at is not None
        at = next((n for n, one in enumerate(self._limits) if one.size > leaf.seq), None)
        if at is None:
            return ""
        upper, lower = self._limits[at].at, self._limits[at - 1].at if at else None
        del self._limits[: max(0, at - 1)]
        if leaf.at > upper + EARLY:
            return f"记为 {leaf.at:%Y-%m-%d %H:%M}，晚于归集"
        if lower and lower <= upper and leaf.at < lower - LATE:
            return f"记为 {leaf.at:%Y-%m-%d %H:%M}，早于归集时段"
        return ""

    def _order(self, leaf: Leaf) -> None:
        """Within one checkpoint entries stand by moment, log and number: another order was made by hand."""
        assert leaf.at is not None
        here = (leaf.at, leaf.entry.kind, leaf.entry.row_id)
        if self._before is not None and here < self._before:
            self.report.add("order", leaf.entry.label, leaf.seq)
        self._before = here

    def _grow(self, entry: Entry) -> None:
        self._next += 1
        if self._broken:
            return
        self._tree.append(merkle.leaf_hash(entry.pack()))
        if self._tree.size in self._asked:
            self._roots[self._tree.size] = self._tree.root()
        if self._tree.size in self._signed:
            self._before = None

    def _end(self) -> None:
        report = self.report
        report.size, report.root = self._next, b"" if self._broken else self._tree.root()
        for one, copy in self._copies:
            lost = list(copy)
            for place, entry in enumerate(lost, self._next):
                report.add("rolled_back", entry.label, place, one.name)
            longest = max((each.size for each in one.checkpoints), default=0)
            if longest > self._next and not lost:
                report.add("rolled_back", "日志", detail=f"{one.name}见过 {longest} 条，现有 {self._next} 条")

    def compare_roots(self, ours: Sequence[notes.Checkpoint]) -> None:
        """Every checkpoint's root with the tree built again; the first that differs says where it began."""
        good = 0
        for one in ours:
            root = self._roots.get(one.size)
            if one.size > self._next:
                self.report.add("truncated", "日志", detail=f"检查点有 {one.size} 条，现有 {self._next} 条")
                break
            if root is not None and root != one.root:
                self.report.add("rewritten", f"序号 {good} 至 {one.size - 1}", detail="与已签名的根不符")
                break
            good = one.size
        for witness in self._witnesses:
            for one in witness.checkpoints:
                root = self._roots.get(one.size)
                if root is not None and root != one.root:
                    self.report.add("forked", f"检查点 {one.size} 条", detail=witness.name)
                    break


def name_swaps(report: Report, pairs: Iterable[tuple[int, int]], suspects: dict[int, Entry]) -> None:
    """Findings of rows whose content now stands in another row become what they are: swapped."""
    swapped = {seq: suspects[other].label for seq, other in pairs if other in suspects}
    report.findings[:] = [
        Finding("swapped", one.label, one.seq, swapped[one.seq])
        if one.what in ("edited", "backdated") and one.seq is not None and one.seq in swapped
        else one
        for one in report.findings
    ]


def summary(report: Report) -> str:
    """One sentence for page and command line."""
    known = "、".join(WORDS.values())
    if report.ok:
        return f"{report.size} 条（{known}）逐条核验相符，其中依法销毁 {report.erased} 条，待归集 {report.waiting} 条。"
    return f"{report.size} 条中发现 {len(report.findings)} 处不符，请立即封存数据库并报告。"
