"""Whom a row can be: children and kin as one view ``people``; and all lists as one table ``listed``.

One union and one join, not a join a list: fourteen probes of the same people cost more than everything else. Both are
put together column by column in Arrow, without copying what they are made of. Inside the engine a child is its row
number in the registry (``child``) and a number an integer (``key``): joining on integers halves the cost.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hutong.linkage import digits, standardise
from hutong.linkage.catalogue import LISTS
from hutong.linkage.contract import RELATIONS
from hutong.linkage.engine import Engine

_CUSTODY = {"服刑": "prison", "强制隔离戒毒": "rehab", "其他限制人身自由": "detention"}
CODED = pa.dictionary(pa.int32(), pa.string())
"""Texts that repeat themselves, as numbers into a dictionary: compared once a dictionary, not once a row."""
EVIDENCE = {
    "fact": CODED,
    "from_": pa.date32(),
    "to_": pa.date32(),
    "text_": CODED,
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
FROM circumstances WHERE kind NOT IN ('judged_unable', 'judged_able')
"""


Column = Any  # an Arrow array or chunked array


class Numbers:
    """Keys as integers, equal where the texts are equal. What is not seventeen digits and a digit or X (a passport, a
    token) counts down from −1 as the registry brings it; a list's text the registry does not know is nobody's: null."""

    def __init__(self) -> None:
        self._odd = pa.array([], pa.string())

    def learn(self, column: Column) -> pa.ChunkedArray:
        return self._keys(column, learn=True)

    def find(self, column: Column) -> pa.ChunkedArray:
        return self._keys(column, learn=False)

    def _keys(self, column: Column, learn: bool) -> pa.ChunkedArray:
        pieces = column.chunks if isinstance(column, pa.ChunkedArray) else [column]
        return pa.chunked_array([self._piece(piece, learn) for piece in pieces], pa.int64())

    def _piece(self, texts: pa.Array, learn: bool) -> pa.Array:
        keys, known = digits.packed(texts)
        odd = np.flatnonzero(~known & np.asarray(texts.is_valid()))
        if len(odd):
            strange = texts.take(pa.array(odd))
            if learn:
                new = strange.filter(pc.invert(pc.is_in(strange, value_set=self._odd))).unique()
                self._odd = pa.concat_arrays([self._odd, new])
            found = np.asarray(pc.fill_null(pc.index_in(strange, value_set=self._odd), -1))
            keys[odd], known[odd] = -1 - found, found >= 0
        return pa.array(keys, mask=~known)


def load_registry(engine: Engine, tables: Mapping[str, pa.Table], numbers: Numbers) -> pa.Table:
    """Show ``children`` (returned too), ``roll``, ``circumstances`` (each with ``child``), ``people`` and ``verified``.

    A column ``person_key`` (tokens instead of numbers) stands for the number.
    """
    children, kin = _named(tables["children"]), _named(tables["kin"])
    ids = _whole(children.column("child_id"))
    at = {code: _child_of(ids, tables[code]) for code in ("kin", "roll", "circumstances")}
    kin = kin.append_column("child", pa.array(at["kin"]))
    if len(at["kin"]) and at["kin"].min() < 0:
        kin = kin.filter(pa.array(at["kin"] >= 0))
    children = children.append_column("child", pa.array(np.arange(children.num_rows, dtype=np.int32)))
    children, kin = _relations(children, kin)
    engine.register("children", children)
    for code in ("roll", "circumstances"):
        table = tables[code].append_column("child", pa.array(at[code]))
        engine.register(code, table.filter(pa.array(at[code] >= 0)))
    _people(engine, children, kin, numbers)
    engine.sql(VERIFIED)
    return children


def _relations(children: pa.Table, kin: pa.Table) -> tuple[pa.Table, pa.Table]:
    """The children with whether a father and a mother are on file; the kin without rows that say the same of the same
    child twice, looked for only where a child has two of one relation."""
    child, twice = np.asarray(kin.column("child")), False
    for relation in dict.fromkeys(RELATIONS.values()):
        whose = child[np.asarray(pc.equal(kin.column("relation"), relation))]
        known = np.zeros(children.num_rows, dtype=bool)
        known[whose] = True
        twice |= int(known.sum()) < len(whose)
        if relation != "guardian":
            children = children.append_column(f"{relation}_known", pa.array(known))
    return children, _once(kin) if twice else kin


def _once(kin: pa.Table) -> pa.Table:
    keys = ["child", "relation", _key_of(kin), "name"]
    numbered = kin.append_column("at", pa.array(np.arange(kin.num_rows)))
    first = numbered.group_by(keys).aggregate([("at", "min")]).column("at_min")
    return kin.take(pa.array(np.sort(np.asarray(first))))


