from django.db import migrations


class Migration(migrations.Migration):
    """Which files are sealed is asked by nearly every statement. A column just added has no statistics, and a planner that knows
    nothing reads all children: it is told to use the partial index, and the statistics are made."""

    dependencies = [("registry", "0010_pairs_wall")]
    operations = [
        migrations.RunSQL(
            "ALTER FUNCTION registry_sealed_children() SET enable_seqscan = off; ANALYZE registry_child",
            "ALTER FUNCTION registry_sealed_children() RESET enable_seqscan",
        )
    ]
