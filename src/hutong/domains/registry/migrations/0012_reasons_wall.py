from django.db import migrations

from hutong.foundation.access.policies import also, unsealed


class Migration(migrations.Migration):
    """Who was let in, and why, goes out of sight with a sealed file (ADR 0014, ADR 0016)."""

    dependencies = [("registry", "0011_sealed_by_index"), ("access", "0006_grants_wall")]
    operations = [also("access_grant", unsealed()), also("access_statedreason", unsealed())]
