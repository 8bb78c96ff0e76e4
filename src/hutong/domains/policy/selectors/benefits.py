"""Which benefits the rules show as due, for many children at once or for one (BEN-01…16; R-43.02)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Final

from hutong.domains.policy.selectors import child_facts, packs
from hutong.domains.registry.models import Child
from hutong.rulebook import many, suppliers
from hutong.rulebook.book import Book
from hutong.rulebook.facts import FACTS_BY_NAME
from hutong.rulebook.ruleset import RULES

ON_THE_ROLL: Final[Mapping[str, tuple[str, ...]]] = {
    "ben_orphan": ("ORPHAN-I", "ORPHAN-S"),
    "ben_ref_orphan": ("REF-ORPHAN",),
    "ben_defacto": ("DEFACTO",),
}
"""Benefits the roll itself tells of: whoever stands there under one of these has it already."""
_PAID: Final = frozenset({"roll", "roll_monthly"})


@dataclass(frozen=True, slots=True)
class Benefit:
    """One benefit a pack gives: the rule that decides it, and what the roll calls it ('' where the roll does not know it)."""

    rule: str
    label: str
    citation: str
    roll: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Due:
    """What the rules of the child's hukou say of one child: by benefit yes, no, or None (cannot be decided yet)."""

    child: Child
    book: Book
    facts: child_facts.Facts
    holds: Mapping[str, bool | None]

    @property
    def benefits(self) -> tuple[Benefit, ...]:
        return list_benefits(self.book)

    def has(self, rule: str) -> bool:
        """Whether the roll shows the benefit as given."""
        return bool(set(ON_THE_ROLL.get(rule, ())) & set(str(self.facts.get("roll") or "").split(",")))


@lru_cache(maxsize=64)
def list_benefits(book: Book) -> tuple[Benefit, ...]:
    """The benefits a book gives, in the order they are declared."""
    return tuple(
        Benefit(one.name, one.label, one.rule.citation, ON_THE_ROLL.get(one.name, ()))
        for one in book.rules.values()
        if one.rule.kind == "benefit" and one.name in book.pack.adopts and one.rule.in_force(book.as_of)
    )


def due_to(children: Iterable[Child], as_of: date) -> list[Due]:
    """Every benefit of the pack of each child's hukou, by what the registry says; one query of rules a county."""
    by_place: dict[tuple[str, str], list[Child]] = defaultdict(list)
    for child in children:
        place = f"{child.hukou_area[:6]}000000"  # what is put in force holds for whole counties
        by_place[packs.pack_for(child.hukou_area, as_of), place].append(child)
    found: list[Due] = []
    for (pack, place), group in by_place.items():
        book = packs.book(pack, as_of, place)
        rules = [one.rule for one in list_benefits(book)]
        facts = child_facts.facts_for_children(group, as_of)
        said = many.evaluate(book, [facts[child.pk] for child in group], rules)
        found += [Due(child, book, facts[child.pk], holds) for child, holds in zip(group, said, strict=True)]
    return found


_rests_on = lru_cache(maxsize=512)(many.rests_on)


def grounds(due: Due, rule: str) -> dict[str, Any]:
    """What the file says of everything this benefit depends on, as JSON can hold it; what is paid now left out."""
    names = _rests_on(due.book, rule) - _PAID
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in sorted(due.facts.items())
        if name in names
    }


def needs(due: Due, rule: str) -> tuple[str, ...]:
    """Names of the facts to find out before this benefit can be decided."""
    return tuple(due.book.explain(due.facts, rule)["needs"])


def benefit_trees(book: Book, rule: str, facts: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The reasons of one benefit, from facts as ``grounds`` or the registry gives them: its own tree first, then those of
    the categories it rests on, each of which pages show by itself."""
    trees = [book.explain(_read(facts), rule)]
    for tree in trees:  # grows while it is read
        trees += [one for one in _categories(tree) if not any(one is known for known in trees)]
    return trees


def _categories(tree: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The nearest categories below a node."""
    found: list[dict[str, Any]] = []
    for one in tree["conditions"]:
        found += [one] if one["kind"] == "category" else _categories(one)
    return found


def amount_due(book: Book, rule: str, facts: Mapping[str, Any]) -> int | None:
    """Fen a month of a benefit of the roll; None for others, and where the pack's standard is not loaded."""
    if rule not in ON_THE_ROLL:
        return None
    found = book.read(_read(facts)).rule("monthly_due")
    return found if isinstance(found, int) else None


def _read(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: date.fromisoformat(value)
        if isinstance(value, str) and FACTS_BY_NAME[name].type == "date"
        else value
        for name, value in facts.items()
    }


def benefit_labels() -> dict[str, str]:
    """Every benefit there is a rule for, whatever the pack: rule → name."""
    return {name: rule.label for name, rule in RULES.items() if rule.kind == "benefit"}


def whom_to_ask(fact: str, on: date) -> str:
    """A missing fact as officials and families read it, with who can tell it."""
    return suppliers.of(fact, on).short
