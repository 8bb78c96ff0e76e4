"""Every table that names a child hides her when her whole file is sealed (ADR 0014; TM-01)."""

import re

from django.db import connection

BY_AREA = re.compile(r"app\.(lo|hi|extra|post)")
OTHERWISE = {
    "registry_gram": "a sealed file has no grams (registry_write_grams)",
    "documents_document": "by area only where there is no child",
    "compartments_matter": "by area only where there is no child",
}
"""Tables whose policy compares areas and yet shows nothing of a sealed child: why."""


def test_a_table_that_names_a_child_follows_her_or_leaves_sealed_ones_out(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tables.tablename, COALESCE(policies.qual, '') FROM pg_tables AS tables "
            "JOIN information_schema.columns ON table_name = tablename AND column_name = 'child_id' "
            "LEFT JOIN pg_policies AS policies USING (schemaname, tablename) WHERE COALESCE(policies.permissive, '') <> 'RESTRICTIVE' AND schemaname = 'public'"
        )
        rows = cursor.fetchall()
    assert len(rows) > 15
    open_ones = [
        table
        for table, policy in rows
        if "registry_sealed_children" not in policy
        and table not in OTHERWISE
        and ("visible_child" not in policy or BY_AREA.search(policy))
    ]
    assert open_ones == [], "add policies.also(table, policies.unsealed()) in a migration of the app"
