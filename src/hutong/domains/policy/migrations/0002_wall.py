from django.db import migrations

from hutong.foundation.access.policies import look_only, of_child, protect
from hutong.foundation.audit.triggers import audited


class Migration(migrations.Migration):
    """A decision is seen with its child, and never changed."""

    dependencies = [("policy", "0001_initial"), ("registry", "0022_pastrow_wall"), ("access", "0002_wall")]
    operations = [
        protect("policy_decision", of_child(), append_only=True),
        look_only("policy_decision"),
        audited("policy_decision", hidden=["facts_sealed"]),
    ]
