from django.db import migrations

from hutong.foundation.access.policies import in_range, of_child, protect
from hutong.foundation.audit.triggers import audited

# The sending side sees its moves by place, also when the child is no longer its own: that is its history. The receiving post
# sees a move while the child is lent to it, afterwards by its own place; before and after a refusal it sees nothing.
MOVE = f"({in_range('from_area')} OR {of_child()})"


class Migration(migrations.Migration):
    dependencies = [("registry", "0006_moves"), ("access", "0002_wall"), ("audit", "0002_trigger")]
    operations = [
        protect("registry_move", MOVE),
        audited("registry_move", hidden=["child_name", "form_key"]),
        protect("registry_exit", of_child()),
        audited("registry_exit"),
        *(
            migrations.RunSQL(
                f"CREATE TRIGGER never_delete BEFORE DELETE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION registry_never_delete()",
                f"DROP TRIGGER never_delete ON {table}",
            )
            for table in ("registry_move", "registry_exit")
        ),
    ]
