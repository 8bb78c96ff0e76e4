"""Migration operation that puts a table under the change log (ADR 0003)."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.migrations import RunSQL

FUNCTION = """
-- a row that names no place is filed where it was changed: at the acting range
CREATE OR REPLACE FUNCTION audit_change_rows() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public SET enable_nestloop = off AS $$
DECLARE
  hidden text[] := COALESCE(string_to_array(TG_ARGV[1], ','), ARRAY[]::text[]);
  kid text := TG_ARGV[0];
  silent text[] := COALESCE(string_to_array(TG_ARGV[2], ','), ARRAY[]::text[]);
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO audit_change (at, "table", operation, row_id, child_id, area_code, actor_id, post_id, request_id, reason, diff)
    SELECT clock_timestamp(), TG_TABLE_NAME, TG_OP, fresh.doc->>'id', (fresh.doc->>kid)::bigint,
           COALESCE(fresh.doc->>'area_code', fresh.doc->>'residence_area', current_setting('app.lo', true), ''),
           NULLIF(current_setting('app.uid', true), '')::bigint, NULLIF(current_setting('app.post', true), '')::bigint,
           COALESCE(current_setting('app.req', true), ''), COALESCE(current_setting('app.reason', true), ''),
           (SELECT jsonb_object_agg(pair.key, CASE WHEN pair.key = ANY(hidden) THEN '["*"]'::jsonb ELSE jsonb_build_array(pair.value) END)
            FROM jsonb_each(fresh.doc) AS pair WHERE pair.value <> 'null'::jsonb AND pair.value <> '""'::jsonb AND pair.key <> ALL (silent))
    FROM (SELECT to_jsonb(made) AS doc FROM audit_new AS made) AS fresh;
  ELSIF TG_OP = 'DELETE' THEN
    INSERT INTO audit_change (at, "table", operation, row_id, child_id, area_code, actor_id, post_id, request_id, reason, diff)
    SELECT clock_timestamp(), TG_TABLE_NAME, TG_OP, gone.doc->>'id', (gone.doc->>kid)::bigint,
           COALESCE(gone.doc->>'area_code', gone.doc->>'residence_area', current_setting('app.lo', true), ''),
           NULLIF(current_setting('app.uid', true), '')::bigint, NULLIF(current_setting('app.post', true), '')::bigint,
           COALESCE(current_setting('app.req', true), ''), COALESCE(current_setting('app.reason', true), ''),
           (SELECT jsonb_object_agg(pair.key, CASE WHEN pair.key = ANY(hidden) THEN '["*", null]'::jsonb ELSE jsonb_build_array(pair.value, NULL) END)
            FROM jsonb_each(gone.doc) AS pair WHERE pair.value <> 'null'::jsonb AND pair.key <> ALL (silent))
    FROM (SELECT to_jsonb(lost) AS doc FROM audit_old AS lost) AS gone;
  ELSE
    INSERT INTO audit_change (at, "table", operation, row_id, child_id, area_code, actor_id, post_id, request_id, reason, diff)
    SELECT clock_timestamp(), TG_TABLE_NAME, TG_OP, both_rows.after->>'id', (both_rows.after->>kid)::bigint,
           COALESCE(both_rows.after->>'area_code', both_rows.after->>'residence_area', current_setting('app.lo', true), ''),
           NULLIF(current_setting('app.uid', true), '')::bigint, NULLIF(current_setting('app.post', true), '')::bigint,
           COALESCE(current_setting('app.req', true), ''), COALESCE(current_setting('app.reason', true), ''),
           both_rows.changed
    FROM (
      SELECT paired.after,
             (SELECT jsonb_object_agg(pair.key, CASE WHEN pair.key = ANY(hidden) THEN '["*", "*"]'::jsonb
                                                ELSE jsonb_build_array(paired.before->pair.key, pair.value) END)
              FROM jsonb_each(paired.after) AS pair
              WHERE pair.value IS DISTINCT FROM paired.before->pair.key AND pair.key <> ALL (silent)) AS changed
      FROM (SELECT to_jsonb(made) AS after, to_jsonb(lost) AS before
            FROM audit_new AS made JOIN audit_old AS lost ON lost.id = made.id) AS paired
    ) AS both_rows
    WHERE both_rows.changed IS NOT NULL;
  END IF;
  RETURN NULL;
END $$
"""


def audited(
    table: str, *, child: str = "child_id", hidden: Sequence[str] = (), silent: Sequence[str] = ()
) -> RunSQL:
    """Log every INSERT, UPDATE and DELETE on ``table`` (which must have an ``id``).

    ``child``: the column that names the child (``id`` for the child itself); ``hidden``: columns logged as changed
    but never with their content (ciphertexts, tokens); ``silent``: columns whose changes are not told at all, because
    that they changed is what must not be known and another log keeps it. Made again, it replaces what was there.
    """
    arguments = f"'{child}', '{','.join(hidden)}', '{','.join(silent)}'"
    forward = "".join(
        f"DROP TRIGGER IF EXISTS audit_{name} ON {table};\n" for name in ("insert", "update", "delete")
    )
    forward += "".join(
        f"CREATE TRIGGER audit_{operation.lower()} AFTER {operation} ON {table} REFERENCING {tables} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION audit_change_rows({arguments});\n"
        for operation, tables in (
            ("INSERT", "NEW TABLE AS audit_new"),
            ("UPDATE", "OLD TABLE AS audit_old NEW TABLE AS audit_new"),
            ("DELETE", "OLD TABLE AS audit_old"),
        )
    )
    back = "".join(f"DROP TRIGGER audit_{name} ON {table};\n" for name in ("insert", "update", "delete"))
    return RunSQL(forward, back)
