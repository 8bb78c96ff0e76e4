from django.db import migrations

from hutong.foundation.access.policies import in_range, own_post, protect
from hutong.foundation.audit.triggers import audited

ME = "NULLIF(current_setting('app.uid', true), '')::bigint"
MINE = f"(from_user_id = {ME} OR to_user_id = {ME} OR proposed_by_id = {ME})"


class Migration(migrations.Migration):
    dependencies = [("handovers", "0001_initial"), ("access", "0002_wall"), ("audit", "0002_trigger")]
    operations = [
        protect("handovers_handover", f"({in_range()} OR {own_post('post_id')} OR {MINE})"),
        audited("handovers_handover"),
    ]
