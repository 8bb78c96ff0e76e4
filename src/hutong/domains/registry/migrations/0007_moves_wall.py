from django.db import migrations

from hutong.foundation.access.policies import in_range, of_child, own_post, protect
from hutong.foundation.audit.triggers import audited

# The sending side sees its moves by place, also when the child is no longer its own: that is its history. On the receiving
# side only the post it was offered to sees it until receipt (and, when late, the county above); afterwards whoever sees the child.
MOVE = (
    f"({in_range('from_area')} OR {own_post('to_post_id')} OR {own_post('to_above_id')}"
    f" OR {own_post('sender_post_id')} OR {of_child()})"
)


class Migration(migrations.Migration):
    dependencies = [("registry", "0004_moves"), ("access", "0002_wall"), ("audit", "0002_trigger")]
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
