from django.db import migrations

from hutong.foundation.access.policies import EXTRA, in_range, own_post, protect, role_is
from hutong.foundation.audit.triggers import audited

ASSIGNED = EXTRA.format(column="child_id")
MINE = f"({own_post('owner_post_id')} OR {own_post('opened_by_post_id')} OR {in_range()})"
HISTORY = f"({in_range()} OR {own_post('post_id')} OR {ASSIGNED})"
DISPATCHERS = role_is("SYSTEM", "SYS_ADMIN")


class Migration(migrations.Migration):
    dependencies = [
        ("workflow", "0001_initial"),
        ("access", "0002_wall"),
        ("audit", "0002_trigger"),
        ("procrastinate", "0001_initial"),
    ]
    operations = [
        protect("workflow_workitem", MINE),
        audited("workflow_workitem"),
        # the history is its own log
        protect("workflow_statuschange", HISTORY, append_only=True),
        protect("workflow_clock", f"({in_range()} OR {ASSIGNED})", "true"),
        audited("workflow_clock"),
        # anybody announces, only the dispatcher and its administrator read
        protect("workflow_outbox", DISPATCHERS, "true"),
        protect("workflow_receipt", DISPATCHERS),
        protect("workflow_longjob", f"({own_post('post_id')} OR {in_range()})"),
    ]
