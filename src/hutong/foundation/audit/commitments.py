"""What the tree says of a log row, and the SQL that says it (ADR 0017).

An entry of the tree is 41 bytes: kind, row id, commitment = SHA-256(salt ‖ content). The salt lies apart (``audit_salt``,
closed to the web role): an entry tells nothing about its row, and once row and salt are destroyed nothing can be tried
against it, while the tree still verifies.

The content is the row as PostgreSQL's own jsonb text without id and transaction, without empty fields, the moment in UTC:
so a column added later with an empty default leaves old rows as they were and is covered from then on.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Final

CHANGE: Final = 1
READ: Final = 2
ERASURE: Final = 3
TABLES: Final = {CHANGE: "audit_change", READ: "audit_read", ERASURE: "audit_erasure"}
WORDS: Final = {CHANGE: "变更", READ: "查阅", ERASURE: "销毁"}

_ENTRY: Final = struct.Struct(">BQ32s")
ENTRY_SIZE: Final = _ENTRY.size
SALT_SIZE: Final = 16
LOCK: Final = 4_021_733
"""Number of the advisory lock under which one sequencer at a time folds, erases or exports."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the tree; its place is its sequence number."""

    kind: int
    row_id: int
    commitment: bytes

    def pack(self) -> bytes:
        return _ENTRY.pack(self.kind, self.row_id, self.commitment)

    @classmethod
    def unpack(cls, raw: bytes) -> Entry:
        return cls(*_ENTRY.unpack(raw))

    @property
    def label(self) -> str:
        """As the auditor reads it: 变更 #17."""
        return f"{WORDS.get(self.kind, '记录')} #{self.row_id}"


def content(alias: str) -> str:
    """SQL: the committed text of the log row ``alias``."""
    moment = f"to_char({alias}.at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"
    document = f"to_jsonb({alias}) - ARRAY['id', 'tx', 'at'] || jsonb_build_object('at', {moment})"
    return (
        f"(SELECT jsonb_object_agg(f.key, f.value)::text FROM jsonb_each({document}) AS f"
        " WHERE f.value <> 'null'::jsonb AND f.value <> '\"\"'::jsonb)"
    )


def _committed(salt: str, text: str) -> str:
    return f"sha256({salt} || convert_to({text}, 'UTF8'))"


def _fresh(where: str) -> str:
    return " UNION ALL ".join(
        f"SELECT {kind} AS kind, r.id AS row_id, r.at, {content('r')} AS content FROM {table} AS r WHERE {where}"
        f" AND NOT EXISTS (SELECT 1 FROM audit_leaf AS l WHERE l.kind = {kind} AND l.row_id = r.id)"
        for kind, table in TABLES.items()
    )


def _insert(where: str) -> str:
    """Fold what is found behind sequence number $1 - 1, in the order of its moments."""
    return f"""
    WITH fresh AS MATERIALIZED (
      SELECT found.*, uuid_send(gen_random_uuid()) AS salt FROM ({_fresh(where)}) AS found
    ), numbered AS MATERIALIZED (
      SELECT $1 + row_number() OVER (ORDER BY at, kind, row_id) - 1 AS seq, kind, row_id, content, salt FROM fresh
    ), salted AS (
      INSERT INTO audit_salt (seq, salt) SELECT seq, salt FROM numbered
    )
    INSERT INTO audit_leaf (seq, kind, row_id, commitment)
    SELECT seq, kind, row_id, {_committed("salt", "content")} FROM numbered ORDER BY seq"""


FOLD: Final = f"""
-- Single sequencer. Every row visible now and without a leaf gets one; a row not visible now belongs to a transaction that
-- is still running or has not begun, so its tx is not below this snapshot's xmin: from there the next fold looks. In another
-- cluster (a logical restore) transaction numbers mean nothing, so everything is looked at once.
CREATE OR REPLACE FUNCTION audit_fold() RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  here text;
  upper bigint;
  lower bigint;
  start bigint;
  made bigint;
BEGIN
  PERFORM pg_advisory_xact_lock({LOCK});
  here := (SELECT system_identifier::text FROM pg_control_system());
  upper := pg_snapshot_xmin(pg_current_snapshot())::text::bigint;
  SELECT f.looked_to INTO lower FROM audit_folding AS f WHERE f.cluster = here;
  start := COALESCE((SELECT max(seq) + 1 FROM audit_leaf), 0);
  IF lower IS NULL THEN
    EXECUTE $q$ {_insert("true")} $q$ USING start;
  ELSE
    EXECUTE $q$ {_insert("r.tx >= $2")} $q$ USING start, lower;
  END IF;
  GET DIAGNOSTICS made = ROW_COUNT;
  INSERT INTO audit_folding (id, cluster, looked_to, folded_at) VALUES (1, here, upper, clock_timestamp())
  ON CONFLICT (id) DO UPDATE SET cluster = EXCLUDED.cluster, looked_to = EXCLUDED.looked_to, folded_at = EXCLUDED.folded_at;
  RETURN made;
END $$
"""

