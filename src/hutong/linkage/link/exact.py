"""Links by number, confirmed by name. A number under a wholly different name is somebody else's: never linked here."""

from __future__ import annotations

import pyarrow as pa

from hutong.kernel import names
from hutong.linkage.engine import Engine
from hutong.linkage.link import Thresholds


def link(engine: Engine, thresholds: Thresholds) -> None:
    """``listed`` × ``people`` → ``exact`` (seq, child_id, subject) and ``other_name`` (the same, refused by name)."""
    engine.sql("""
        CREATE OR REPLACE TABLE hits AS
        SELECT l.seq, p.child_id, p.subject, l.name AS listed_name, p.name AS person_name,
               l.birth_date = p.birth_date AS same_birth
        FROM people p JOIN listed l ON p.person_key = l.person_key
    """)
    grade_names(engine, "SELECT listed_name, person_name FROM hits", "hit_names")
    # One character may differ in a name of two as well (the grades cannot tell that from a namesake) where the
    # birth date the row states is the person's own: a borrowed number would bring its owner's birth date.
    same = (
        f"h.listed_name = h.person_name OR g.grade >= {thresholds.name_floor} "
        "OR (coalesce(h.same_birth, false) AND levenshtein(h.listed_name, h.person_name) <= 1)"
    )
    joined = "hits h LEFT JOIN hit_names g ON g.a = h.listed_name AND g.b = h.person_name"
    engine.sql(
        f"CREATE OR REPLACE TABLE exact AS SELECT DISTINCT h.seq, h.child_id, h.subject FROM {joined} WHERE {same}"
    )
    engine.sql(f"""
        CREATE OR REPLACE TABLE other_name AS SELECT DISTINCT h.seq, h.child_id, h.subject
        FROM {joined} WHERE NOT ({same})
    """)


def grade_names(engine: Engine, pairs: str, name: str) -> None:
    """Table ``name`` (a, b, grade) of the likeness of every differing pair of names the query ``pairs`` gives."""
    found = engine.rows(f"SELECT DISTINCT a, b FROM ({pairs}) AS p(a, b) WHERE a <> b ORDER BY a, b")
    engine.register(
        f"{name}_graded",
        pa.table(
            {
                "a": pa.array([a for a, _ in found], pa.string()),
                "b": pa.array([b for _, b in found], pa.string()),
                "grade": pa.array([names.similarity(a, b) for a, b in found], pa.float64()),
            }
        ),
    )
    engine.sql(f"CREATE OR REPLACE TABLE {name} AS SELECT * FROM {name}_graded")
