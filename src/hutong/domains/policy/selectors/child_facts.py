"""One child's registry data in the columns of ``kernel.facts``, as of a day: what the comparison derives for many.

The same reading of a circumstance as in a comparison: the interval that covers the day, the longest of several, else the
latest that ended before it; what begins after the day is not a fact yet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from hutong.domains.policy.selectors import records
from hutong.domains.policy.selectors.records import Records, Row, Source
from hutong.domains.registry.models import Child
from hutong.kernel.facts import DISABILITY_TYPES

Facts = dict[str, Any]
Told = dict[str, tuple[Any, Row | None]]
"""Fact → its value and the row that says so (None: a field of the file)."""
FAR: Final = date.max
_GRADES: Final = dict(zip("1234一二三四", [1, 2, 3, 4] * 2, strict=True))
_FILE: Final = Source(records.FILE, records.FILE, None)


@dataclass(frozen=True, slots=True)
class Read:
    """Facts by name (missing ones left out: nobody has told us), and where each is from."""

    facts: Facts
    sources: Mapping[str, Source]


def facts_for_child(child: Child, as_of: date) -> Facts:
    """The facts of a day as known now. Four queries, under the reader's scope."""
    return read(records.load(child), as_of).facts


def facts_for_children(children: Sequence[Child], as_of: date) -> dict[int, Facts]:
    """The same for many, by the child's key: three queries for all of them."""
    return {held.child.pk: read(held, as_of).facts for held in records.load_many(children)}


def read(held: Records, as_of: date) -> Read:
    """The facts of a day out of what is held."""
    fields = held.fields
    told: Told = {name: (value, None) for name, (value, _) in fields.items()}
    told |= _roll(held, as_of) | _kin(held, as_of)
    by_subject: dict[str, dict[str, list[Row]]] = {}
    for row in held.circumstances:
        if row.superseded_at is None and row.begun(as_of):
            by_subject.setdefault(row.subject, {}).setdefault(row.kind, []).append(row)
    told |= _of_child(by_subject.get("child", {}), as_of)
    for parent in ("father", "mother"):
        told |= {f"{parent}_{k}": v for k, v in _of_parent(by_subject.get(parent, {}), as_of).items()}
    said = {name: one for name, one in told.items() if one[0] is not None}
    facts = {
        "child_id": held.child.file_no,
        "as_of": as_of,
        **{name: value for name, (value, _) in said.items()},
    }
    return Read(
        facts,
        {n: row.source if row else fields[n][1] if n in fields else _FILE for n, (_, row) in said.items()},
    )


def _roll(held: Records, as_of: date) -> Told:
    rows = [row for row in held.roll if row.begun(as_of) and row.lasts(as_of)]
    money = [row.monthly for row in rows if row.monthly is not None]
    first = rows[0] if rows else None
    return {
        "roll": (",".join(sorted({row.kind for row in rows})) or None, first),
        "roll_monthly": (sum(money) if money else None, first),
    }


def _kin(held: Records, as_of: date) -> Told:
    found = {row.kind: row for row in held.kin if row.begun(as_of) and row.lasts(as_of)}
    return {f"{parent}_known": (parent in found, found.get(parent)) for parent in ("father", "mother")}


def _best(held: Iterable[Row], as_of: date) -> Row | None:
    """Covering intervals first, then the latest end, then the earliest begin."""
    return max(
        held, key=lambda one: (one.lasts(as_of), one.until or FAR, -one.since.toordinal()), default=None
    )


def _custody(detail: str) -> str:
    if "戒毒" in detail:
        return "rehab"
    return "detention" if "其他" in detail or "限制" in detail else "prison"


def _interval(held: list[Row], as_of: date, start: str, end: str) -> Told:
    best = _best(held, as_of)
    return {} if best is None else {start: (best.since, best), end: (best.until, best)}


def _first(held: list[Row]) -> Row:
    return min(held, key=lambda one: one.since)


def _earliest(held: list[Row], name: str) -> Told:
    return {name: (_first(held).since, _first(held))} if held else {}


