from django.db import migrations

from hutong.foundation.audit.triggers import FUNCTION


class Migration(migrations.Migration):
    """The change trigger, and row security on both logs: readers see the log of their own range.

    Written out rather than through ``access.policies``: audit stands below access.
    """

    dependencies = [("audit", "0001_initial")]
    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION audit_change_rows() CASCADE"),
        migrations.RunSQL(
            """COMMENT ON TABLE audit_change IS 'read-only';
               COMMENT ON TABLE audit_read IS 'append-only';
               ALTER TABLE audit_change ENABLE ROW LEVEL SECURITY;
               CREATE POLICY scope ON audit_change USING
                 (area_code >= current_setting('app.lo', true) AND area_code < current_setting('app.hi', true));
               ALTER TABLE audit_read ENABLE ROW LEVEL SECURITY;
               CREATE POLICY scope ON audit_read USING
                 ((area_code >= current_setting('app.lo', true) AND area_code < current_setting('app.hi', true))
                  OR actor_id = NULLIF(current_setting('app.uid', true), '')::bigint)
                 WITH CHECK (actor_id = NULLIF(current_setting('app.uid', true), '')::bigint)""",
            """DROP POLICY scope ON audit_change; ALTER TABLE audit_change DISABLE ROW LEVEL SECURITY;
               DROP POLICY scope ON audit_read; ALTER TABLE audit_read DISABLE ROW LEVEL SECURITY""",
        ),
    ]
