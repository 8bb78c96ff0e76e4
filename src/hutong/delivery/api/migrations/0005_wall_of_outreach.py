from importlib import import_module

from django.db import migrations

shut = import_module("hutong.delivery.api.migrations.0002_wall").shut


class Migration(migrations.Migration):
    """What policy found for a child, and what a family asked, exist for no system of a department."""

    dependencies = [("api", "0004_may_ask_the_rules"), ("outreach", "0002_wall")]
    operations = [shut("outreach_offer"), shut("outreach_question")]
