"""Evidence → one row a child in the columns of ``kernel.facts``, as of the day.

Evidence is every linked row of a list and every verified circumstance. For each kind the interval that matters is
chosen: the one covering the day if there is one (the longest), else the latest that ended before it. What begins
after the day is not a fact yet.
"""

from __future__ import annotations

import re
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hutong.kernel.facts import DISABILITY_TYPES, FACTS, PARENTS
from hutong.linkage.engine import Engine

_SQL_TYPES = {"str": "VARCHAR", "date": "DATE", "bool": "BOOLEAN", "int": "BIGINT"}
_PARENT_FACTS = "('died','missing','prison','rehab','detention','revoked','deported','lost','dis','ill','work','emergency')"
_ENDING = "('missing','prison','rehab','detention','revoked','deported','work','low_income')"
_UNIT, _ZERO = 1_000_000, "1900-01-01"
"""Ranks count days from 1900; six digits hold more than any date in a register."""
_CHILD_FACTS = "('died','hiv','ill','low_income','adopted','emergency','dis')"

CHILD_COLUMNS: dict[str, str] = {
    "dropout": "CASE split_part(c.enrolment, '|', 1) WHEN '辍学' THEN 'confirmed' WHEN '疑似辍学' THEN 'suspected' END",
    "enrolled": "CASE split_part(c.enrolment, '|', 1) WHEN '在校' THEN true WHEN '辍学' THEN false "
    "WHEN '毕业' THEN false END",
    "school": "coalesce(c.school, nullif(split_part(c.enrolment, '|', 2), ''))",
    "adopted": "CASE WHEN e.adopted_on IS NOT NULL THEN true ELSE c.adopted END",
    "place": "coalesce(c.place, 'home')",
    "registered": "c.{key} IS NOT NULL",
    "hiv": "e.hiv",
    "ill": "e.ill",
    "foundling": "NULL",
    "police_cert": "NULL",
    "emergency_on": "coalesce(e.emergency_on, f.emergency_on, m.emergency_on)",
    "emergency_effect": "CASE WHEN e.emergency_on IS NOT NULL THEN e.emergency_effect "
    "WHEN f.emergency_on IS NOT NULL THEN f.emergency_effect ELSE m.emergency_effect END",
    "roll": "r.roll",
    "roll_monthly": "r.roll_monthly",
    "as_of": "DATE '{as_of}'",
}
"""Child columns that are not simply the registry's own (c) or the evidence's (e); f, m: the parents' rows."""


def derive(engine: Engine, as_of: date, children: pa.Table, listed: pa.Table) -> None:
    """Tables ``evidence`` (linked rows and verified facts, not future-dated; without enrolment) and the views ``told``
    (facts of the children of whom a list, the file or the roll says something), ``untold`` (of all others) and ``facts``
    (of those in ``found``, the children with a lead).

    Most children are untold, and the rules fold to almost nothing where every parent's column is known to be null.
    """
    _evidence(engine, as_of)
    _per_person(engine, "parent_facts", "child, subject", _PARENT_AGGREGATES, f"fact IN {_PARENT_FACTS}")
    _per_person(
        engine, "child_facts", "child", _CHILD_AGGREGATES, f"subject = 'child' AND fact IN {_CHILD_FACTS}"
    )
    engine.register(
        "pupils", children.append_column("enrolment", _schooling(engine, listed, children.num_rows))
    )
    engine.sql("""
        CREATE OR REPLACE TABLE roll_facts AS
        SELECT child, string_agg(DISTINCT scheme, ',' ORDER BY scheme) AS roll, sum(monthly)::BIGINT AS roll_monthly
        FROM roll GROUP BY child
    """)
    engine.sql("""
        CREATE OR REPLACE TABLE spoken_of AS
        SELECT child FROM parent_facts UNION SELECT child FROM child_facts UNION SELECT child FROM roll_facts
    """)
    _views(engine, as_of, "person_key" if "person_key" in children.column_names else "id_number")


def _views(engine: Engine, as_of: date, key: str) -> None:
    columns = _columns(as_of, key)
    engine.sql(f"CREATE OR REPLACE VIEW told AS {_joined(columns, 'spoken_of')}")
    nothing = re.sub(r"\b[efmr]\.\w+", "NULL", columns)
    engine.sql(
        f"CREATE OR REPLACE VIEW untold AS SELECT {nothing} FROM (FROM pupils ANTI JOIN spoken_of USING (child)) c"
    )
    # Those with a lead: asked for last, and narrowed before anything wide is joined.
    engine.sql("CREATE OR REPLACE TABLE found (child BIGINT)")
    engine.sql(f"CREATE OR REPLACE VIEW facts AS {_joined(columns, '(SELECT DISTINCT child FROM found)')}")


