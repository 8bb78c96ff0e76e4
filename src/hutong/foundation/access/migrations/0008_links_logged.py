from django.db import migrations

from hutong.foundation.audit.triggers import audited

CLOSED = ("socialaccount_socialapp", "socialaccount_socialtoken")


class Migration(migrations.Migration):
    """Links to the unit's identity provider are logged; the tables allauth brings along and we do not use are closed
    (ADR 0031)."""

    dependencies = [
        ("access", "0007_second_steps_sealed"),
        ("audit", "0006_silent_columns"),
        ("socialaccount", "0006_alter_socialaccount_extra_data"),
    ]
    operations = [
        audited("socialaccount_socialaccount", hidden=["uid"]),
        *(
            migrations.RunSQL(f"COMMENT ON TABLE {table} IS 'closed'", f"COMMENT ON TABLE {table} IS NULL")
            for table in CLOSED
        ),
    ]
