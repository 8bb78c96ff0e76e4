"""A bundle for somebody who trusts neither this program nor this database: what a witness keeps, and the rows themselves."""

from __future__ import annotations

import json
from pathlib import Path

from django.conf import settings
from django.db import connection

from hutong.foundation.audit import commitments, models
from hutong.foundation.audit.services.witnessing import export

_BLOCK = 20_000
_ROWS = " UNION ALL ".join(
    f"SELECT l.seq, encode(s.salt, 'hex') AS salt, {commitments.content('r')} AS content FROM audit_leaf AS l"
    f" JOIN audit_salt AS s ON s.seq = l.seq JOIN {table} AS r ON r.id = l.row_id"
    f" WHERE l.kind = {kind} AND l.seq >= %s AND l.seq < %s"
    for kind, table in commitments.TABLES.items()
)


def export_proof(directory: Path) -> int:
    """Write the bundle into an empty folder; rows written. Holds the log's content: hand it over as such.

    Only the owner of the tables can read salts.
    """
    assert settings.DB_AS_OWNER
    if directory.exists() and any(directory.iterdir()):
        raise ValueError(f"“{directory}”不是空目录，请换一个目录。")
    directory.mkdir(parents=True, exist_ok=True)
    directory.chmod(0o700)
    export(directory)
    last = models.Checkpoint.objects.order_by("-size").first()
    written = 0
    with (directory / "rows.jsonl").open("w", encoding="utf-8") as file, connection.cursor() as cursor:
        for low in range(0, last.size if last else 0, _BLOCK):
            high = min(low + _BLOCK, last.size if last else 0)
            cursor.execute(
                f"SELECT * FROM ({_ROWS}) AS found ORDER BY seq", [low, high] * len(commitments.TABLES)
            )
            for seq, salt, content in cursor.fetchall():
                file.write(
                    json.dumps({"seq": seq, "salt": salt, "content": content}, ensure_ascii=False) + "\n"
                )
                written += 1
    return written
