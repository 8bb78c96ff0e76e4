"""Links for rows whose number is missing, mistyped or somebody else's: by name, birth date, area and sex.

Fellegi–Sunter with weights in bits: log2 of how much oftener a feature is seen in a true pair than in a chance one.
The chance of a name, a village and of anybody at all is counted in this registry; the error rates of lists are from a
measured set of linked rows. Candidates of a row compete, so two people of one name and birth date share the weight.
"""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

from hutong.kernel import names
from hutong.linkage import digits, standardise
from hutong.linkage.engine import Engine
from hutong.linkage.link import Thresholds, repair
from hutong.linkage.link.exact import grade_names

NAME_BITS: tuple[tuple[float, float], ...] = (
    (names.DOTS_DIFFER, 8.0),
    (names.SOUND, 5.5),
    (names.LOOK, 5.5),
    (names.NEAR_SOUND, 3.0),
    (names.ONE_MISSING, 1.5),
    (names.SWAPPED, 1.0),
    (names.ONE_CHARACTER, 0.0),
    (names.SURNAME_ONLY, -4.0),
    (names.DIFFERENT, -8.0),
)
"""Bits for a name that is not equal, by grade of likeness; an equal name weighs by its rarity."""
BITS: Mapping[str, float] = {
    "birth_same": 14.0,
    "birth_implied": 11.0,
    "birth_near": 2.0,
    "birth_other": -6.5,
    "sex_same": 1.0,
    "sex_other": -7.0,
    "town_share": 0.15,
    "county_share": 0.05,
    "area_other": -3.0,
    "id_mended": 16.0,
    "id_two_valid": -9.0,
    "id_other": -5.0,
}
_LEAST = -12.0


def link(engine: Engine, thresholds: Thresholds) -> None:
    """Rows not in ``exact`` → table ``likely`` (seq, pid, child, subject, probability) of every candidate pair worth a look."""
    _residual(engine)
    _pairs(engine)
    grade_names(engine, "SELECT name, person_name FROM pairs", "pair_names")
    _score(engine)
    engine.sql(f"""
        CREATE OR REPLACE TABLE likely AS
        SELECT seq, pid, child, subject, probability FROM scored WHERE probability >= {thresholds.review}
    """)
    engine.drop("unlinked", "residual", "pairs", "pair_names", "name_counts", "scored")


def none(engine: Engine) -> None:
    """An empty ``likely``: exact links only."""
    engine.sql(
        "CREATE OR REPLACE TABLE likely AS SELECT *, 0.0::DOUBLE AS probability FROM exact WHERE false"
    )


def _residual(engine: Engine) -> None:
    """``residual``: rows without an exact link, their number judged, and a birth date where only the number has one."""
    engine.sql("""
        CREATE OR REPLACE TABLE unlinked AS
        SELECT seq, person_key, name, birth_date, sex, area_code FROM listed ANTI JOIN exact USING (seq)
    """)
    rows = engine.arrow("SELECT seq, person_key FROM unlinked")
    keys = _whole(rows.column("person_key"))
    valid = standardise.valid_ids(keys)
    engine.register("judged", pa.table({"seq": rows.column("seq"), "valid": pa.array(valid)}))
    implied = "TRY_STRPTIME(substr(person_key, 7, 8), '%Y%m%d')::DATE"
    engine.sql(f"""
        CREATE OR REPLACE TABLE residual AS
        SELECT u.* EXCLUDE (birth_date), coalesce(birth_date, {implied}) AS birth_date, {implied} AS implied_birth,
               j.valid AND coalesce(u.birth_date = {implied}, true) AS valid, j.valid AS whole
        FROM unlinked u JOIN judged j USING (seq)
    """)
    broken = engine.arrow("SELECT seq, person_key FROM residual WHERE NOT whole AND length(person_key) = 18")
    mended = repair.candidates(_whole(broken.column("seq")), _whole(broken.column("person_key")))
    keys, _ = digits.packed(_whole(mended.column("candidate")))
    engine.register("mended", mended.append_column("key", pa.array(keys)))


def _pairs(engine: Engine) -> None:
    """Candidate pairs from five blocks; the last two only for rows without a good number of their own.

    The engine's ``levenshtein`` counts bytes, and a Chinese character has three.
    """
    unusable = "(FROM residual WHERE NOT coalesce(valid, false)) r JOIN people p"
    same_county = "left(r.area_code, 6) = left(p.area_code, 6)"
    near = _near("r.birth_date", "p.birth_date")
    engine.sql(f"""
        CREATE OR REPLACE TABLE pairs AS
        WITH found AS (
            SELECT seq, pid FROM (
              SELECT seq, name, birth_date FROM residual
              UNION ALL SELECT seq, name, implied_birth FROM residual WHERE implied_birth <> birth_date
            ) r JOIN people p ON r.name = p.name AND r.birth_date = p.birth_date
            UNION ALL
            SELECT seq, pid FROM mended m JOIN people p USING (key)
            UNION ALL
            SELECT seq, pid FROM {unusable} ON r.birth_date = p.birth_date AND {same_county}
              WHERE r.name <> p.name AND levenshtein(r.name, p.name) <= 3
            UNION ALL
            SELECT seq, pid FROM {unusable} ON r.name = p.name AND {same_county}
              WHERE r.birth_date IS DISTINCT FROM p.birth_date
                AND (left(r.area_code, 9) = left(p.area_code, 9) OR {near})
        )
        SELECT r.*, p.pid, p.person_key AS other_key, p.child, p.subject, p.name AS person_name, p.birth_date AS person_birth,
               p.sex AS person_sex, p.area_code AS person_area, m.seq IS NOT NULL AS id_mended
        FROM (SELECT DISTINCT seq, pid FROM found) f JOIN people p USING (pid) JOIN residual r USING (seq)
        LEFT JOIN mended m ON m.seq = f.seq AND m.candidate = p.person_key
    """)


