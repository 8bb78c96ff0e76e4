"""How complete files are, computed in SQL under the asker's scope: one statement for a child, a list or a table of places.

Each required item becomes 1 (there), 0 (missing) or NULL (not required of this child); the score is the share of the
weights in percent. What hangs on the children is gathered once per table, not once per child.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db import connection

from hutong.domains.ledgers.data.required import Item, items
from hutong.domains.registry.models import Child
from hutong.foundation.access.acting import Acting
from hutong.kernel import areas, clock

PAGE: Final = 50
_WIDTHS: Final = {"country": 2, "province": 4, "city": 6, "county": 9, "township": 12, "village": 12}
POOR: Final = 60
"""Files below this share are counted apart: a matter of drawing the table."""

# what hangs on the chosen children, one row a child
_GATHER: Final = """
kin AS MATERIALIZED (
  SELECT tie.child_id, bool_or(tie.relation = 'father') AS father, bool_or(tie.relation = 'mother') AS mother,
         bool_or(tie.relation IN ('guardian', 'grandparent', 'relative')) AS guardian,
         bool_or(octet_length(person.phone_sealed) > 0) AS phone
    FROM registry_kinship AS tie JOIN registry_person AS person ON person.id = tie.person_id
   WHERE tie.until IS NULL AND tie.child_id IN (SELECT id FROM kids) GROUP BY 1),
rolls AS MATERIALIZED (
  SELECT child_id, array_agg(scheme) AS schemes, bool_and(monthly IS NOT NULL) AS monthly FROM registry_rollentry
   WHERE since <= %(day)s AND (until IS NULL OR until > %(day)s) AND child_id IN (SELECT id FROM kids) GROUP BY 1),
facts AS MATERIALIZED (
  SELECT child_id, bool_or((verified_on IS NOT NULL OR intake_id IS NOT NULL) AND subject IN ('father', 'mother')) AS verified,
         bool_or(subject = 'child' AND kind = 'disability') AS disabled, bool_or(subject = 'child' AND kind = 'serious_illness') AS ill,
         bool_or(kind = 'migrant_work') AS migrant
    FROM registry_circumstance
   WHERE superseded_at IS NULL AND since <= %(day)s AND (until IS NULL OR until >= %(day)s)
     AND child_id IN (SELECT id FROM kids) GROUP BY 1),
regimes AS MATERIALIZED (
  SELECT DISTINCT child_id FROM registry_guardianshipregime
   WHERE NOT void AND until IS NULL AND child_id IN (SELECT id FROM kids)),
cares AS MATERIALIZED (
  SELECT DISTINCT child_id FROM registry_healthepisode WHERE until IS NULL AND child_id IN (SELECT id FROM kids)),
papers AS MATERIALIZED (
  SELECT child_id, string_agg(purpose || ' ' || name, ' ') AS names FROM documents_document
   WHERE withdrawn_at IS NULL AND NOT reserved AND child_id IN (SELECT id FROM kids) GROUP BY 1)"""

_JOINED: Final = """
    FROM kids LEFT JOIN kin ON kin.child_id = kids.id LEFT JOIN rolls ON rolls.child_id = kids.id
    LEFT JOIN facts ON facts.child_id = kids.id LEFT JOIN regimes ON regimes.child_id = kids.id
    LEFT JOIN cares ON cares.child_id = kids.id LEFT JOIN papers ON papers.child_id = kids.id"""

_THERE: Final = {
    "id_number": "kids.id_token IS NOT NULL",
    "ethnic": "kids.ethnic <> ''",
    "address": "octet_length(kids.address_sealed) > 0",
    "phone": "octet_length(kids.phone_sealed) > 0 OR kin.phone",
    "lives_with": "kids.lives_with <> ''",
    "father": "kin.father",
    "mother": "kin.mother",
    "guard": "kids.guard <> ''",
    "school": "kids.school <> ''",
    "guardian": "regimes.child_id IS NOT NULL OR kin.guardian",
    "verified": "facts.verified",
    "monthly": "rolls.monthly",
    "migrant": "facts.migrant",
    "entrusted": "kids.entrusted IS NOT NULL",
    "health": "cares.child_id IS NOT NULL",
}
"""Code of the data → when it is there. An item with words is an attachment."""
_GROUPS: Final = {
    "all": "true",
    "age3": "kids.birth_date <= (%(day)s::date - interval '3 years')",
    "disabled": "facts.disabled",
    "ill": "facts.ill",
    "entrusted": "kids.entrusted",
}
"""For whom: everything else is a scheme of the roll."""


@dataclass(frozen=True, slots=True)
class Score:
    """``missing``: what the file lacks, heaviest first."""

    percent: int
    missing: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Place:
    code: str
    files: int
    percent: int
    whole: int
    poor: int


@dataclass(frozen=True, slots=True)
class Incomplete:
    child: Child
    score: Score


def of_child(child: Child) -> Score:
    """One statement; an unknown child (out of scope) counts as complete of nothing."""
    required = items()
    sql = f"WITH kids AS (SELECT * FROM registry_child WHERE id = %(child)s),{_GATHER}{_scored(required)} SELECT * FROM scored"
    rows = _run(sql, required, {"child": child.pk})
    return _score(rows[0][1], rows[0][2:], required) if rows else Score(100, ())


def by_place(actor: Acting, area: str) -> list[Place]:
    """The places directly below ``area`` that hold files in care, worst first; one statement."""
    required = items()
    width = _WIDTHS[areas.level(area)]
    sql = f"""{_head(required)}
