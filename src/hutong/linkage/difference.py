"""Entitled by the rules against listed on the roll → leads.

SUSPECTED   entitled and not on the roll
CHANGED     on the roll, entitled to another scheme
SHOULD_EXIT on the roll, not entitled, and something on record contradicts it: an end date, an age, a registration.
            A row that is merely missing from a list contradicts nothing and never makes a lead.
EMERGENCY   hit by a recent event
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from hutong.linkage.engine import Engine

LIVING = ("ORPHAN-I", "ORPHAN-S", "REF-ORPHAN", "DEFACTO")
KINDS = ("SUSPECTED", "SHOULD_EXIT", "CHANGED", "EMERGENCY")
OUTPUTS = (
    "scheme", "lb", "entitled_orphan", "entitled_ref_orphan", "entitled_defacto", "entitled_lb",
    "contradicted_living", "contradicted_lb", "undecided", "monthly_due",
)  # fmt: skip
"""Columns an evaluator adds to the facts."""

_GONE = ("died", "missing")
_FIVE = ("prison", "rehab", "detention", "revoked", "deported")
_EIGHT = (*_FIVE, "lost", "dis", "ill")
CITED: Mapping[str, tuple[str, ...]] = {
    "ORPHAN-I": _GONE,
    "ORPHAN-S": _GONE,
    "REF-ORPHAN": (*_GONE, *_FIVE, "hiv"),
    "DEFACTO": (*_GONE, *_EIGHT),
    "LB": (*_GONE, *_EIGHT, "work"),
    "": ("emergency",),
}
"""Which facts a lead of a scheme rests on, and so cites."""
RULES: Mapping[str, str] = {
    "ORPHAN-I": "orphan",
    "ORPHAN-S": "orphan",
    "REF-ORPHAN": "ref_orphan",
    "DEFACTO": "defacto",
    "LB": "lb",
}
"""Scheme → the rule whose tree explains an entitlement."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What the caller decides: the day each kind of lead is due, how far back an event is an emergency.

    ``left_behind``: whether the roll holds the left-behind list too. None = only if it names at least one such child;
    a list that was never handed in says nothing about who is missing from it.
    """

    due: Mapping[str, date] = field(default_factory=dict)
    emergency_days: int = 92
    left_behind: bool | None = None


def evaluate(engine: Engine, evaluator: Any) -> None:
    """Table ``evaluated``: child_id and the evaluator's columns, from two streaming passes, ``told`` and ``untold``."""
    columns = ", ".join(("child_id", *OUTPUTS))
    for part, start in (
        ("told", "CREATE OR REPLACE TABLE evaluated AS"),
        ("untold", "INSERT INTO evaluated"),
    ):
        engine.sql(f"{start} SELECT {columns} FROM ({evaluator(part)})")


def compares_left_behind(engine: Engine, terms: Terms) -> bool:
    if terms.left_behind is not None:
        return terms.left_behind
    return bool(engine.value("SELECT count(*) > 0 FROM roll WHERE scheme = 'LB'"))


def leads(engine: Engine, terms: Terms, as_of: date) -> None:
    """Table ``leads`` in the columns of the data contract §3, without ``why``."""
    _found(engine, terms, as_of)
    _cited(engine, as_of)
    due = " ".join(f"WHEN '{kind}' THEN DATE '{terms.due[kind]}'" for kind in KINDS if kind in terms.due)
    due_on = f"CASE f.kind {due} END" if due else "NULL::DATE"
    engine.sql(f"""
        CREATE OR REPLACE TABLE leads AS
        SELECT 'L' || left(sha256(concat_ws('|', f.child_id, f.kind, f.scheme, '{as_of}')), 20) AS lead_id,
          f.child_id, f.kind, f.scheme,
          (f.now / 100)::DECIMAL(12, 2) AS monthly_now, (f.due / 100)::DECIMAL(12, 2) AS monthly_due,
          f.residence_area AS area_code,
          coalesce(e.certain, true) AS certain, coalesce(e.probability, 1.0) AS probability,
          coalesce(e.evidence, '[]') AS evidence, {due_on} AS due_on
        FROM found f LEFT JOIN cited e ON e.child_id = f.child_id AND e.kind = f.kind AND e.scheme = f.scheme
    """)