def _near(a: str, b: str) -> str:
    """Two of year, month and day agree, or the dates are a day apart."""
    return (
        f"((year({a}) = year({b}))::INT + (month({a}) = month({b}))::INT + (day({a}) = day({b}))::INT >= 2 "
        f"OR abs(date_diff('day', {a}, {b})) <= 1)"
    )


def _score(engine: Engine) -> None:
    count = max(int(engine.value("SELECT count(*) FROM people")), 1)
    engine.sql("""
        CREATE OR REPLACE TABLE name_counts AS
        SELECT name, count(*) AS n FROM people WHERE name IN (SELECT person_name FROM pairs) GROUP BY name
    """)
    towns, villages = engine.rows(
        "SELECT greatest(count(DISTINCT left(hukou_area, 9)), 1), greatest(count(DISTINCT hukou_area), 1) "
        "FROM children"
    )[0]
    engine.sql(f"""
        CREATE OR REPLACE TABLE scored AS
        WITH weighed AS (
            SELECT p.seq, p.pid, p.child, p.subject, coalesce(p.other_key, p.person_name || coalesce(p.person_birth::VARCHAR, p.pid::VARCHAR))
                AS person,
              -log2({count}) + {_name_bits(count)} + {_birth_bits()} + {_area_bits(towns, villages)}
              + {_sex_bits()} + {_id_bits()} AS bits
            FROM pairs p LEFT JOIN name_counts c ON c.name = p.person_name
            LEFT JOIN pair_names g ON g.a = p.name AND g.b = p.person_name
        ), persons AS (SELECT seq, person, max(bits) AS bits FROM weighed WHERE bits > {_LEAST} GROUP BY ALL),
        totals AS (SELECT seq, sum(pow(2, bits) ORDER BY bits) AS total FROM persons GROUP BY seq)
        SELECT b.seq, b.pid, b.child, b.subject, least(round(pow(2, b.bits) / (1 + t.total), 4), 0.9999) AS probability
        FROM weighed b JOIN totals t USING (seq)
    """)


def _name_bits(count: int) -> str:
    grades = " ".join(
        f"WHEN g.grade >= {grade} THEN {bits}" for grade, bits in sorted(NAME_BITS, reverse=True)
    )
    return f"CASE WHEN p.name = p.person_name THEN log2(0.97 * {count} / c.n) {grades} ELSE -8 END"


def _birth_bits() -> str:
    a, b = "p.birth_date", "p.person_birth"
    return (
        f"CASE WHEN {a} IS NULL OR {b} IS NULL THEN 0 WHEN {a} = {b} THEN {BITS['birth_same']} "
        f"WHEN p.whole AND p.implied_birth = {b} THEN {BITS['birth_implied']} "
        f"WHEN {_near(a, b)} THEN {BITS['birth_near']} ELSE {BITS['birth_other']} END"
    )


def _area_bits(towns: int, villages: int) -> str:
    a, b = "p.area_code", "p.person_area"
    return (
        f"CASE WHEN {a} IS NULL OR {b} IS NULL THEN 0 WHEN {a} = {b} THEN log2(0.75 * {villages}) "
        f"WHEN left({a}, 9) = left({b}, 9) THEN log2({BITS['town_share']} * {towns}) "
        f"WHEN left({a}, 6) = left({b}, 6) THEN -2 ELSE {BITS['area_other']} END"
    )


def _sex_bits() -> str:
    return (
        f"CASE WHEN p.sex IS NULL OR p.person_sex IS NULL THEN 0 WHEN p.sex = p.person_sex "
        f"THEN {BITS['sex_same']} ELSE {BITS['sex_other']} END"
    )


def _id_bits() -> str:
    """A good number of the row's own against another good number is strong evidence of two people."""
    return (
        f"CASE WHEN p.id_mended THEN {BITS['id_mended']} WHEN p.person_key IS NULL OR p.other_key IS NULL THEN 0 "
        f"WHEN p.valid THEN {BITS['id_two_valid']} WHEN p.whole THEN -1 ELSE {BITS['id_other']} END"
    )


def _whole(column: pa.ChunkedArray) -> pa.Array:
    array = column.combine_chunks()
    if isinstance(array, pa.ChunkedArray):
        return pa.concat_arrays(array.chunks) if array.num_chunks else pa.array([], column.type)
    return array
