from django.db import migrations

from hutong.foundation.audit.triggers import FUNCTION


class Migration(migrations.Migration):
    """Columns whose very change must not be told: the log of the compartments keeps it."""

    dependencies = [("audit", "0005_explained")]
    operations = [migrations.RunSQL(FUNCTION, migrations.RunSQL.noop)]
