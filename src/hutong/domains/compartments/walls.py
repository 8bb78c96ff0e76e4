"""What migrations put around a compartment's tables (ADR 0014)."""

from __future__ import annotations

from django.db.migrations import RunSQL

from hutong.foundation.access.policies import OPENED, of_child, opened, protect

LOG_CHANGE = """
-- the log says that something sealed changed, when and by whom; not what, not of which compartment, not about which child
CREATE FUNCTION compartments_log_change() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public AS $$
BEGIN
  INSERT INTO audit_change (at, "table", operation, row_id, child_id, area_code, actor_id, post_id, request_id, reason, diff)
  VALUES (clock_timestamp(), 'sealed', TG_OP, CASE WHEN TG_OP = 'DELETE' THEN OLD.public_id ELSE NEW.public_id END, NULL,
          COALESCE(current_setting('app.lo', true), ''), NULLIF(current_setting('app.uid', true), '')::bigint,
          NULLIF(current_setting('app.post', true), '')::bigint, '', '', '{"*": ["*"]}');
  RETURN NULL;
END $$
"""
UNCHANGED = """
CREATE FUNCTION compartments_unchanged() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.body IS DISTINCT FROM OLD.body OR NEW.child_id <> OLD.child_id THEN
    RAISE EXCEPTION '专管资料不得改写：请注销后重新登记。' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
"""


def logged(table: str) -> RunSQL:
    """Every change of the table leaves a line that names nothing."""
    verbs = ("INSERT", "UPDATE", "DELETE")
    return RunSQL(
        "".join(
            f"CREATE TRIGGER audit_{verb.lower()} AFTER {verb} ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION compartments_log_change();\n"
            for verb in verbs
        ),
        "".join(f"DROP TRIGGER audit_{verb.lower()} ON {table};\n" for verb in verbs),
    )


def seal_table(table: str, compartment: str | None) -> list[RunSQL]:
    """Row security by the compartment's list and the child, the log without content, bodies that never change.

    None: a table of all compartments, which names its own in a column.
    """
    wall = opened(compartment) if compartment else f"compartment = ANY({OPENED})"
    return [
        protect(table, f"{wall} AND {of_child()}"),
        logged(table),
        RunSQL(
            f"CREATE TRIGGER never_delete BEFORE DELETE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION registry_never_delete()",
            f"DROP TRIGGER never_delete ON {table}",
        ),
        RunSQL(
            f"CREATE TRIGGER unchanged BEFORE UPDATE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION compartments_unchanged()",
            f"DROP TRIGGER unchanged ON {table}",
        ),
    ]
