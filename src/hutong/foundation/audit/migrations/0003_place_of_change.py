from django.db import migrations

from hutong.foundation.audit.triggers import FUNCTION


class Migration(migrations.Migration):
    """The trigger function again: rows without a place of their own are filed under the acting range."""

    dependencies = [("audit", "0002_trigger")]
    operations = [migrations.RunSQL(FUNCTION, migrations.RunSQL.noop)]
