"""Whom a row can be: children and kin as one table ``people``; and all lists as one table ``listed``.

One union and one join, not a join a list: fourteen probes of the same people cost more than everything else.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pyarrow as pa

from hutong.linkage import standardise
from hutong.linkage.catalogue import LISTS
from hutong.linkage.engine import Engine

PEOPLE = """
CREATE OR REPLACE VIEW people AS
SELECT {key} AS person_key, child_id, 'child' AS subject, name, birth_date, sex, hukou_area AS area_code FROM children
UNION ALL
SELECT {key}, child_id, relation, name, birth_date, sex, area_code FROM kin
"""

# What each list says, in the evidence columns: fact, from, to, text, number, date2, flag.
_FACTS: Mapping[str, str] = {
    "deaths": "'died', death_date, NULL, coalesce(kind, '死亡'), NULL, NULL, NULL",
    "declared_missing": "'missing', declared_on, revoked_on, NULL, NULL, NULL, NULL",
    "custody": "CASE kind WHEN '服刑' THEN 'prison' WHEN '强制隔离戒毒' THEN 'rehab' ELSE 'detention' END, "
    "start_date, end_date, NULL, NULL, NULL, NULL",
    "guardianship_revoked": "'revoked', revoked_on, restored_on, NULL, NULL, NULL, NULL",
    "deported": "'deported', deported_on, reentry_on, NULL, NULL, NULL, NULL",
    "lost_contact": "'lost', lost_since, NULL, coalesce(route, 'police'), NULL, accepted_on, receipt_no IS NOT NULL",
    "disability": "'dis', NULL, valid_to, kind, grade, NULL, NULL",
    "serious_illness": "'ill', diagnosed_on, NULL, disease, NULL, NULL, NULL",
    "hiv": "'hiv', reported_on, NULL, NULL, NULL, NULL, NULL",
    "low_income": "'low_income', start_date, end_date, kind, monthly, NULL, NULL",
    "enrolment": "'enrolment', NULL, NULL, status || '|' || stage, NULL, NULL, NULL",
    "migrant_work": "'work', since, returned_on, work_area, NULL, NULL, NULL",
    "adoptions": "'adopted', registered_on, NULL, NULL, NULL, NULL, NULL",
    "emergencies": "'emergency', occurred_on, NULL, effect, NULL, NULL, NULL",
}
EVIDENCE_COLUMNS = "fact, from_, to_, text_, number_, date2, flag"
_TYPES = ("VARCHAR", "DATE", "DATE", "VARCHAR", "BIGINT", "DATE", "BOOLEAN")

# The same for facts already verified: kind and detail as the registry writes them.
VERIFIED = """
CREATE OR REPLACE VIEW verified AS
SELECT child_id, subject, row,
  CASE kind WHEN 'deaths' THEN 'died' WHEN 'declared_missing' THEN 'missing'
    WHEN 'custody' THEN CASE WHEN detail LIKE '%戒毒%' THEN 'rehab' WHEN detail LIKE '%其他%' THEN 'detention'
                             WHEN detail LIKE '%限制%' THEN 'detention' ELSE 'prison' END
    WHEN 'guardianship_revoked' THEN 'revoked' WHEN 'lost_contact' THEN 'lost' WHEN 'disability' THEN 'dis'
    WHEN 'serious_illness' THEN 'ill' WHEN 'migrant_work' THEN 'work' WHEN 'adoptions' THEN 'adopted'
    WHEN 'emergencies' THEN 'emergency' ELSE kind END AS fact,
  "from" AS from_, "to" AS to_,
  CASE kind WHEN 'disability' THEN regexp_extract(detail, '视力|听力|言语|肢体|智力|精神|多重')
    WHEN 'deaths' THEN coalesce(detail, '死亡')
    WHEN 'lost_contact' THEN CASE WHEN detail LIKE '%评议%' OR detail = 'committee' THEN 'committee' ELSE 'police' END
    WHEN 'enrolment' THEN coalesce(detail, '在校') || '|' ELSE detail END AS text_,
  CASE kind WHEN 'disability'
    THEN TRY_CAST(translate(regexp_extract(detail, '[1-4一二三四]'), '一二三四', '1234') AS BIGINT) END AS number_,
  CASE kind WHEN 'lost_contact' THEN "from" END AS date2,
  CASE kind WHEN 'lost_contact' THEN true END AS flag
FROM circumstances
"""


def load_registry(engine: Engine, tables: Mapping[str, pa.Table]) -> None:
    """Show ``children``, ``kin``, ``roll``, ``circumstances`` and the view ``people`` and ``verified``.

    Tables with a column ``person_key`` (tokens instead of numbers) are joined on it as they are.
    """
    for code, table in tables.items():
        engine.register(code, _clean(table))
    tokens = "person_key" in tables["children"].column_names
    engine.sql(PEOPLE.format(key="person_key" if tokens else "id_number"))
    engine.sql(VERIFIED)


def load_lists(engine: Engine, tables: Mapping[str, pa.Table], as_of: date) -> None:
    """All rows of all lists as table ``listed``: seq, list, row, the person's columns, the evidence columns."""
    parts = []
    for code in LISTS:
        if code in tables:
            table = _clean(tables[code])
            engine.register(f"list_{code}", table)
            parts.append(_part(code, "person_key" in table.column_names))
    if not parts:
        parts = [_empty()]
    engine.sql(
        "CREATE OR REPLACE TABLE listed AS SELECT row_number() OVER () AS seq, * FROM ("
        + " UNION ALL ".join(parts)
        + ")"
    )


def _part(code: str, tokens: bool) -> str:
    names = EVIDENCE_COLUMNS.split(", ")
    exprs = _split(_FACTS[code])
    facts = ", ".join(f"CAST({e} AS {t}) AS {n}" for e, t, n in zip(exprs, _TYPES, names, strict=True))
    key = "person_key" if tokens else "id_number"
    return (
        f"SELECT '{code}' AS list, row, {key} AS person_key, name, birth_date, sex, area_code, {facts} "
        f"FROM list_{code}"
    )


def _split(text: str) -> list[str]:
    parts, depth, word = [], 0, ""
    for char in text:
        depth += (char == "(") - (char == ")")
        if char == "," and not depth:
            parts.append(word.strip())
            word = ""
        else:
            word += char
    return [*parts, word.strip()]


def _empty() -> str:
    return (
        "SELECT NULL::VARCHAR AS list, NULL::BIGINT AS row, NULL::VARCHAR AS person_key, NULL::VARCHAR AS name, "
        "NULL::DATE AS birth_date, NULL::VARCHAR AS sex, NULL::VARCHAR AS area_code, "
        + ", ".join(f"NULL::{t} AS {n}" for t, n in zip(_TYPES, EVIDENCE_COLUMNS.split(", "), strict=True))
        + " WHERE false"
    )


def _clean(table: pa.Table) -> pa.Table:
    if "name" not in table.column_names:
        return table
    at = table.column_names.index("name")
    column = table.column("name")
    array = pa.concat_arrays(column.chunks) if column.num_chunks > 1 else column.combine_chunks()
    if isinstance(array, pa.ChunkedArray):
        array = pa.concat_arrays(array.chunks) if array.num_chunks else pa.array([], pa.string())
    return table.set_column(at, "name", standardise.clean_names(array))
