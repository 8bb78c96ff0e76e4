"""What the rules say of one child on a day, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from hutong.domains.policy import presenters
from hutong.domains.policy.selectors import child_facts, packs, records
from hutong.domains.policy.selectors.child_facts import Facts, Read
from hutong.domains.policy.selectors.records import Records, Source
from hutong.domains.registry.models import Child
from hutong.rulebook import suppliers
from hutong.rulebook.outlook import Outlook
from hutong.rulebook.packs import Pack
from hutong.rulebook.remedies import MOST_SLOTS as FULL

CATEGORIES: Final = ("orphan", "ref_orphan", "defacto", "lb")


@dataclass(frozen=True, slots=True)
class Category:
    """One category: ``holds`` None means it cannot be decided yet, for want of ``needs``. ``outlook``: what would make it
    hold, and when the answer changes (``rulebook.outlook``)."""

    rule: str
    label: str
    holds: bool | None
    tree: dict[str, Any]
    needs: tuple[str, ...]
    outlook: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Missing:
    """One fact nobody has told: what, whom to ask with which paper (a sentence), and the outcomes that wait for it."""

    asked: str
    waiting: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Assessment:
    """``scheme`` and ``monthly_due`` (fen a month; None: nothing due, or the figure is not loaded) with the tree of each.
    ``in_force``: the pack as it stands in the place, by which all of it was told."""

    pack: str
    in_force: Pack
    pack_label: str
    version: str
    as_of: date
    scheme: str | None
    monthly_due: int | None
    roll: tuple[str, ...]
    roll_monthly: int | None
    categories: tuple[Category, ...]
    amount: dict[str, Any] | None
    missing: tuple[Missing, ...]


def explain(child: Child, as_of: date, pack: str | None = None, *, conditions: int = FULL) -> Assessment:
    """Every category with its explanation tree and outlook, by the pack of the child's hukou unless one is named.

    ``conditions``: what would make a category hold is told where so many conditions together suffice.
    """
    return assess(records.load(child), as_of, pack, conditions=conditions)


def assess(held: Records, as_of: date, pack: str | None = None, *, conditions: int = FULL) -> Assessment:
    """The same of records at hand."""
    days: dict[date, Read] = {}

    def on(day: date) -> Read:
        if day not in days:
            days[day] = child_facts.read(held, day)
        return days[day]

    facts, sources = on(as_of).facts, on(as_of).sources
    area = str(facts["hukou_area"])
    name = pack or packs.pack_for(area, as_of)
    ahead = packs.timeline(area, as_of, pack)
    book = ahead.book(as_of)
    decision = book.evaluate_one(facts)
    outlook = Outlook(ahead, facts, facts_on=lambda day: on(day).facts, extra=held.days(as_of))
    return Assessment(
        pack=name,
        in_force=book.pack,
        pack_label=book.pack.label,
        version=book.version,
        as_of=as_of,
        scheme=decision.scheme,
        monthly_due=decision.monthly_due,
        roll=tuple(filter(None, str(facts.get("roll", "")).split(","))),
        roll_monthly=facts.get("roll_monthly"),
        categories=tuple(
            _category(book, facts, sources, decision, rule, outlook.of(rule, conditions))
            for rule in _known_to(book.pack, as_of)
        ),
        amount=_sourced(book.explain(facts, "monthly_due"), sources) if decision.scheme else None,
        missing=_missing(book, decision, as_of),
    )


def _missing(book: Any, decision: Any, as_of: date) -> tuple[Missing, ...]:
    """Every fact to find out, those first that most waits for. Alerts are left out: an officer acts on those there are."""
    waiting: dict[str, list[str]] = {}
    for rule, needs in decision.needs.items():
        if book.rules[rule].rule.kind != "alert":
            for fact in needs:
                waiting.setdefault(fact, []).append(book.rules[rule].label)
    found = [Missing(suppliers.of(fact, as_of).sentence, tuple(labels)) for fact, labels in waiting.items()]
    return tuple(sorted(found, key=lambda one: -len(one.waiting)))


def _known_to(pack: Any, as_of: date) -> list[str]:
    """The categories this pack has: Chongqing knows no 参照孤儿, and a family there need not read of it."""
    return [rule for rule in CATEGORIES if rule != "ref_orphan" or pack.param("ref_orphan", as_of)]


def _category(
    book: Any, facts: Facts, sources: Mapping[str, Source], decision: Any, rule: str, outlook: dict[str, Any]
) -> Category:
    value = decision.values[rule]
    needs = tuple(suppliers.of(name, book.as_of).label for name in decision.needs.get(rule, ()))
    tree = _sourced(book.explain(facts, rule), sources)
    return Category(rule, book.rules[rule].label, value, tree, needs, outlook)


def _sourced(tree: dict[str, Any], sources: Mapping[str, Source]) -> dict[str, Any]:
    """The tree with each fact's source, in words for officials and for the family, and the day it was learnt."""
    for fact in tree["facts"]:
        source = sources.get(fact["name"])
        if source:
            learnt = source.learnt.isoformat() if source.learnt else None
            fact |= {
                "source": source.words,
                "plain_source": source.plain,
                "learnt": learnt,
                "open": source.open,
            }
    for condition in tree["conditions"]:
        _sourced(condition, sources)
    return tree


def why(tree: dict[str, Any] | None) -> dict[str, Any] | None:
    """An explanation tree in the shape the component ``ui.why`` draws (see presenters)."""
    return presenters.why(tree)
