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
    """The facts of ``source`` as parts in ``folder``, split by whom something is told of."""
    columns = [row[0] for row in con.execute(f"DESCRIBE FROM {source}").fetchall() if row[0] in FACTS_BY_NAME]
    own = [c for c in columns if c not in COMMON and not c.startswith(PARENT_PREFIXES)]
    father, mother = (_heard(columns, prefix) for prefix in PARENT_PREFIXES)
    child = _any_told(own)
    groups = {
        "plain": f"NOT ({father} OR {mother} OR {child})",
        "child": f"NOT ({father} OR {mother}) AND {child}",
        "father": f"{father} AND NOT ({mother} OR {child})",
        "mother": f"{mother} AND NOT ({father} OR {child})",
    }
    groups["several"] = f"NOT ({' OR '.join(f'({said})' for said in groups.values())})"
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for name, said in groups.items():
        files.append(folder / f"{name}.parquet")
        con.execute(f"COPY (FROM {source} WHERE {said}) TO {_text(files[-1])} (FORMAT parquet)")
    return files


def _heard(columns: Sequence[str], prefix: str) -> str:
    """Anything but that the parent is on file."""
    known = f"{prefix}_known"
    told = _any_told([c for c in columns if c.startswith(prefix) and c != known])
    return f"({told} OR {known} IS NOT TRUE)" if known in columns else told


def _any_told(columns: Sequence[str]) -> str:
    return f"({' OR '.join(f'{c} IS NOT NULL' for c in columns) or 'FALSE'})"


def _part(con: Any, book: Book, file: Path, outputs: Mapping[str, str], closed: bool) -> str:
    source = f"read_parquet({_text(file)})"
    held = {row[0]: row[1] for row in con.execute(f"DESCRIBE FROM {source}").fetchall()}
    _check(file, held)
    same = _same(file)
    columns = [name for name in held if name in FACTS_BY_NAME and same.get(name, "") is not None]
    return f"({book.sql(source, outputs, columns=columns, same=same, closed=closed)})"


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


def _same(file: Path) -> dict[str, Value]:
    """Facts with one value (or none at all) in the whole file, by its statistics."""
    import pyarrow.parquet as pq

    read = pq.read_metadata(file)
    found: dict[str, Value] = {}
    for at in range(read.num_columns):
        name = read.schema.column(at).path
        kept = [read.row_group(group).column(at).statistics for group in range(read.num_row_groups)]
        if name not in FACTS_BY_NAME or any(s is None or not s.has_null_count for s in kept):
            continue
        if sum(s.null_count for s in kept) == read.num_rows:
            found[name] = None
        elif all(s.has_min_max and s.null_count == 0 for s in kept):
            values = {value for s in kept for value in (s.min, s.max)}
            if len(values) == 1 and FACTS_BY_NAME[name].type == "bool":
                found[name] = values.pop()
    return found


def _text(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