SELECT rpad(left(residence_area, {width}), 12, '0') AS place, count(*), round(avg(percent))::int,
       count(*) FILTER (WHERE percent = 100), count(*) FILTER (WHERE percent < {POOR})
  FROM scored JOIN kids USING (id) GROUP BY 1 ORDER BY 3, 1"""
    return [Place(*row) for row in _run(sql, required, _range(actor, area))]


def list_incomplete(actor: Acting, area: str, page: int = 1) -> tuple[list[Incomplete], bool]:
    """Files of the place that lack something, worst first, and whether there are more."""
    required = items()
    sql = f"""{_head(required)}
SELECT scored.* FROM scored JOIN kids USING (id) WHERE percent < 100
 ORDER BY percent, kids.residence_area, kids.name_pinyin, id LIMIT {PAGE + 1} OFFSET %(skip)s"""
    rows = _run(sql, required, _range(actor, area) | {"skip": (page - 1) * PAGE})
    children = Child.objects.in_bulk([row[0] for row in rows[:PAGE]])
    found = [
        Incomplete(children[row[0]], _score(row[1], row[2:], required))
        for row in rows[:PAGE]
        if row[0] in children
    ]
    return found, len(rows) > PAGE


def _head(required: list[Item]) -> str:
    kids = """WITH kids AS MATERIALIZED (SELECT * FROM registry_child
 WHERE residence_area >= %(lo)s AND residence_area < %(hi)s AND state = 'ACTIVE')"""
    return f"{kids},{_GATHER}{_scored(required)}"


def _scored(required: list[Item]) -> str:
    """The last two steps: each item as 1, 0 or NULL, then the share of the weights."""
    columns = ", ".join(f"{_column(item, at)} AS item_{at}" for at, item in enumerate(required))
    got = " + ".join(f"coalesce(item_{at} * {item.weight}, 0)" for at, item in enumerate(required))
    whole = " + ".join(
        f"CASE WHEN item_{at} IS NULL THEN 0 ELSE {item.weight} END" for at, item in enumerate(required)
    )
    names = ", ".join(f"item_{at}" for at in range(len(required)))
    return f""",
filled AS (SELECT kids.id, {columns}{_JOINED}),
scored AS (SELECT id, (100 * ({got}) / greatest({whole}, 1))::int AS percent, {names} FROM filled)"""


def _column(item: Item, at: int) -> str:
    """Codes and groups come from our own data, checked here; words are parameters."""
    there = f"papers.names LIKE ANY(%(words_{at})s)" if item.words else _THERE[item.code]
    schemes = [group for group in item.groups if group not in _GROUPS]
    required = [_GROUPS[group] for group in item.groups if group in _GROUPS]
    if schemes:
        required.append(f"rolls.schemes && %(schemes_{at})s::varchar[]")
    return f"CASE WHEN {' OR '.join(required)} THEN CASE WHEN {there} THEN 1 ELSE 0 END END"


def _run(sql: str, required: list[Item], values: dict[str, Any], on: date | None = None) -> list[Any]:
    given: dict[str, Any] = {"day": on or clock.today()} | values
    for at, item in enumerate(required):
        given[f"words_{at}"] = [f"%{word}%" for word in item.words]
        given[f"schemes_{at}"] = [group for group in item.groups if group not in _GROUPS]
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        rows: list[Any] = cursor.fetchall()
        return rows


def _range(actor: Acting, area: str) -> dict[str, Any]:
    lo, hi = actor.scope.within(area)
    return {"lo": lo, "hi": hi}


def _score(percent: int, marks: tuple[int | None, ...], required: list[Item]) -> Score:
    missing = [item for item, mark in zip(required, marks, strict=True) if mark == 0]
    return Score(percent, tuple(sorted(missing, key=lambda item: -item.weight)))
