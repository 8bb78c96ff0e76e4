from django.db import migrations
from django.db.migrations import RunSQL

from hutong.foundation.access.policies import EXTRA, in_range, of_child, own_post

ASSIGNED = EXTRA.format(column="child_id")
HISTORY = f"({in_range()} OR {own_post('post_id')} OR {ASSIGNED})"
CLOCK = f"({in_range()} OR {ASSIGNED})"
CHILD = f"(child_id IS NOT NULL AND {of_child()})"


def alter(table: str, before: str) -> RunSQL:
    return RunSQL(
        f"ALTER POLICY scope ON {table} USING ({before} OR {CHILD})", f"ALTER POLICY scope ON {table} USING ({before})"
    )


class Migration(migrations.Migration):
    """The history of a child is seen where the child is: also by the place of the household registration."""

    dependencies = [("workflow", "0002_wall"), ("registry", "0001_initial")]
    operations = [alter("workflow_statuschange", HISTORY), alter("workflow_clock", CLOCK)]
