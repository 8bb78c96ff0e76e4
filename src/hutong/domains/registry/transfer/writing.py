"""The registry under a scope, as tables and as a folder."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet

from hutong.domains.registry.models import Child, Circumstance, Kinship, RollEntry
from hutong.domains.registry.transfer import permits
from hutong.domains.registry.transfer.tables import CHILDREN, PARENTS, TABLES, schema
from hutong.foundation.access import reading, vault
from hutong.foundation.access.acting import Acting
from hutong.foundation.access.explaining import Explanation
from hutong.foundation.access.scope import Scope, use_scope
from hutong.kernel import money

Progress = Callable[[int, int, str], None]
STATES = ("REGISTERED", "ACTIVE")
"""Drafts are not yet, closed files no longer, part of the registry."""
_CHUNK = 5000


def export_folder(
    directory: Path,
    who: Acting | Scope,
    progress: Progress | None = None,
    *,
    form: Literal["parquet", "csv"] = "parquet",
    permit: str = "",
) -> dict[str, int]:
    """Write the four tables of everything within scope to ``directory``; rows by table.

    An actor needs the right and an approved request (``permit``, its number), and leaves a line in the read log for each
    child; a bare scope is a job of the platform.
    ID numbers are written in full, as text: the directory is made for its owner only.
    """
    scope = who.scope if isinstance(who, Acting) else who
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    with use_scope(scope):
        if isinstance(who, Acting):
            who.check("registry.export")
            seen = list(Child.objects.filter(state__in=STATES).values_list("pk", "residence_area"))
            reading.record(who, seen, permits.check(who, permit, len(seen)), Explanation("export", permit))
        counts = {}
        for step, name in enumerate(TABLES):
            counts[name] = _write(directory, name, form)
            if progress:
                progress(step + 1, len(TABLES), f"已写出 {counts[name]} 行")
    return counts


def snapshot_tables(scope: Scope) -> dict[str, pa.Table]:
    """The four tables in memory, ID numbers opened: for use inside one job only."""
    with use_scope(scope):
        return {name: pa.Table.from_batches(_batches(name), schema(name)) for name in TABLES}


@contextmanager
def snapshot(scope: Scope, progress: Progress | None = None) -> Iterator[Path]:
    """A registry folder that exists only inside the ``with``, under ``VAR/tmp``, readable by this system user alone."""
    directory = Path(settings.VAR) / "tmp" / f"registry-{secrets.token_hex(8)}"
    directory.mkdir(parents=True, mode=0o700)
    try:
        export_folder(directory, scope, progress)
        yield directory
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def _write(directory: Path, name: str, form: str) -> int:
    path, rows = directory / f"{name}.{form}", 0
    for other in ("parquet", "csv"):
        (directory / f"{name}.{other}").unlink(missing_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        made: Any = (
            pq.ParquetWriter(file, schema(name)) if form == "parquet" else pacsv.CSVWriter(file, schema(name))
        )
        with made as writer:
            for batch in _batches(name):
                writer.write_batch(batch)
                rows += batch.num_rows
    return rows


def _batches(name: str) -> Iterator[pa.RecordBatch]:
    rows: list[tuple[Any, ...]] = []
    for row in _SOURCES[name]():
        rows.append(row)
        if len(rows) == _CHUNK:
            yield _batch(name, rows)
            rows = []
    if rows:
        yield _batch(name, rows)


def _batch(name: str, rows: list[tuple[Any, ...]]) -> pa.RecordBatch:
    wanted = schema(name)
    columns = [
        pa.array(values, field.type) for values, field in zip(zip(*rows, strict=True), wanted, strict=True)
    ]
    return pa.RecordBatch.from_arrays(columns, schema=wanted)


def _rows(query: QuerySet[Any], *fields: str) -> Iterator[tuple[Any, ...]]:
    return query.values_list(*fields).iterator(chunk_size=_CHUNK)


def _children() -> Iterator[tuple[Any, ...]]:
    fields = [column.code for column in CHILDREN[3:]]
    query = Child.objects.filter(state__in=STATES).order_by("file_no")
    for no, name, key, sealed, *rest in _rows(query, "file_no", "name", "public_id", "id_sealed", *fields):
        number = vault.open(sealed, "registry_child", key, "id_number")
        yield no, name, number or None, *(None if value == "" else value for value in rest)


def _kin() -> Iterator[tuple[Any, ...]]:
    query = Kinship.objects.filter(until__isnull=True, relation__in=list(PARENTS), child__state__in=STATES)
    # one relative entered twice and put together since: only the entry that stays
    query = query.exclude(
        Exists(
            Kinship.objects.filter(
                child=OuterRef("child"),
                relation=OuterRef("relation"),
                person=OuterRef("person__merged_into"),
                until__isnull=True,
            )
        )
    )
    fields = ("child__file_no", "relation", "person__name", "person_id", "person__id_sealed", "person__sex",
              "person__birth_date", "person__area_code")  # fmt: skip
    query = query.order_by("child__file_no", "relation", "person__name", "pk")
    for no, relation, name, key, sealed, sex, born, area in _rows(query, *fields):
        number = vault.open(sealed, "registry_person", key, "id_number")
        yield no, relation, name, number or None, sex, born, area or None


def _roll() -> Iterator[tuple[Any, ...]]:
    query = RollEntry.objects.filter(until__isnull=True, child__state__in=STATES).order_by(
        "child__file_no", "scheme"
    )
    for no, scheme, since, fen in _rows(query, "child__file_no", "scheme", "since", "monthly"):
        yield no, scheme, since, None if fen is None else money.format_yuan(fen)


def _circumstances() -> Iterator[tuple[Any, ...]]:
    # verified here, or taken over with a folder, whose facts are verified by the contract even where no day is given
    verified = Q(verified_on__isnull=False) | Q(intake__isnull=False)
    query = Circumstance.objects.filter(verified, superseded_at__isnull=True, child__state__in=STATES)
    query = query.exclude(subject="person").order_by("child__file_no", "subject", "kind", "since", "pk")
    fields = ("subject", "child__file_no", "kind", "since", "until", "detail", "evidence", "verified_on")
    for subject, no, kind, since, until, detail, evidence, day in _rows(query, *fields):
        yield subject, no, kind, since, until, detail or None, evidence or None, day


_SOURCES: dict[str, Callable[[], Iterator[tuple[Any, ...]]]] = {
    "children": _children,
    "kin": _kin,
    "roll": _roll,
    "circumstances": _circumstances,
}
