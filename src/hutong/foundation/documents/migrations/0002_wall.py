from django.db import migrations

from hutong.foundation.access.policies import in_range, of_child, protect
from hutong.foundation.audit.triggers import audited

# a child's document is visible exactly when the child is; any other follows its area
SEEN = f"(child_id IS NULL AND {in_range()}) OR (child_id IS NOT NULL AND {of_child()})"


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0001_initial"),
        ("access", "0002_wall"),
        ("audit", "0002_trigger"),
        # the policy names the child table; no code here does
        ("registry", "0001_initial"),
    ]
    operations = [protect("documents_document", SEEN), audited("documents_document")]