_BY_KIND: Final = " UNION ALL ".join(
    f"SELECT l.seq, l.kind, l.row_id, l.commitment, {_committed('s.salt', content('r'))} AS found,"
    f" r.id IS NOT NULL AS present, s.seq IS NOT NULL AS salted, r.at"
    f" FROM audit_leaf AS l LEFT JOIN audit_salt AS s ON s.seq = l.seq LEFT JOIN {table} AS r ON r.id = l.row_id"
    f" WHERE l.kind = {kind} AND l.seq >= $1 AND l.seq < $2"
    for kind, table in TABLES.items()
)
RECOMPUTE: Final = f"SELECT * FROM ({_BY_KIND}) AS leaves ORDER BY seq"
"""$1 ≤ seq < $2: each leaf with what its row gives today."""

_SUSPECTS: Final = " UNION ALL ".join(
    f"SELECT l.seq, l.kind, l.commitment, s.salt, {content('r')} AS content FROM audit_leaf AS l"
    f" JOIN audit_salt AS s ON s.seq = l.seq JOIN {table} AS r ON r.id = l.row_id"
    f" WHERE l.kind = {kind} AND l.seq = ANY($1)"
    for kind, table in TABLES.items()
)
SWAPPED: Final = f"""
WITH suspects AS MATERIALIZED ({_SUSPECTS})
SELECT a.seq, b.seq FROM suspects AS a JOIN suspects AS b ON a.kind = b.kind AND a.seq <> b.seq
WHERE {_committed("a.salt", "b.content")} = a.commitment ORDER BY a.seq"""
"""$1: sequence numbers that do not fit; pairs (leaf, leaf whose row now holds its content)."""

_SEEN: Final = "SELECT f.looked_to FROM audit_folding AS f JOIN pg_control_system() AS c ON c.system_identifier::text = f.cluster"
UNFOLDED: Final = " UNION ALL ".join(
    f"SELECT {kind} AS kind, r.id AS row_id, r.at, COALESCE(COALESCE(r.tx, 0) < seen.looked_to, false) AS behind"
    f" FROM {table} AS r LEFT JOIN ({_SEEN}) AS seen ON true WHERE NOT EXISTS (SELECT 1 FROM audit_leaf AS l WHERE l.kind = {kind} AND l.row_id = r.id)"
    for kind, table in TABLES.items()
)
"""Rows without a leaf; ``behind``: where the sequencer will never look again, so somebody planted them."""


def _function(name: str, arguments: str, returns: str, query: str) -> str:
    return (
        f"CREATE OR REPLACE FUNCTION {name}({arguments}) RETURNS TABLE ({returns}) LANGUAGE sql STABLE SECURITY DEFINER\n"
        f"SET search_path = pg_catalog, public, pg_temp AS $f$ {query} $f$"
    )


FUNCTIONS: Final = (
    FOLD,
    _function(
        "audit_recompute", "low bigint, high bigint",
        "seq bigint, kind smallint, row_id bigint, commitment bytea, found bytea, present boolean, salted boolean, at timestamptz",
        RECOMPUTE,
    ),
    _function("audit_swapped", "suspects bigint[]", "seq bigint, other bigint", SWAPPED),
    _function("audit_unfolded", "", "kind integer, row_id bigint, at timestamptz, behind boolean", UNFOLDED),
)  # fmt: skip
"""The sequencer, and the verifier's questions for the web role: hashes and moments leave them, never content."""
NAMES: Final = (
    "audit_fold()", "audit_recompute(bigint, bigint)", "audit_swapped(bigint[])", "audit_unfolded()",
)  # fmt: skip
