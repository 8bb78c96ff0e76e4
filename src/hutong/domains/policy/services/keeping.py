"""Keeping a decision: rule version and fact snapshot beside every act that rests on the rules (ADR 0034)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from hutong.domains.policy.models import ACTS, Decision
from hutong.domains.policy.selectors import child_facts, packs, records
from hutong.domains.policy.selectors.explaining import CATEGORIES
from hutong.domains.policy.selectors.replaying import end_of
from hutong.domains.registry.models import Child
from hutong.foundation.access.acting import Acting
from hutong.kernel import clock
from hutong.rulebook import to_chinese
from hutong.rulebook.explain import shown
from hutong.rulebook.facts import value_label


@transaction.atomic
def keep(
    *,
    child: Child,
    act: str,
    actor: Acting | None = None,
    by: str = "",
    about: str = "",
    as_of: date | None = None,
    known_at: datetime | None = None,
) -> Decision:
    """What the rules say of the child on a day (today), by what is known at a moment (now), stored for good."""
    assert act in ACTS, act
    if actor is not None:
        actor.check_changes(child.pk)
    day, moment = as_of or clock.today(), known_at or clock.now()
    until = known_at or end_of(
        clock.today()
    )  # now: all there is, whatever the clocks of host and database say
    facts = child_facts.read(records.known(records.load(child), until, day), day).facts
    place = str(facts["hukou_area"])
    pack = packs.pack_for(place, day)
    book = packs.book(pack, day, place)
    decision = book.evaluate_one(facts)
    made = Decision(
        child=child, act=act, about=about, by_label=by or (actor.label if actor else ""), pack=pack, version=book.version,
        as_of=day, known_at=moment, scheme=decision.scheme or "", monthly=decision.monthly_due,
        outcome={rule: decision.values[rule] for rule in CATEGORIES},
    )  # fmt: skip
    told: set[str] = set()
    lines = [line for rule in CATEGORIES for line in to_chinese(book.explain(facts, rule), told)]
    made.seal(facts, lines)
    made.save(force_insert=True)
    return made


@dataclass(frozen=True, slots=True)
class Found:
    """One finding of a comparison: its explanation tree names the rule, and the facts that decided it."""

    child_id: int
    about: str
    why: Mapping[str, Any]
    scheme: str = ""
    monthly: int | None = None


def keep_found(*, found: Iterable[Found], pack: str, version: str, as_of: date, by: str) -> int:
    """A decision for each finding, by one statement a thousand; how many. ``version``: of the rules that made them. A tree without a rule (sealed) keeps nothing."""
    moment = clock.now()
    made = []
    for one in found:
        if not one.why.get("rule"):
            continue
        decision = Decision(
            child_id=one.child_id, act="LEAD_FOUND", about=one.about, by_label=by, pack=pack, version=version, as_of=as_of,
            known_at=moment, whole=False, scheme=one.scheme, monthly=one.monthly,
            outcome={str(one.why["rule"]): one.why["value"]},
        )  # fmt: skip
        decision.seal(dict(_decided(one.why)), list(_lines(one.why)))
        made.append(decision)
    return len(Decision.objects.bulk_create(made, batch_size=1000))


def _decided(tree: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The facts that decided, of the whole tree: by them alone the rule comes out the same."""
    for fact in tree["facts"]:
        yield fact["name"], fact["value"]
    for condition in tree["conditions"]:
        yield from _decided(condition)


def _lines(tree: Mapping[str, Any], depth: int = 0) -> Iterator[str]:
    """The tree as it came with the finding, one condition a line; it may be of an earlier release's shape."""
    facts = "，".join(f"{one['label']} {value_label(one['name'], one['value'])}" for one in tree["facts"])
    yield "　" * depth + f"{tree['label']}：{shown(tree['value'])}" + (f"（{facts}）" if facts else "")
    for condition in tree["conditions"]:
        yield from _lines(condition, depth + 1)
