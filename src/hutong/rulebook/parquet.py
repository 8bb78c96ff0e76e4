"""Facts in Parquet files in, the whole catalogue in one Parquet file out, by DuckDB.

Facts may come in parts, children alike in what is told of them together (``parted`` writes such parts): a column that
is empty or the same all through a file, as its statistics say, settles rules before a row is read. Any order, any
number of files is right; parts are only faster.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from hutong.rulebook.book import Book
from hutong.rulebook.expr import RuleError, Value
from hutong.rulebook.facts import FACTS_BY_NAME, PARENT_PREFIXES
from hutong.rulebook.fold import Columns

COMMON = frozenset(
    [
        "child_id",
        "as_of",
        "birth_date",
        "sex",
        "hukou_area",
        "residence_area",
        "registered",
        "rural",
        "lives_with",
        "place",
        "guard",
        "school",
        "enrolled",
    ]
)
"""Facts the register has of nearly every child."""
FEW = 0.01
"""Share of the children below which a part is not worth a statement of its own."""


def evaluate(
    book: Book,
    facts: Sequence[Path],
    out: Path,
    *,
    outputs: Mapping[str, str] | None = None,
    closed: bool = False,
    threads: int = 2,
    memory: str = "1GB",
) -> None:
    """``outputs`` (all of ``book.catalogue`` if not said; see ``Book.sql``) of every child in ``facts``, with
    ``child_id``, in no particular order.

    RuleError (Chinese) for a file without child_id, or with a column of the wrong type."""
    import duckdb

    with duckdb.connect(config={"threads": threads, "memory_limit": memory}) as con:
        con.execute("SET preserve_insertion_order = false")
        parts = [_part(con, book, file, outputs or book.catalogue, closed) for file in facts]
        con.execute(f"COPY ({' UNION ALL '.join(parts)}) TO {_text(out)} (FORMAT parquet)")


def parted(con: Any, source: str, folder: Path) -> list[Path]:
    """The facts of ``source`` as parts in ``folder``, by whom anything is told of; what few children share is one part."""
    columns = [row[0] for row in con.execute(f"DESCRIBE FROM {source}").fetchall() if row[0] in FACTS_BY_NAME]
    own = _any_told([c for c in columns if c not in COMMON and not c.startswith(PARENT_PREFIXES)])
    shape = " || ".join([*(_heard(columns, prefix) for prefix in PARENT_PREFIXES), f"({own})::INT::VARCHAR"])
    shape = f"({shape})"
    counted = con.execute(f"SELECT {shape} AS shape, count(*) FROM {source} GROUP BY 1 ORDER BY 1").fetchall()
    few = sum(count for _, count in counted) * FEW
    common = [said for said, count in counted if count >= few]
    groups = {said: f"= '{said}'" for said in common}
    if len(common) < len(counted):
        listed = ", ".join(f"'{said}'" for said in common) or "''"
        groups["rest"] = f"NOT IN ({listed})"
    folder.mkdir(parents=True, exist_ok=True)
    files = [folder / f"{name}.parquet" for name in groups]
    for file, said in zip(files, groups.values(), strict=True):
        con.execute(f"COPY (FROM {source} WHERE {shape} {said}) TO {_text(file)} (FORMAT parquet)")
    return files


def _heard(columns: Sequence[str], prefix: str) -> str:
    """2: something is told of the parent; 1: only that there is one on file; 0: nothing."""
    known = f"{prefix}_known"
    told = _any_told([c for c in columns if c.startswith(prefix) and c != known])
    on_file = f"WHEN {known} THEN '1'" if known in columns else ""
    return f"CASE WHEN {told} THEN '2' {on_file} ELSE '0' END"


def _any_told(columns: Sequence[str]) -> str:
    return f"({' OR '.join(f'{c} IS NOT NULL' for c in columns) or 'FALSE'})"


def _part(con: Any, book: Book, file: Path, outputs: Mapping[str, str], closed: bool) -> str:
    source = f"read_parquet({_text(file)})"
    held = {row[0]: row[1] for row in con.execute(f"DESCRIBE FROM {source}").fetchall()}
    _check(file, held)
    columns = _columns(file)
    return f"({book.sql(source, outputs, columns=columns, closed=closed)})"


_TYPES = {"str": ("VARCHAR",), "date": ("DATE",), "bool": ("BOOLEAN",), "int": ("BIGINT", "INTEGER", "SMALLINT", "TINYINT")}  # fmt: skip


def _check(file: Path, held: Mapping[str, str]) -> None:
    if "child_id" not in held:
        raise RuleError(f"{file.name} 没有 child_id 一列，判定结果无法对应到儿童，请补上档案号。")
    for name, kind in held.items():
        fact = FACTS_BY_NAME.get(name)
        if fact and kind not in _TYPES[fact.type]:
            raise RuleError(
                f"{file.name} 的“{name}”（{fact.label}）应为 {_TYPES[fact.type][0]}，现为 {kind}，请改正类型。"
            )


def _columns(file: Path) -> Columns:
    """What the statistics of a file tell of its facts."""
    import pyarrow.parquet as pq

    read = pq.read_metadata(file)
    names, full = [], []
    same: dict[str, Value] = {}
    for at in range(read.num_columns):
        name = read.schema.column(at).path
        kept = [read.row_group(group).column(at).statistics for group in range(read.num_row_groups)]
        if name not in FACTS_BY_NAME:
            continue
        names.append(name)
        if any(s is None or not s.has_null_count for s in kept):
            continue
        nulls = sum(s.null_count for s in kept)
        if nulls == read.num_rows:
            same[name] = None
        elif not nulls:
            full.append(name)
            values = (
                {value for s in kept for value in (s.min, s.max)} if all(s.has_min_max for s in kept) else ()
            )
            if len(values) == 1 and FACTS_BY_NAME[name].type == "bool":
                same[name] = next(iter(values))
    return Columns(names, same, full)


def _text(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
