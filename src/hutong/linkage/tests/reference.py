"""The comparison done slowly and obviously, one child at a time, in plain Python: the oracle of the random worlds.

Only what the random worlds hold: clean rows, exact numbers, five lists and verified facts, no policy extensions.
Written from the data contract and model §7, not from the engine.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from hutong.linkage.tests.world import World

LAST = date(9999, 1, 1)


@dataclass(frozen=True)
class Spell:
    kind: str
    start: date
    end: date | None


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _months_later(day: date, months: int) -> date:
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month, last)
        except ValueError:
            continue
    raise AssertionError


def _spells(world: World, person: dict[str, Any], child_id: str, subject: str, today: date) -> list[Spell]:
    """Every spell of this person the lists or the file tell of, begun by today."""
    told: dict[tuple[str, date], list[tuple[bool, date | None]]] = {}
    columns = {
        "deaths": ("death_date", None),
        "declared_missing": ("declared_on", "revoked_on"),
        "custody": ("start_date", "end_date"),
        "guardianship_revoked": ("revoked_on", "restored_on"),
        "serious_illness": ("diagnosed_on", None),
    }
    for code, (first, last) in columns.items():
        for row in world.lists.get(code, []):
            if row["id_number"] == person["id_number"]:
                start, end = _day(row[first]), _day(row[last]) if last else None
                assert start
                told.setdefault((code, start), []).append((True, end))
    for fact in world.circumstances:
        if (fact["child_id"], fact["subject"]) == (child_id, subject):
            start = _day(fact["from"])
            assert start
            told.setdefault((fact["kind"], start), []).append((False, _day(fact["to"])))
    return [Spell(code, start, _end(ends)) for (code, start), ends in told.items() if start <= today]


def _end(ends: Iterable[tuple[bool, date | None]]) -> date | None:
    """A list that names an end beats the file; an end somebody knows beats none."""
    listed = [end for from_list, end in ends if from_list and end]
    filed = [end for _, end in ends if end]
    return max(listed or filed, default=None)


def _now(spells: list[Spell], kind: str, today: date) -> Spell | None:
    """The spell that matters: one covering today (the longest), else the one that ended last."""
    of_kind = [s for s in spells if s.kind == kind]
    return max(
        of_kind,
        key=lambda s: (s.end is None or s.end > today, s.end or LAST, -s.start.toordinal()),
        default=None,
    )


def judge(world: World, today: date) -> set[tuple[str, str, str]]:
    """The leads of the four benefit categories under CQ-2021 (no child of the random worlds is at school at 18)."""
    leads = set()
    for child in world.children:
        gone, unable, ended = {}, {}, False
        for subject, zh in (("father", "父"), ("mother", "母")):
            person = next(k for k in world.kin if k["child_id"] == child["child_id"] and k["relation"] == zh)
            spells = _spells(world, person, child["child_id"], subject, today)
            current = {kind: _now(spells, kind, today) for kind in {s.kind for s in spells}}
            holds = {k for k, s in current.items() if s and (s.end is None or s.end > today)}
            custody = current.get("custody")
            counted = bool(
                custody and (custody.end is None or _months_later(custody.start, 6) <= custody.end)
            )
            if not counted:
                holds.discard("custody")
            gone[subject] = bool(holds & {"deaths", "declared_missing"})
            unable[subject] = bool(holds & {"custody", "guardianship_revoked", "serious_illness"})
            over = {k for k, s in current.items() if s and s.end and s.end <= today}
            ended |= bool(over & {"declared_missing", "guardianship_revoked"}) or (
                "custody" in over and counted
            )
        birth = date.fromisoformat(child["birth_date"])
        young = (today.year - birth.year - ((today.month, today.day) < (birth.month, birth.day))) < 18
        f, m = "father", "mother"
        scheme = None
        if young and gone[f] and gone[m]:
            scheme = "ORPHAN-S"
        elif young and (gone[f] or unable[f]) and (gone[m] or unable[m]):
            scheme = "DEFACTO"
        on_roll = next((r["scheme"] for r in world.roll if r["child_id"] == child["child_id"]), None)
        if scheme and not on_roll:
            leads.add((child["child_id"], "SUSPECTED", scheme))
        elif scheme and scheme != on_roll:
            leads.add((child["child_id"], "CHANGED", scheme))
        elif on_roll and not scheme and (ended or not young):
            leads.add((child["child_id"], "SHOULD_EXIT", on_roll))
    return leads
