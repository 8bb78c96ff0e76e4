"""Links by number, confirmed by name. A number under a wholly different name is somebody else's: never linked here."""

from __future__ import annotations

import pyarrow as pa

from hutong.kernel import names
from hutong.linkage.engine import Engine
from hutong.linkage.link import Thresholds


def link(engine: Engine, thresholds: Thresholds) -> None:
    """``listed`` × ``people`` → ``exact`` (seq, pid, child, subject) and ``other_name`` (the same, refused by name).

    One character may differ in a name of two as well (the grades cannot tell that from a namesake) where the birth date
    the row states is the person's own: a borrowed number would bring its owner's birth date. (Bytes: a character has
    three.) Names are graded only where that does not settle it.
    """
    engine.sql("""
        CREATE OR REPLACE TABLE hits AS
        SELECT seq, pid, child, subject, confirmed,
               CASE WHEN NOT confirmed THEN listed_name END AS listed_name,
               CASE WHEN NOT confirmed THEN person_name END AS person_name
        FROM (
            SELECT l.seq, p.pid, p.child, p.subject, l.name AS listed_name, p.name AS person_name,
                   CASE WHEN l.name = p.name THEN true WHEN l.birth_date = p.birth_date
                        THEN levenshtein(l.name, p.name) <= 3 ELSE false END AS confirmed
            FROM people p JOIN listed l ON p.key = l.key
        )
    """)
    grade_names(engine, "SELECT listed_name, person_name FROM hits WHERE NOT confirmed", "hit_names")
    engine.sql(f"""
        CREATE OR REPLACE TABLE differing AS
        SELECT h.seq, h.pid, h.child, h.subject, coalesce(g.grade, 0) >= {thresholds.name_floor} AS confirmed
        FROM hits h LEFT JOIN hit_names g ON g.a = h.listed_name AND g.b = h.person_name WHERE NOT h.confirmed
    """)
    for name, rows in (
        (
            "exact",
            "FROM hits WHERE confirmed UNION ALL SELECT seq, pid, child, subject FROM differing WHERE confirmed",
        ),
        ("other_name", "FROM differing WHERE NOT confirmed"),
    ):
        engine.sql(f"CREATE OR REPLACE VIEW {name} AS SELECT seq, pid, child, subject {rows}")


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
