"""Writing many rows that hold sealed columns: Django's own bulk_create takes its slow path for binary fields."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.db import connection
from django.db.models import Field, Model
from django.db.models.expressions import DatabaseDefault

_CHUNK: Final = 5000


def take_keys(model: type[Model], rows: Sequence[Model]) -> None:
    """Give every row its key from the table's sequence, so that nothing need come back from the insert."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [model._meta.db_table, len(rows)],
        )
        for row, (key,) in zip(rows, cursor.fetchall(), strict=True):
            row.pk = key


def insert(model: type[Model], rows: Sequence[Model]) -> None:
    """Insert rows whose keys are set: one array a column, one statement a chunk."""
    fields = model._meta.local_concrete_fields
    # text, not varchar(n): a cast to varchar(n) would cut long values off in silence
    types = [
        "text"
        if (kind := field.db_type(connection) or "").startswith("varchar")
        else kind.split(" generated")[0]
        for field in fields
    ]
    names = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    arrays = ", ".join(f"%s::{kind}[]" for kind in types)
    table = connection.ops.quote_name(model._meta.db_table)
    for start in range(0, len(rows), _CHUNK):
        chunk = rows[start : start + _CHUNK]
        # values as they are: every type used here is one psycopg knows
        columns = [[_given(row, field) for row in chunk] for field in fields]
        with connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO {table} ({names}) SELECT * FROM unnest({arrays})", columns)


def _given(row: Model, field: Field[Any, Any]) -> Any:
    """What the row says; where nothing was said, the constant the column itself would take."""
    found = getattr(row, field.attname)
    return field.db_default if isinstance(found, DatabaseDefault) else found
