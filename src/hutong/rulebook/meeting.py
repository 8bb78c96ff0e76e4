"""Which facts can come to be, and with which values: the material of ``remedies``.

A person can meet a fact by something that happens (a sentence, a move), by a paper (a certificate, a receipt) or by
telling what nobody has told. Births, deaths of the child, what was recognised before and what is paid cannot be met.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

from hutong.kernel.ages import add_months
from hutong.kernel.facts import PARENTS
from hutong.rulebook import expr as x
from hutong.rulebook.facts import FACTS_BY_NAME
from hutong.rulebook.timeline import Facts

NEVER: Final = frozenset(
    [
        "child_id",
        "as_of",
        "birth_date",
        "sex",
        "rural",
        "died_on",
        "adopted",
        "adopted_on",
        "hiv",
        "roll",
        "roll_monthly",
        "other_monthly",
        "emergency_on",
        "emergency_effect",
        "father_died_kind",
        "mother_died_kind",
    ]
)
"""Cannot be brought about, or is not for a page to suggest."""
ONCE: Final = frozenset(
    {"was", "registered", "foundling", "known", "unknown", "lost_receipt", "lost_accepted_on"}
)
"""Can be told or brought as a paper, but what was said is not said otherwise."""
ENDS: Final = {
    "prison_to": "prison_from",
    "rehab_to": "rehab_from",
    "detention_to": "detention_from",
    "missing_revoked_on": "missing_on",
    "restored_on": "revoked_on",
    "reentry_on": "deported_on",
    "work_returned_on": "work_since",
}
"""Fact that ends an episode → fact that begins it."""
TERMS: Final = frozenset({"prison_to", "rehab_to", "detention_to"})
"""Ends known beforehand: a running term can be lengthened."""
EXPIRIES: Final = frozenset({"dis_expired_on"})
OTHERWISE: Final = {
    "lives_with": "grandparents",
    "place": "home",
    "school": "senior",
    "work_area": "000000000000",
}
"""A value other than the one that must not be."""
GRADED: Final = 2
_BEFORE: Final = date(1900, 1, 1)


def bare(fact: str) -> str:
    return fact.removeprefix("father_").removeprefix("mother_")


def facts_in(nodes: Iterable[x.Expr]) -> list[str]:
    """Names of the facts read, in the order of the fact dictionary."""
    read = {n.name for n in nodes if isinstance(n, x.FactRef)}
    return [name for name in FACTS_BY_NAME if name in read]


def candidates(nodes: Iterable[x.Expr], facts: Facts, today: date) -> dict[str, list[x.Value]]:
    """Fact → values worth trying so that a condition turns, each other than what is on record."""
    nodes = list(nodes)
    found: dict[str, list[x.Value]] = {}
    for name in facts_in(nodes):
        if name in NEVER or (bare(name) in ONCE and _said(facts.get(name))) or _out_of_question(name, facts):
            continue
        kind = FACTS_BY_NAME[name].type
        values = _dates(name, nodes, facts, today) if kind == "date" else _plain(name, kind, nodes)
        fresh = [value for value in dict.fromkeys(values) if value != facts.get(name)]
        if fresh:
            found[name] = fresh
    return found


def _out_of_question(name: str, facts: Facts) -> bool:
    """Nothing more happens to a parent who has died; a child of known parents is no foundling."""
    if name in ("foundling", "police_cert"):
        return any(facts.get(f"{parent}_known") for parent, _ in PARENTS)
    return any(name.startswith(f"{parent}_") and facts.get(f"{parent}_died_on") for parent, _ in PARENTS)


def _said(value: x.Value) -> bool:
    return value is not None and value is not False


def _plain(name: str, kind: str, nodes: list[x.Expr]) -> list[x.Value]:
    if kind == "bool":
        return [False] if bare(name) == "unknown" else [True]
    values: list[x.Value] = []
    for node in nodes:
        if isinstance(node, x.OneOf) and _reads(node.inner, name):
            values += [_whole(node.inner, value) for value in node.values]
        elif isinstance(node, x.Compare) and node.op != "ne" and _reads(node.left, name):
            fixed = node.right.value if isinstance(node.right, x.Const) else None
            values += [_whole(node.left, fixed)] if fixed is not None else []
    if kind == "int" and not values and bare(name).startswith("dis_"):
        values.append(GRADED)
    if bare(name).startswith("dis_"):
        values = values[:1]  # any certificate of the grades asked for will do
    if kind == "str" and bare(name) in OTHERWISE:
        values.append(OTHERWISE[bare(name)])
    return values


def _whole(node: x.Expr, value: x.Value) -> x.Value:
    """A code of an area when the rule looks at its first digits only."""
    return value.ljust(12, "0") if isinstance(node, x.Prefix) and isinstance(value, str) else value


def _reads(node: x.Expr, name: str) -> bool:
    return any(isinstance(part, x.FactRef) and part.name == name for part in x.walk(node))


def _dates(name: str, nodes: list[x.Expr], facts: Facts, today: date) -> list[x.Value]:
    prefix, word = name[: len(name) - len(bare(name))], bare(name)
    held = facts.get(name)
    if word in EXPIRIES:
        return [None] if isinstance(held, date) and held < today else []
    if word in ENDS:
        return _ends(prefix + ENDS[word], word, held, nodes, facts, today)
    ended = next((facts.get(prefix + end) for end, start in ENDS.items() if start == word), None)
    over = isinstance(ended, date) and ended <= today
    if isinstance(held, date) and not over:
        return []  # it runs: only time can help
    earliest = ended if over and isinstance(ended, date) else _BEFORE
    days = [today, *(_latest(months, today) for months in _months(name, nodes))]
    return [day for day in days if day >= earliest]


def _ends(
    start: str, word: str, held: x.Value, nodes: list[x.Expr], facts: Facts, today: date
) -> list[x.Value]:
    """Not ended (for what has ended), ended today, or exactly as long as asked for."""
    begun = facts.get(start)
    over = isinstance(held, date) and held <= today
    values: list[x.Value] = [None, today] if over else [today]
    if word in TERMS:
        begins = [day for day in (begun, today) if isinstance(day, date)]
        values += [add_months(day, months) for day in begins for months in _months(start, nodes)]
    return values


def _months(name: str, nodes: list[x.Expr]) -> list[int]:
    return sorted(
        {n.months for n in nodes if isinstance(n, x.PlusMonths) and isinstance(n.inner, x.FactRef) and n.inner.name == name}
    )  # fmt: skip


def _latest(months: int, today: date) -> date:
    """The last day on which something had to begin to be more than ``months`` old today."""
    day = add_months(today, -months) + timedelta(days=3)
    while add_months(day, months) >= today:
        day -= timedelta(days=1)
    return day


def sensible(changes: dict[str, x.Value], facts: Facts, today: date) -> bool:
    """Whether the changes tell a story: an episode that is over begins again from its own beginning, not by losing its end."""
    for name, value in changes.items():
        prefix, word = name[: len(name) - len(bare(name))], bare(name)
        if word not in ENDS:
            continue
        start = prefix + ENDS[word]
        begun = changes.get(start, facts.get(start))
        held = facts.get(name)
        over = isinstance(held, date) and held <= today
        if over and start not in changes:
            return False
        if begun is None or (isinstance(value, date) and isinstance(begun, date) and value < begun):
            return False
        if word not in TERMS and value is None and not over:
            return False
    return all(_ended_with(name, changes, facts, today) for name in changes)


def _ended_with(name: str, changes: dict[str, x.Value], facts: Facts, today: date) -> bool:
    """A new beginning after an end on record takes the old end away."""
    prefix, word = name[: len(name) - len(bare(name))], bare(name)
    end = next((prefix + one for one, start in ENDS.items() if start == word), None)
    return end is None or facts.get(end) is None or end in changes
