"""Two books over the same children: who enters, who leaves, who changes, what it costs (R-43, R-15.03; ADR 0035).

The month is its first day. A year is twelve such days: whoever comes of age in May is counted until May. Unknown is not
false: a child who cannot be decided costs nothing, is counted apart, and neither enters nor leaves.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from hutong.kernel.ages import add_months
from hutong.kernel.facts import FACTS
from hutong.rulebook.book import Book, book_of
from hutong.rulebook.expr import RuleError, RuleRef, walk
from hutong.rulebook.packs import Pack, drafts
from hutong.rulebook.packs.drafts import Draft, DraftError
from hutong.rulebook.ruleset import OPTIONAL_KINDS, RULES

if TYPE_CHECKING:
    import pyarrow as pa

MONTHS: Final = 12
FEW: Final = 1_000
ENTERS, LEAVES, CHANGES, AMOUNT = "enters", "leaves", "changes", "amount"
DOUBT, SETTLED, NOT = "doubt", "settled", "not"
KINDS: Final = {
    ENTERS: "新纳入", LEAVES: "不再符合", CHANGES: "类别改变", AMOUNT: "金额改变",
    DOUBT: "变为尚不能判定", SETTLED: "由尚不能判定变为符合", NOT: "由尚不能判定变为不符合",
}  # fmt: skip
LIVING: Final = ("orphan", "ref_orphan", "defacto")
OWN_MONEY: Final = frozenset({"ben_orphan", "ben_ref_orphan", "ben_defacto", "ben_hiv"})
"""Benefits told by the scheme itself, and the one resting on sealed facts."""
_COLUMNS: Final = {"id", "title", "pack", "on", "changes", "adopts", "drops", "rules", "cases", "registry"}

FactsOf = Callable[[date], "pa.Table"]


def year_from(month: date) -> tuple[date, ...]:
    """The first days of a month and of the eleven after it."""
    return tuple(add_months(month.replace(day=1), n) for n in range(MONTHS))


def other_rules() -> tuple[str, ...]:
    """Yes-or-no outcomes beside the scheme: the left-behind list and every other benefit."""
    return ("lb", *(n for n, r in RULES.items() if r.kind == "benefit" and n not in OWN_MONEY))


def keys_read(pack: Pack, on: date) -> frozenset[str]:
    """The parameters on which categories, benefits and amounts rest."""
    book = book_of(pack, on)
    left, seen = [*LIVING, "scheme", "monthly_due", *other_rules()], set[str]()
    while left:
        name = left.pop()
        if name not in seen:
            seen.add(name)
            left += [node.name for node in walk(book.rules[name].expr) if isinstance(node, RuleRef)]
    return frozenset(key for name in seen for key in book.rules[name].used)


@dataclass(frozen=True, slots=True)
class Effect:
    """One child on the first of the month. Schemes: a code, '' for none, None while it cannot be decided; fen a month,
    None where nothing is due or the standard is not loaded."""

    child_id: str
    area: str
    kind: str
    before: str | None
    after: str | None
    due_before: int | None
    due_after: int | None


@dataclass(slots=True)
class Side:
    """What one book gives on one day."""

    entitled: int = 0
    undecided: int = 0
    unpriced: int = 0
    """Entitled, but the standard of the place is not loaded: not in ``fen``."""
    fen: int = 0

    def add(self, rows: Iterable[tuple[str | None, int | None]]) -> None:
        for scheme, due in rows:
            self.undecided += scheme is None
            if scheme:
                self.entitled += 1
                self.unpriced += due is None
                self.fen += due or 0


@dataclass(slots=True)
class Place:
    """A township (nine digits and zeros), by hukou."""

    kinds: Counter[str] = field(default_factory=Counter)
    before: Side = field(default_factory=Side)
    after: Side = field(default_factory=Side)


class Simulation:
    """Takes children in parts (``add``) and sums up; the books are built once a day."""

    def __init__(self, before: Pack, after: Pack, days: Sequence[date]) -> None:
        """``days``: the first is told child by child, the others by their sums (``year_from``)."""
        self.days = tuple(days)
        self.packs = (before, after)
        self.books = tuple((book_of(before, day), book_of(after, day)) for day in self.days)
        self.children = 0
        self.effects: list[Effect] = []
        self.months = {day: (Side(), Side()) for day in self.days}
        self.places: dict[str, Place] = {}
        self.schemes: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
        self.others: dict[str, Counter[str]] = {name: Counter() for name in other_rules()}
        self._engine = _Engine()

    def add(self, facts_of: FactsOf, progress: Callable[[int], Any] = lambda _: None) -> None:
        """Children of one part, on each of the days. Called once for each part."""
        for number, (day, books) in enumerate(zip(self.days, self.books, strict=True)):
            facts = facts_of(day)
            full = day == self.days[0]
            before, after = (self._engine.outcomes(book, facts, full=full) for book in books)
            for side, rows in zip(self.months[day], (before, after), strict=True):
                side.add((row[2], row[3]) for row in rows)
            if full:
                self.children += len(before)
                self._compare(before, after)
            progress(number + 1)

    def _compare(self, before: list[tuple[Any, ...]], after: list[tuple[Any, ...]]) -> None:
        later = {row[0]: row for row in after}
        names = tuple(self.others)
        for row in before:
            other = later[row[0]]
            effect = _effect(row, other)
            place = self.places.setdefault(_township(effect.area), Place())
            place.before.add([(effect.before, effect.due_before)])
            place.after.add([(effect.after, effect.due_after)])
            for counted, scheme in zip(self.schemes, (effect.before, effect.after), strict=True):
                counted[scheme or ("?" if scheme is None else "")] += 1
            if effect.kind:
                place.kinds[effect.kind] += 1
                self.effects.append(effect)
            for at, name in enumerate(names, 4):
                if row[at] is not other[at]:
                    self.others[name][_turn(row[at], other[at])] += 1

    @property
    def kinds(self) -> Counter[str]:
        return Counter(effect.kind for effect in self.effects)


def _turn(before: bool | None, after: bool | None) -> str:
    if after is None:
        return DOUBT
    if before is None:
        return SETTLED if after else NOT
    return ENTERS if after else LEAVES


def _effect(before: tuple[Any, ...], after: tuple[Any, ...]) -> Effect:
    was, now, due_was, due_now = before[2], after[2], before[3], after[3]
    if was is None or now is None:
        kind = "" if was is now else DOUBT if now is None else SETTLED if now else NOT
    elif was != now:
        kind = CHANGES if was and now else ENTERS if now else LEAVES
    else:
        kind = AMOUNT if due_was != due_now else ""
    return Effect(before[0], before[1] or "", kind, was, now, due_was, due_now)


def _township(area: str) -> str:
    return f"{area[:9]}000" if area else ""


class _Engine:
    """Few children are read one by one, many by DuckDB: preparing the SQL of a book takes longer than reading some hundreds
    does. It is kept, since another part of the children comes with the same books again."""

    def __init__(self) -> None:
        self._connection: Any = None
        self._sql: dict[tuple[int, bool], str] = {}

    def outcomes(self, book: Book, facts: pa.Table, *, full: bool) -> list[tuple[Any, ...]]:
        """child_id, hukou_area, scheme ('' none, None undecided), fen a month; ``full``: every other rule behind."""
        if facts.num_rows <= FEW:
            return [_read(book, row, full) for row in facts.to_pylist()]
        import duckdb  # a web process never needs it

        self._connection = self._connection or duckdb.connect()
        key = (id(book), full)
        if key not in self._sql:
            self._sql[key] = _query(book, full)
        self._connection.register("facts", facts)
        return list(self._connection.execute(self._sql[key]).fetchall())


def _query(book: Book, full: bool) -> str:
    others = other_rules() if full else ()
    wanted = {name: name for name in (*LIVING, "scheme", "monthly_due", *others)}
    opened = " OR ".join(f"{name} IS NULL" for name in LIVING)
    scheme = f"coalesce(scheme, CASE WHEN {opened} THEN NULL ELSE '' END)"
    shown = ", ".join(("child_id", "hukou_area", scheme, "monthly_due", *others))
    return f"SELECT {shown} FROM ({book.sql('facts', wanted, keep=('child_id', 'hukou_area'))})"


def _read(book: Book, facts: Mapping[str, Any], full: bool) -> tuple[Any, ...]:
    """One child, as ``_query`` says it for many."""
    reading = book.read(facts)
    scheme = reading.rule("scheme")
    if scheme is None and all(reading.rule(name) is not None for name in LIVING):
        scheme = ""
    others = (reading.rule(name) for name in other_rules()) if full else ()
    return (facts.get("child_id"), facts.get("hukou_area"), scheme, reading.rule("monthly_due"), *others)


def facts_table(rows: Iterable[Mapping[str, Any]]) -> pa.Table:
    """Facts of ``kernel.facts`` as the engine takes them; what is missing is null, what is not in the bulk table falls away."""
    import pyarrow as pa

    kinds = {"str": pa.string(), "date": pa.date32(), "bool": pa.bool_(), "int": pa.int64()}
    found = list(rows)
    columns = {f.name: pa.array([row.get(f.name) for row in found], kinds[f.type]) for f in FACTS}
    return pa.table(columns)


def read_draft(raw: Any, pack: Pack) -> Draft:
    """``changes``, ``adopts``, ``drops`` and ``rules`` of a scenario; DraftError (Chinese) for the first thing wrong."""
    if not isinstance(raw, dict):
        raise DraftError("情景文件应是键值：pack、on、changes、cases 或 registry。")
    unknown = sorted(map(str, set(raw) - _COLUMNS))
    if unknown:
        raise DraftError(
            f"情景文件有不认识的栏目：{'、'.join(unknown)}；可用的有 {'、'.join(sorted(_COLUMNS))}。"
        )
    optional = [name for name, rule in RULES.items() if rule.kind in OPTIONAL_KINDS]
    adopts = frozenset(drafts.check_rule(str(one), optional, "adopts") for one in raw.get("adopts") or ())
    drops = frozenset(
        drafts.check_rule(str(one), sorted(pack.adopts), "drops") for one in raw.get("drops") or ()
    )
    wordings = {
        drafts.check_rule(str(n), RULES, "rules"): said for n, said in (raw.get("rules") or {}).items()
    }
    started = drafts.overlaid(pack, [Draft((), adopts, drops)])
    deciding = keys_read(started, max(line.start for lines in pack.lines.values() for line in lines))
    changes = raw.get("changes") or []
    if not isinstance(changes, list):
        raise DraftError("changes 应是一组 {key, value, from}。")
    lines = tuple(
        drafts.read_line(pack, one, deciding, f"changes 第 {n} 行") for n, one in enumerate(changes, 1)
    )
    draft = Draft(lines, adopts, drops, wordings)
    if draft.empty:
        raise DraftError("情景没有任何改动：请至少写一行 changes，或写明 adopts、drops、rules。")
    return draft


def checked(pack: Pack, draft: Draft, on: date) -> Pack:
    """The pack under the draft, its rules built once, so that a wording or a switch that does not hold together says so."""
    changed = drafts.overlaid(pack, [draft])
    try:
        book_of(changed, on)
    except RuleError as error:
        raise DraftError(f"按草案组不成规则：{error}") from error
    return changed