def _disability(held: list[Row], as_of: date) -> Told:
    """Valid certificates decide; only where none is valid do the expired ones stand. With the day the last runs out."""
    valid = [one for one in held if one.until is None or one.until >= as_of]
    facts: Told = {}
    for one in valid or held:
        code = next((code for code, zh in DISABILITY_TYPES.items() if zh in one.detail), None)
        grade = next((_GRADES[char] for char in one.detail if char in _GRADES), None)
        if code and grade and (f"dis_{code}" not in facts or grade < facts[f"dis_{code}"][0]):
            facts[f"dis_{code}"] = (grade, one)
    if held and all(one.until for one in valid or held):
        last = max(valid or held, key=lambda one: one.until or date.min)
        facts["dis_expired_on"] = (last.until, last)
    return facts


def _of_parent(kinds: Mapping[str, list[Row]], as_of: date) -> Told:
    get: Callable[[str], list[Row]] = lambda kind: kinds.get(kind, [])  # noqa: E731
    facts: Told = {**_earliest(get("deaths"), "died_on"), **_earliest(get("serious_illness"), "ill_on")}
    if get("deaths"):
        facts["died_kind"] = (_first(get("deaths")).detail or "死亡", _first(get("deaths")))
    facts |= _interval(get("declared_missing"), as_of, "missing_on", "missing_revoked_on")
    for name in ("prison", "rehab", "detention"):
        terms = [one for one in get("custody") if _custody(one.detail) == name]
        facts |= _interval(terms, as_of, f"{name}_from", f"{name}_to")
    facts |= _interval(get("guardianship_revoked"), as_of, "revoked_on", "restored_on")
    facts |= _interval(get("deported"), as_of, "deported_on", "reentry_on")
    facts |= _interval(get("migrant_work"), as_of, "work_since", "work_returned_on")
    lost = get("lost_contact")
    if lost:
        committee = any("评议" in one.detail or one.detail == "committee" for one in lost)
        first = _first(lost)
        facts |= {"lost_since": (first.since, first), "lost_accepted_on": (first.since, first)}
        facts |= {
            "lost_receipt": (True, first),
            "lost_route": ("committee" if committee else "police", first),
        }
    facts |= _judged(get("judged_unable"), get("judged_able"), as_of)
    return facts | _disability(get("disability"), as_of)


def _judged(unable: list[Row], able: list[Row], as_of: date) -> Told:
    """The latest judgement still standing; of two of one day the one for the child's safety, unable, decides."""
    standing = [(one.since, found, one) for found, held in ((True, unable), (False, able)) for one in held]
    standing = [said for said in standing if said[2].lasts(as_of)]
    if not standing:
        return {}
    _, found, row = max(standing, key=lambda said: said[:2])
    return {"judged_unable": (found, row)}


def _of_child(kinds: Mapping[str, list[Row]], as_of: date) -> Told:
    get: Callable[[str], list[Row]] = lambda kind: kinds.get(kind, [])  # noqa: E731
    facts: Told = {**_earliest(get("deaths"), "died_on"), **_earliest(get("adoptions"), "adopted_on")}
    if get("adoptions"):
        facts["adopted"] = (True, _first(get("adoptions")))
    if get("serious_illness"):
        facts["ill"] = (True, _first(get("serious_illness")))
    poor = _best([one for one in get("low_income") if one.lasts(as_of)], as_of)
    if poor:
        facts["low_income"] = (poor.detail, poor)
    if get("emergencies"):
        latest = max(get("emergencies"), key=lambda one: one.since)
        facts |= {"emergency_on": (latest.since, latest), "emergency_effect": (latest.detail or None, latest)}
    states = get("enrolment")
    if states:
        last = states[-1]
        facts["enrolled"] = ({"在校": True, "辍学": False, "毕业": False}.get(last.detail), last)
        facts["dropout"] = ({"辍学": "confirmed", "疑似辍学": "suspected"}.get(last.detail), last)
    return facts | _disability(get("disability"), as_of)