def _joined(columns: str, which: str) -> str:
    """The facts of the children in ``which``."""
    some = f"SEMI JOIN {which} w USING (child)"
    return f"""
        SELECT {columns} FROM (FROM pupils {some}) c
        LEFT JOIN (FROM child_facts {some}) e ON e.child = c.child
        LEFT JOIN (FROM roll_facts {some}) r ON r.child = c.child
        LEFT JOIN (FROM parent_facts {some} WHERE subject = 'father') f ON f.child = c.child
        LEFT JOIN (FROM parent_facts {some} WHERE subject = 'mother') m ON m.child = c.child
    """


def _schooling(engine: Engine, listed: pa.Table, children: int) -> pa.Array:
    """What the enrolment list says of each child, in row order; the last text of several. A scatter, since a child is
    its row number: the list names nearly every child, and a join would be the dearest of all."""
    rows = np.flatnonzero(np.asarray(pc.equal(listed.column("fact"), "enrolment")))
    if not len(rows):
        return pa.nulls(children, pa.string())
    first, last = int(rows[0]), int(rows[-1])
    encoded = listed.column("text_").slice(first, last - first + 1).combine_chunks()
    order = pc.sort_indices(encoded.dictionary)
    codes = np.argsort(np.asarray(order)).astype(np.int32)[np.asarray(encoded.indices)]
    links = engine.arrow(
        f"SELECT seq, child FROM links WHERE subject = 'child' AND seq BETWEEN {first} AND {last}"
    )
    best = np.full(children, -1, dtype=np.int32)
    np.maximum.at(best, np.asarray(links.column("child")), codes[np.asarray(links.column("seq")) - first])
    return pa.DictionaryArray.from_arrays(pa.array(best, mask=best < 0), encoded.dictionary.take(order))


def _evidence(engine: Engine, as_of: date) -> None:
    """``rank``: covering intervals first, then by latest end, then by earliest begin; equal ranks hold equal dates.

    Rows of one fact with one begin are one episode: an end somebody knows beats an end nobody has heard of, and a
    list (delivered later) beats the file, so that an early release raises a lead. ``stated_to`` keeps the row's own.
    """
    covers = f"CASE WHEN fact = 'dis' THEN coalesce(to_ >= '{as_of}', true) ELSE coalesce(to_ > '{as_of}', true) END"
    engine.sql(f"""
        CREATE OR REPLACE TABLE said AS
        SELECT k.child, k.subject, l.list, l.row, k.link, k.probability,
               fact, from_, to_, text_, number_, date2, flag
        FROM (FROM listed WHERE fact <> 'enrolment') l JOIN links k USING (seq)
        WHERE k.subject <> 'guardian' AND (from_ IS NULL OR from_ <= '{as_of}')
        UNION ALL
        SELECT child, subject, 'circumstances', row, 'exact', 1.0, fact, from_, to_, text_, number_, date2, flag
        FROM verified WHERE from_ IS NULL OR from_ <= '{as_of}'
    """)
    engine.sql(f"""
        CREATE OR REPLACE TABLE evidence AS
        WITH episodes AS (
            SELECT child, subject, fact, from_, coalesce(
                max(to_) FILTER (list <> 'circumstances'), max(to_)) AS end_
            FROM said WHERE fact IN {_ENDING} AND from_ IS NOT NULL
            GROUP BY ALL HAVING count(*) > 1 AND count(to_) > 0
        ), joined AS (
            SELECT t.* EXCLUDE (to_), coalesce(e.end_, t.to_) AS to_, t.to_ AS stated_to
            FROM said t LEFT JOIN episodes e USING (child, subject, fact, from_)
        )
        SELECT *, ({covers}) AS covers, ({covers})::BIGINT * {_UNIT * _UNIT}
          + coalesce(to_ - DATE '{_ZERO}', {_UNIT - 1})::BIGINT * {_UNIT}
          + ({_UNIT - 1} - coalesce(from_ - DATE '{_ZERO}', 0)) AS rank
        FROM joined
    """)


def _per_person(engine: Engine, table: str, keys: str, columns: dict[str, str], which: str) -> None:
    """One row a person; disabilities apart, since their twenty sums would be carried along for every row."""
    body, disabled = (
        ", ".join(f"{expression} AS {name}" for name, expression in some.items())
        for some in (columns, _DISABILITY)
    )
    engine.sql(f"""
        CREATE OR REPLACE TABLE {table} AS
        FROM (SELECT {keys}, {body} FROM evidence WHERE {which} GROUP BY {keys})
        LEFT JOIN (SELECT {keys}, {disabled} FROM evidence WHERE {which} AND fact = 'dis' GROUP BY {keys}) USING ({keys})
    """)


