"""Whom a row can be: children and kin as one table ``people``; and all lists as one table ``listed``.

One union and one join, not a join a list: fourteen probes of the same people cost more than everything else. Both are
put together column by column in Arrow, without copying what they are made of. Inside the engine a child is its row
number in the registry (``child``): joining on integers halves the cost.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hutong.linkage import standardise
from hutong.linkage.catalogue import LISTS
from hutong.linkage.engine import Engine

_CUSTODY = {"服刑": "prison", "强制隔离戒毒": "rehab", "其他限制人身自由": "detention"}
EVIDENCE = {
    "fact": pa.string(),
    "from_": pa.date32(),
    "to_": pa.date32(),
    "text_": pa.string(),
    "number_": pa.int64(),
    "date2": pa.date32(),
    "flag": pa.bool_(),
}
"""What any list says, in one form."""
# List → its fact and which of its columns stand where. custody and enrolment need a little more, see ``_special``.
FACTS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "deaths": ("died", {"from_": "death_date", "text_": "kind"}),
    "declared_missing": ("missing", {"from_": "declared_on", "to_": "revoked_on"}),
    "custody": ("", {"from_": "start_date", "to_": "end_date"}),
    "guardianship_revoked": ("revoked", {"from_": "revoked_on", "to_": "restored_on"}),
    "deported": ("deported", {"from_": "deported_on", "to_": "reentry_on"}),
    "lost_contact": ("lost", {"from_": "lost_since", "text_": "route", "date2": "accepted_on"}),
    "disability": ("dis", {"to_": "valid_to", "text_": "kind", "number_": "grade"}),
    "serious_illness": ("ill", {"from_": "diagnosed_on", "text_": "disease"}),
    "hiv": ("hiv", {"from_": "reported_on"}),
    "low_income": ("low_income", {"from_": "start_date", "to_": "end_date", "text_": "kind", "number_": "monthly"}),
    "enrolment": ("enrolment", {}),
    "migrant_work": ("work", {"from_": "since", "to_": "returned_on", "text_": "work_area"}),
    "adoptions": ("adopted", {"from_": "registered_on"}),
    "emergencies": ("emergency", {"from_": "occurred_on", "text_": "effect"}),
}  # fmt: skip

# Facts already verified: kind and detail as the registry writes them, in the form of the evidence.
VERIFIED = """
CREATE OR REPLACE VIEW verified AS
SELECT child, subject, row,
  CASE kind WHEN 'deaths' THEN 'died' WHEN 'declared_missing' THEN 'missing'
    WHEN 'custody' THEN CASE WHEN detail LIKE '%戒毒%' THEN 'rehab' WHEN detail LIKE '%限制%' THEN 'detention'
                             ELSE 'prison' END
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


def load_registry(engine: Engine, tables: Mapping[str, pa.Table]) -> pa.Table:
    """Show ``children`` (returned too), ``roll``, ``circumstances`` (each with ``child``), ``people`` and ``verified``.

    A column ``person_key`` (tokens instead of numbers) is joined on as it is, else the number is the key.
    """
    children, kin = _named(tables["children"]), _named(tables["kin"])
    numbers = np.arange(children.num_rows)
    ids = _whole(children.column("child_id"))
    at = {code: _child_of(ids, tables[code]) for code in ("kin", "roll", "circumstances")}
    for relation in ("father", "mother"):
        known = np.zeros(children.num_rows, dtype=bool)
        of_kind = np.asarray(pc.equal(kin.column("relation"), relation))
        known[at["kin"][of_kind & (at["kin"] >= 0)]] = True
        children = children.append_column(f"{relation}_known", pa.array(known))
    children = children.append_column("child", pa.array(numbers))
    engine.register("children", children)
    for code in ("roll", "circumstances"):
        table = tables[code].append_column("child", pa.array(at[code]))
        engine.register(code, table.filter(pa.array(at[code] >= 0)))
    kin = kin.append_column("child", pa.array(at["kin"])).filter(pa.array(at["kin"] >= 0))
    _people(engine, children, _once(kin))
    engine.sql(VERIFIED)
    return children


