from importlib import import_module

from django.db import migrations

shut = import_module("hutong.delivery.api.migrations.0002_wall").shut


class Migration(migrations.Migration):
    """A notice may name the child it is about: a department's system reads only those about nobody."""

    dependencies = [("api", "0002_wall"), ("registry", "0013_sealed_in_company")]
    operations = [shut("messaging_notice", "child_id IS NULL")]