def _best(column: str, fact: str) -> str:
    """The begin or end held in the highest rank; cheaper than carrying the row along."""
    best = f"max(rank) FILTER (fact = '{fact}')"
    if column == "from_":
        return f"DATE '{_ZERO}' + ({_UNIT - 1} - {best} % {_UNIT})::INT"
    return f"DATE '{_ZERO}' + nullif({best} // {_UNIT} % {_UNIT}, {_UNIT - 1})::INT"


_PARENT_AGGREGATES: dict[str, str] = {
    "died_on": "min(from_) FILTER (fact = 'died')",
    "died_kind": "arg_min(text_, (from_, text_)) FILTER (fact = 'died')",
    "missing_on": _best("from_", "missing"),
    "missing_revoked_on": _best("to_", "missing"),
    "prison_from": _best("from_", "prison"),
    "prison_to": _best("to_", "prison"),
    "rehab_from": _best("from_", "rehab"),
    "rehab_to": _best("to_", "rehab"),
    "detention_from": _best("from_", "detention"),
    "detention_to": _best("to_", "detention"),
    "revoked_on": _best("from_", "revoked"),
    "restored_on": _best("to_", "revoked"),
    "deported_on": _best("from_", "deported"),
    "reentry_on": _best("to_", "deported"),
    "lost_since": "min(from_) FILTER (fact = 'lost')",
    "lost_accepted_on": "min(date2) FILTER (fact = 'lost')",
    "lost_receipt": "bool_or(flag) FILTER (fact = 'lost')",
    "lost_route": "min(text_) FILTER (fact = 'lost')",
    "ill_on": "min(from_) FILTER (fact = 'ill')",
    "work_since": _best("from_", "work"),
    "work_area": "arg_max(text_, (rank, text_)) FILTER (fact = 'work')",
    "work_returned_on": _best("to_", "work"),
    "emergency_on": "max(from_) FILTER (fact = 'emergency')",
    "emergency_effect": "arg_max(text_, (from_, text_)) FILTER (fact = 'emergency')",
}
_CHILD_AGGREGATES: dict[str, str] = {
    "died_on": "min(from_) FILTER (fact = 'died')",
    "hiv": "bool_or(true) FILTER (fact = 'hiv')",
    "ill": "bool_or(true) FILTER (fact = 'ill')",
    "low_income": "arg_min(text_, (-rank, text_)) FILTER (fact = 'low_income' AND covers)",
    "other_monthly": "max(number_) FILTER (fact = 'low_income' AND covers)",
    "adopted_on": "min(from_) FILTER (fact = 'adopted')",
    "emergency_on": "max(from_) FILTER (fact = 'emergency')",
    "emergency_effect": "arg_max(text_, (from_, text_)) FILTER (fact = 'emergency')",
}
# Valid certificates decide; only where none is valid do the expired ones stand, with the day the last ran out.
_DISABILITY: dict[str, str] = {
    **{
        f"dis_{code}": f"CASE WHEN bool_or(covers) FILTER (fact = 'dis') "
        f"THEN min(number_) FILTER (fact = 'dis' AND text_ = '{zh}' AND covers) "
        f"ELSE min(number_) FILTER (fact = 'dis' AND text_ = '{zh}') END"
        for code, zh in DISABILITY_TYPES.items()
    },
    "dis_expired_on": "CASE WHEN bool_or(covers) FILTER (fact = 'dis') THEN NULL ELSE max(to_) FILTER (fact = 'dis') END",
}


def _columns(as_of: date, key: str) -> str:
    parts = []
    for fact in FACTS:
        parent = next((p for p, _ in PARENTS if fact.name.startswith(f"{p}_")), None)
        bare = fact.name.removeprefix(f"{parent}_") if parent else fact.name
        if parent:
            own = {"known": f"c.{parent}_known", "unknown": "NULL"}
            expression = own.get(bare, f"{parent[0]}.{bare}")
        elif bare in CHILD_COLUMNS:
            expression = CHILD_COLUMNS[bare].format(as_of=as_of, key=key)
        else:
            derived = bare in _CHILD_AGGREGATES or bare in _DISABILITY
            expression = f"{'e' if derived else 'c'}.{bare}"
        parts.append(f"CAST({expression} AS {_SQL_TYPES[fact.type]}) AS {fact.name}")
    return ", ".join(parts)