def _once(kin: pa.Table) -> pa.Table:
    """Without rows that say the same of the same child twice; looked for only where a child has two of one relation."""
    for relation in ("father", "mother", "guardian"):
        of_kind = np.asarray(kin.column("child"))[np.asarray(pc.equal(kin.column("relation"), relation))]
        if len(of_kind) and np.bincount(of_kind).max() > 1:
            keys = [
                "child",
                "relation",
                "person_key" if "person_key" in kin.column_names else "id_number",
                "name",
            ]
            numbered = kin.append_column("at", pa.array(np.arange(kin.num_rows)))
            first = numbered.group_by(keys).aggregate([("at", "min")]).column("at_min")
            return kin.take(pa.array(np.sort(np.asarray(first))))
    return kin


def _people(engine: Engine, children: pa.Table, kin: pa.Table) -> None:
    names = ["person_key", "child", "subject", "name", "birth_date", "sex", "area_code"]
    parts = []
    for table, area in ((children, "hukou_area"), (kin, "area_code")):
        count = table.num_rows
        own = table.column_names
        columns: list[Any] = [
            table.column("person_key" if "person_key" in own else "id_number"),
            table.column("child") if "child" in own else pa.array(np.arange(count)),
            table.column("relation") if "relation" in own else _constant("child", count),
            *(table.column(name) for name in ("name", "birth_date", "sex", area)),
        ]
        parts.append(pa.table(columns, names=names))
    people = pa.concat_tables(parts)
    engine.register("people", people.append_column("pid", pa.array(np.arange(people.num_rows))))


def load_lists(engine: Engine, tables: Mapping[str, pa.Table]) -> pa.Table:
    """All rows of all lists as ``listed`` (returned too): seq, list, row, the person's columns, the evidence columns."""
    parts = [_part(code, _named(tables[code])) for code in LISTS if code in tables]
    listed = pa.concat_tables(parts or [_part("hiv", _nothing())])
    listed = listed.append_column("seq", pa.array(np.arange(listed.num_rows)))
    engine.register("listed", listed)
    return listed


def _part(code: str, table: pa.Table) -> pa.Table:
    fact, columns = FACTS[code]
    count = table.num_rows
    own = table.column_names
    person = {
        "list": _constant(code, count),
        "row": table.column("row"),
        "person_key": table.column("person_key" if "person_key" in own else "id_number"),
        **{name: table.column(name) for name in ("name", "birth_date", "sex", "area_code")},
    }
    said: dict[str, Any] = {name: pa.nulls(count, kind) for name, kind in EVIDENCE.items()}
    said |= {name: table.column(column) for name, column in columns.items()}
    said["fact"] = _constant(fact, count)
    said |= _special(code, table)
    return pa.table({**person, **said})


def _special(code: str, table: pa.Table) -> dict[str, Any]:
    if code == "custody":
        return {"fact": _recoded(_whole(table.column("kind")), _CUSTODY)}
    if code == "enrolment":
        return {"text_": pc.binary_join_element_wise(table.column("status"), table.column("stage"), "|")}
    if code == "lost_contact":
        return {
            "text_": pc.fill_null(table.column("route"), "police"),
            "flag": pc.is_valid(table.column("receipt_no")),
        }
    return {"text_": pc.fill_null(table.column("kind"), "死亡")} if code == "deaths" else {}


def _recoded(values: pa.Array, codes: Mapping[str, str]) -> pa.Array:
    encoded = values.dictionary_encode()
    return pa.array([codes[v] for v in encoded.dictionary.to_pylist()], pa.string()).take(encoded.indices)


def _child_of(ids: pa.Array, table: pa.Table) -> Any:
    """Row number of each row's child; −1 for one that is not in the registry."""
    found = pc.index_in(table.column("child_id"), value_set=ids)
    return np.asarray(pc.fill_null(found, -1)).astype(np.int64)


def _named(table: pa.Table) -> pa.Table:
    at = table.column_names.index("name")
    return table.set_column(at, "name", standardise.clean_names(_whole(table.column("name"))))


def _nothing() -> pa.Table:
    names: Sequence[str] = ("name", "id_number", "sex", "area_code")
    columns = {name: pa.array([], pa.string()) for name in names}
    dates = {name: pa.array([], pa.date32()) for name in ("birth_date", "reported_on")}
    return pa.table({"row": pa.array([], pa.int64()), **columns, **dates})


def _constant(value: str, count: int) -> pa.Array:
    return pa.repeat(pa.scalar(value), count)


def _whole(column: Any) -> pa.Array:
    array = column.combine_chunks()
    if isinstance(array, pa.ChunkedArray):
        return pa.concat_arrays(array.chunks) if array.num_chunks else pa.array([], column.type)
    return array
