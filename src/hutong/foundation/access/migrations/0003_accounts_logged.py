from django.db import migrations

from hutong.foundation.audit.triggers import audited


class Migration(migrations.Migration):
    """Changes of accounts are logged; here, because accounts and audit do not know each other."""

    dependencies = [("access", "0002_wall"), ("accounts", "0002_cache"), ("audit", "0003_place_of_change")]
    operations = [audited("accounts_user", hidden=["password"])]
