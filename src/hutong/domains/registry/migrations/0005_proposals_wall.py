from django.db import migrations

from hutong.foundation.access.policies import of_child, protect
from hutong.foundation.audit.triggers import audited

NEVER = (
    "CREATE TRIGGER never_delete BEFORE DELETE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION registry_never_delete()"
)


class Migration(migrations.Migration):
    """A proposal is seen exactly where its child is; what is proposed is logged as changed, never with its content."""

    dependencies = [("registry", "0004_proposals"), ("audit", "0002_trigger"), ("access", "0002_wall")]
    operations = [
        protect("registry_proposal", of_child()),
        audited("registry_proposal", hidden=["form_key"]),
        protect("registry_proposalline", of_child()),
        audited("registry_proposalline", hidden=["old_sealed", "new_sealed"]),
        *(
            migrations.RunSQL(NEVER.format(table=table), f"DROP TRIGGER never_delete ON {table}")
            for table in ("registry_proposal", "registry_proposalline")
        ),
    ]
