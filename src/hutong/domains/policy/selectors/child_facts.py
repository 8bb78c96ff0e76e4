"""One child's registry data in the columns of ``kernel.facts``, as of a day: what the comparison derives for many.

The same reading of a circumstance as in a comparison: the interval that covers the day, the longest of several, else the
latest that ended before it; what begins after the day is not a fact yet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import Q

from hutong.domains.registry.models import Child, Circumstance, Kinship, RollEntry
from hutong.foundation.queries import Remembered
from hutong.kernel.facts import DISABILITY_TYPES

Facts = dict[str, Any]
FAR: Final = date.max
_GRADES: Final = dict(zip("1234一二三四", [1, 2, 3, 4] * 2, strict=True))


@dataclass(frozen=True, slots=True)
class Held:
    """One interval of a circumstance; ``until`` None: not ended."""

    since: date
    until: date | None
    detail: str
    public_id: str


def facts_for_child(child: Child, as_of: date) -> Facts:
    """Facts by name (missing ones left out: nobody has told us). Three queries, under the reader's scope."""
    facts: Facts = {
        "child_id": child.file_no,
        "as_of": as_of,
        "birth_date": child.birth_date,
        "sex": child.get_sex_display(),
        "hukou_area": child.hukou_area,
        "residence_area": child.residence_area,
        "registered": child.id_kind != "NONE",
        "rural": child.rural,
        "lives_with": child.lives_with or None,
        "place": child.place or "home",
        "guard": child.guard or None,
        "school": child.school or None,
        "full_time": child.full_time,
        "single": child.single,
        "entrusted": child.entrusted,
        "adopted": child.adopted,
        "was": child.was or None,
    }
    facts |= _roll(child, as_of) | _kin(child, as_of)
    by_subject = _circumstances(child, as_of)
    facts |= _of_child(by_subject.get("child", {}), as_of)
    for parent in ("father", "mother"):
        facts |= {f"{parent}_{k}": v for k, v in _of_parent(by_subject.get(parent, {}), as_of).items()}
    return {name: value for name, value in facts.items() if value is not None}


def _lasting(day: date) -> Q:
    return Q(until__isnull=True) | Q(until__gt=day)


_rolls = Remembered(
    lambda *, child_id, day: RollEntry.objects.filter(
        _lasting(day), child=child_id, since__lte=day
    ).values_list("scheme", "monthly")
)
_relations = Remembered(
    lambda *, child_id, day: Kinship.objects.filter(_lasting(day), child=child_id).values_list(
        "relation", flat=True
    )
)
_known = Remembered(
    lambda *, child_id, day: Circumstance.objects.filter(
        child=child_id, superseded_at__isnull=True, since__lte=day
    ).values_list("subject", "kind", "since", "until", "detail", "public_id")
)


def _roll(child: Child, as_of: date) -> Facts:
    rows = _rolls(child_id=child.pk, day=as_of)
    money = [monthly for _, monthly in rows if monthly is not None]
    return {
        "roll": ",".join(sorted({scheme for scheme, _ in rows})) or None,
        "roll_monthly": sum(money) if money else None,
    }


def _kin(child: Child, as_of: date) -> Facts:
    found = set(_relations(child_id=child.pk, day=as_of))
    return {f"{parent}_known": parent in found for parent in ("father", "mother")}


def _circumstances(child: Child, as_of: date) -> dict[str, dict[str, list[Held]]]:
    """Subject → kind → intervals begun by the day and not superseded."""
    found: dict[str, dict[str, list[Held]]] = {}
    for subject, kind, since, until, detail, public_id in _known(child_id=child.pk, day=as_of):
        found.setdefault(subject, {}).setdefault(kind, []).append(Held(since, until, detail, public_id))
    return found


def _best(held: Iterable[Held], as_of: date) -> Held | None:
    """Covering intervals first, then the latest end, then the earliest begin."""
    return max(
        held,
        key=lambda one: (one.until is None or one.until > as_of, one.until or FAR, -one.since.toordinal()),
        default=None,
    )


def _custody(detail: str) -> str:
    if "戒毒" in detail:
        return "rehab"
    return "detention" if "其他" in detail or "限制" in detail else "prison"


def _interval(held: list[Held], as_of: date, start: str, end: str) -> Facts:
    best = _best(held, as_of)
    return {} if best is None else {start: best.since, end: best.until}


def _earliest(held: list[Held], name: str) -> Facts:
    return {name: min(one.since for one in held)} if held else {}


def _disability(held: list[Held], as_of: date) -> Facts:
    """Valid certificates decide; only where none is valid do the expired ones stand, with the day the last ran out."""
    valid = [one for one in held if one.until is None or one.until >= as_of]
    facts: Facts = {}
    for one in valid or held:
        code = next((code for code, zh in DISABILITY_TYPES.items() if zh in one.detail), None)
        grade = next((_GRADES[char] for char in one.detail if char in _GRADES), None)
        if code and grade:
            facts[f"dis_{code}"] = min(grade, facts.get(f"dis_{code}", grade))
    if held and not valid:
        facts["dis_expired_on"] = max(one.until for one in held if one.until)
    return facts


def _of_parent(kinds: Mapping[str, list[Held]], as_of: date) -> Facts:
    get: Callable[[str], list[Held]] = lambda kind: kinds.get(kind, [])  # noqa: E731
    facts: Facts = {**_earliest(get("deaths"), "died_on"), **_earliest(get("serious_illness"), "ill_on")}
    if facts.get("died_on"):
        facts["died_kind"] = min(get("deaths"), key=lambda one: one.since).detail or "死亡"
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
        first = min(one.since for one in lost)
        facts |= {"lost_since": first, "lost_accepted_on": first, "lost_receipt": True}
        facts["lost_route"] = "committee" if committee else "police"
    return facts | _disability(get("disability"), as_of)


def _of_child(kinds: Mapping[str, list[Held]], as_of: date) -> Facts:
    get: Callable[[str], list[Held]] = lambda kind: kinds.get(kind, [])  # noqa: E731
    facts: Facts = {**_earliest(get("deaths"), "died_on"), **_earliest(get("adoptions"), "adopted_on")}
    if "adopted_on" in facts:
        facts["adopted"] = True
    if get("serious_illness"):
        facts["ill"] = True
    poor = [one for one in get("low_income") if one.until is None or one.until > as_of]
    if poor:
        best = _best(poor, as_of)
        facts["low_income"] = best.detail if best else None
    if get("emergencies"):
        latest = max(get("emergencies"), key=lambda one: one.since)
        facts |= {"emergency_on": latest.since, "emergency_effect": latest.detail or None}
    states = [one.detail for one in get("enrolment")]
    if states:
        facts["enrolled"] = {"在校": True, "辍学": False, "毕业": False}.get(states[-1])
        facts["dropout"] = {"辍学": "confirmed", "疑似辍学": "suspected"}.get(states[-1])
    return facts | _disability(get("disability"), as_of)