def _people(engine: Engine, children: pa.Table, kin: pa.Table, numbers: Numbers) -> None:
    """``people``: pid, key, person_key (as text), child, subject and what tells a person apart. Two tables under one
    view, their columns as they were read."""
    first = 0
    for name, table, area, subject in (
        ("children_as_people", children, "hukou_area", _constant("child", children.num_rows)),
        ("kin_as_people", kin, "area_code", kin.column("relation")),
    ):
        columns = {
            "pid": pa.array(np.arange(first, first + table.num_rows, dtype=np.int32)),
            "key": numbers.learn(table.column(_key_of(table))),
            "person_key": table.column(_key_of(table)),
            "child": table.column("child"),
            "subject": subject,
            **{column: table.column(column) for column in ("name", "birth_date", "sex")},
            "area_code": table.column(area),
        }
        engine.register(name, pa.table(columns))
        first += table.num_rows
    engine.sql("CREATE OR REPLACE VIEW people AS FROM children_as_people UNION ALL FROM kin_as_people")


def _key_of(table: pa.Table) -> str:
    return "person_key" if "person_key" in table.column_names else "id_number"


def load_lists(engine: Engine, tables: Mapping[str, pa.Table], numbers: Numbers) -> pa.Table:
    """All rows of all lists as ``listed`` (returned too): seq, list, row, the person's columns, the evidence columns."""
    parts = [_part(code, _named(tables[code]), numbers) for code in LISTS if code in tables]
    listed = pa.concat_tables(parts or [_part("hiv", _nothing(), numbers)])
    listed = listed.append_column("seq", pa.array(np.arange(listed.num_rows, dtype=np.int32)))
    engine.register("listed", listed)
    return listed


def _part(code: str, table: pa.Table, numbers: Numbers) -> pa.Table:
    fact, columns = FACTS[code]
    count = table.num_rows
    person = {
        "list": _constant(code, count),
        "row": table.column("row"),
        "key": numbers.find(table.column(_key_of(table))),
        "person_key": table.column(_key_of(table)),
        **{name: table.column(name) for name in ("name", "birth_date")},
        **{name: _coded(table.column(name)) for name in ("sex", "area_code")},
    }
    said: dict[str, Any] = {name: pa.nulls(count, kind) for name, kind in EVIDENCE.items()}
    said |= {name: table.column(column) for name, column in columns.items()}
    said["fact"] = _constant(fact, count)
    said |= _special(code, table)
    return pa.table({**person, **said, "text_": _coded(said["text_"])})


def _special(code: str, table: pa.Table) -> dict[str, Any]:
    if code == "custody":
        return {"fact": _recoded(table.column("kind"), _CUSTODY)}
    if code == "enrolment":
        return {"text_": _both(table.column("status"), table.column("stage"))}
    if code == "lost_contact":
        return {
            "text_": pc.fill_null(_plain(table.column("route")), "police"),
            "flag": pc.is_valid(table.column("receipt_no")),
        }
    return {"text_": pc.fill_null(_plain(table.column("kind")), "死亡")} if code == "deaths" else {}


def _recoded(values: Column, codes: Mapping[str, str]) -> pa.Array:
    encoded = _coded(values)
    texts = pa.array([codes[v] for v in encoded.dictionary.to_pylist()], pa.string())
    return pa.DictionaryArray.from_arrays(encoded.indices, texts)


def _both(first: Column, second: Column) -> pa.Array:
    """``first|second`` of each row."""
    a, b = _coded(first), _coded(second)
    texts = [f"{x}|{y}" for x in a.dictionary.to_pylist() for y in b.dictionary.to_pylist()]
    places = pc.add(pc.multiply(a.indices, pa.scalar(len(b.dictionary), pa.int32())), b.indices)
    return pa.DictionaryArray.from_arrays(places, pa.array(texts, pa.string()))


def _child_of(ids: pa.Array, table: pa.Table) -> Any:
    """Row number of each row's child; −1 for one that is not in the registry."""
    found = pc.index_in(table.column("child_id"), value_set=ids)
    return np.asarray(pc.fill_null(found, -1)).astype(np.int32)


def _named(table: pa.Table) -> pa.Table:
    at = table.column_names.index("name")
    names = [standardise.clean_names(piece) for piece in table.column("name").chunks]
    return table.set_column(at, "name", pa.chunked_array(names, pa.string()))


def _nothing() -> pa.Table:
    names: Sequence[str] = ("name", "id_number", "sex", "area_code")
    columns = {name: pa.array([], pa.string()) for name in names}
    dates = {name: pa.array([], pa.date32()) for name in ("birth_date", "reported_on")}
    return pa.table({"row": pa.array([], pa.int64()), **columns, **dates})


def _constant(value: str, count: int) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(np.zeros(count, np.int32)), pa.array([value], pa.string()))


def _coded(column: Column) -> pa.Array:
    array = _whole(column)
    if not pa.types.is_dictionary(array.type):
        return array.dictionary_encode()
    return pa.DictionaryArray.from_arrays(array.indices.cast(pa.int32()), array.dictionary)


def _plain(column: Column) -> Column:
    return column.cast(pa.string()) if pa.types.is_dictionary(column.type) else column


def _whole(column: Column) -> pa.Array:
    if not isinstance(column, pa.ChunkedArray):
        return column
    array = column.combine_chunks()
    if isinstance(array, pa.ChunkedArray):
        return pa.concat_arrays(array.chunks) if array.num_chunks else pa.array([], column.type)
    return array