def _found(engine: Engine, terms: Terms, as_of: date) -> None:
    living = ", ".join(f"'{scheme}'" for scheme in LIVING)
    since = as_of - timedelta(days=terms.emergency_days)
    engine.sql(f"""
        CREATE OR REPLACE TABLE paid AS
        SELECT child_id, list(scheme) AS schemes, sum(monthly) AS now FROM roll WHERE scheme IN ({living})
        GROUP BY child_id
    """)
    parts = [
        "SELECT e.child_id, 'SUSPECTED', e.scheme, NULL::BIGINT, e.monthly_due FROM evaluated e "
        "ANTI JOIN paid USING (child_id) WHERE e.scheme IS NOT NULL",
        "SELECT e.child_id, 'CHANGED', e.scheme, p.now, e.monthly_due FROM evaluated e JOIN paid p USING (child_id) "
        "WHERE e.scheme IS NOT NULL AND NOT list_contains(p.schemes, e.scheme)",
        f"SELECT DISTINCT e.child_id, 'SHOULD_EXIT', r.scheme, r.monthly, e.monthly_due FROM evaluated e "
        f"JOIN roll r USING (child_id) WHERE r.scheme IN ({living}) AND e.scheme IS NULL AND e.contradicted_living",
        f"SELECT c.child_id, 'EMERGENCY', '', NULL, NULL FROM (SELECT child, "
        f"max(from_) AS day FROM evidence WHERE fact = 'emergency'"
        f"GROUP BY child) JOIN children c USING (child) WHERE day > '{since}'",
    ]
    if compares_left_behind(engine, terms):
        parts += [
            "SELECT e.child_id, 'SUSPECTED', 'LB', NULL, NULL FROM evaluated e "
            "ANTI JOIN (FROM roll WHERE scheme = 'LB') r USING (child_id) WHERE e.entitled_lb",
            "SELECT DISTINCT e.child_id, 'SHOULD_EXIT', 'LB', r.monthly, NULL FROM evaluated e JOIN roll r "
            "USING (child_id) WHERE r.scheme = 'LB' AND NOT e.entitled_lb AND e.contradicted_lb",
        ]
    union = " UNION ALL ".join(parts)
    engine.sql(f"""
        CREATE OR REPLACE TABLE found AS SELECT f.*, c.child, c.row, c.birth_date, c.residence_area
        FROM ({union}) AS f(child_id, kind, scheme, now, due) JOIN children c ON c.child_id = f.child_id
    """)


def _cited(engine: Engine, as_of: date) -> None:
    """``cited``: a lead's evidence as JSON, the best row of each fact, with certainty over the links it uses."""
    pairs = ", ".join(f"('{scheme}', '{fact}')" for scheme, facts in CITED.items() for fact in facts)
    engine.sql(f"""
        CREATE OR REPLACE TABLE cited AS
        WITH wanted AS (
            SELECT f.child_id, f.kind, f.scheme, e.* EXCLUDE (child)
            FROM evidence e JOIN found f ON f.child = e.child
            LEFT JOIN (VALUES {pairs}) w(scheme, fact) ON w.scheme = f.scheme AND w.fact = e.fact
            WHERE (w.fact IS NOT NULL OR (f.kind = 'SHOULD_EXIT' AND e.fact = 'adopted'))
              AND (e.covers OR f.kind = 'SHOULD_EXIT')
        ), best AS (
            SELECT * FROM wanted QUALIFY row_number() OVER (
                PARTITION BY child_id, kind, scheme, subject, fact, CASE fact WHEN 'dis' THEN text_ END
                ORDER BY rank DESC, stated_to IS NOT DISTINCT FROM to_ DESC, link, probability DESC, list, row) = 1
        ), items AS (
            SELECT child_id, kind, scheme, list, row, subject, link, probability, fact, text_, from_, stated_to AS to_ FROM best
            UNION ALL
            SELECT f.child_id, f.kind, f.scheme, 'roll', r.row, 'child', 'exact', 1.0, 'roll', r.scheme, r.since, NULL
            FROM found f JOIN roll r ON r.child = f.child WHERE f.kind IN ('SHOULD_EXIT', 'CHANGED')
            UNION ALL
            SELECT f.child_id, f.kind, f.scheme, 'children', f.row, 'child', 'exact', 1.0, 'birth_date', NULL,
                   f.birth_date, NULL
            FROM found f WHERE f.kind = 'SHOULD_EXIT'
        )
        SELECT child_id, kind, scheme, bool_and(link = 'exact') AS certain,
          round(product(probability ORDER BY probability), 4) AS probability,
          to_json(list({{'list': list, 'row': row, 'subject': subject, 'link': link, 'probability': probability,
            'fact': fact, 'detail': text_, 'from': from_, 'to': to_}} ORDER BY list, row, subject, fact)) AS evidence
        FROM items GROUP BY child_id, kind, scheme
    """)


def rule_of(kind: str, scheme: str) -> str | None:
    """The rule whose explanation tells why there is this lead; None for an emergency."""
    if kind == "SHOULD_EXIT":
        return "contradicted_lb" if scheme == "LB" else "contradicted_living"
    return RULES.get(scheme)
