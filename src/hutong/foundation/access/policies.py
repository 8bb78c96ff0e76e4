"""Migration operations that put up the wall: row security, web-role grants (ADR 0002).

Only plain range comparison is used: it is what the planner estimates and what fails closed (no scope: the setting is
empty or null and selects nothing).
"""

from __future__ import annotations

from django.db.migrations import RunSQL

OPENED = "string_to_array(current_setting('app.sealed', true), ',')"
RANGE = "({column} >= current_setting('app.lo', true) AND {column} < current_setting('app.hi', true))"
EXTRA = "{column} = ANY(string_to_array(current_setting('app.extra', true), ',')::bigint[])"

LOOKING = "COALESCE({column} = ANY(string_to_array(COALESCE(current_setting('app.looking', true), ''), ',')::bigint[]), false)"


def in_range(column: str = "area_code") -> str:
    """Condition: the row's area lies in the acting range."""
    return RANGE.format(column=column)


def child_rows(residence: str = "residence_area", hukou: str = "hukou_area", key: str = "id") -> str:
    """Condition for the child table itself: by residence, by hukou, or assigned."""
    return f"({in_range(residence)} OR {in_range(hukou)} OR {EXTRA.format(column=key)})"


def of_child(column: str = "child_id") -> str:
    """Condition for what hangs on a child: visible exactly when the child is (the child's own policy applies inside)."""
    return f"EXISTS (SELECT 1 FROM registry_child AS visible_child WHERE visible_child.id = {column})"


def opened(compartment: str) -> str:
    """Condition: the compartment is open now, and the acting person is on its list today, over the acting range.

    The list is asked beside the setting: who left it sees nothing from the next statement on.
    """
    return (
        f"'{compartment}' = ANY({OPENED}) AND EXISTS (SELECT 1 FROM access_namedperson AS named "
        "WHERE named.user_id = NULLIF(current_setting('app.uid', true), '')::bigint "
        f"AND named.compartment = '{compartment}' AND named.state = 'ACTIVE' "
        "AND (named.until IS NULL OR named.until > (now() AT TIME ZONE 'Asia/Shanghai')::date))"
    )


def unsealed(column: str = "child_id") -> str:
    """Condition for rows that copy an area beside the child: not of a child whose whole file is sealed.

    The subquery is asked once a statement, not once a row.
    """
    return f"({column} IS NULL OR {column} <> ALL ((SELECT registry_sealed_children())::bigint[]))"


def own_post(column: str = "owner_post_id") -> str:
    """Condition: the row belongs to the acting post."""
    return f"{column} = NULLIF(current_setting('app.post', true), '')::bigint"


def role_is(*roles: str) -> str:
    """Condition: the acting role is one of these (for sealed or supervisory tables)."""
    names = ", ".join(f"'{role}'" for role in roles)
    return f"current_setting('app.role', true) IN ({names})"


def protect(table: str, using: str, check: str | None = None, *, append_only: bool = False) -> RunSQL:
    """Row security on ``table``: rows satisfying ``using`` exist, new rows must satisfy ``check`` (default the same).

    ``append_only`` takes UPDATE and DELETE from the web role. Grants themselves are given after migration.
    """
    statements = [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"CREATE POLICY scope ON {table} USING ({using}) WITH CHECK ({check or using})",
    ]
    if append_only:
        statements.append(f"COMMENT ON TABLE {table} IS 'append-only'")
    return RunSQL(
        ";\n".join(statements),
        f"DROP POLICY scope ON {table}; ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
    )


def also(table: str, condition: str) -> RunSQL:
    """Narrow the policy of ``table`` by ``condition``, for reading and writing alike, whatever the policy says now."""
    return RunSQL(
        f"""
        DO $narrow$
        DECLARE held record;
        BEGIN
          SELECT qual, COALESCE(with_check, qual) AS made INTO STRICT held
            FROM pg_policies WHERE schemaname = 'public' AND tablename = '{table}' AND policyname = 'scope';
          EXECUTE format($alter$ALTER POLICY scope ON {table} USING ((%s) AND ({condition.replace("%", "%%")}))
            WITH CHECK ((%s) AND ({condition.replace("%", "%%")}))$alter$, held.qual, held.made);
        END $narrow$
        """,
        RunSQL.noop,
    )


def look_only(table: str, column: str = "child_id") -> RunSQL:
    """Nothing of a child who is only looked at (``Scope.looking``) is written to ``table``; reading costs nothing."""
    changed = f"WITH CHECK (NOT {LOOKING.format(column=column)})"
    return RunSQL(
        f"CREATE POLICY looking_adds ON {table} AS RESTRICTIVE FOR INSERT {changed};"
        f"CREATE POLICY looking_changes ON {table} AS RESTRICTIVE FOR UPDATE USING (true) {changed}",
        f"DROP POLICY looking_adds ON {table}; DROP POLICY looking_changes ON {table}",
    )
