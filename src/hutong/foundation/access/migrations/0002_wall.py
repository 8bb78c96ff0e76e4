from django.db import migrations

from hutong.foundation.access.policies import in_range, own_post, protect
from hutong.foundation.audit.triggers import audited


class Migration(migrations.Migration):
    dependencies = [("access", "0001_initial"), ("audit", "0002_trigger")]
    operations = [
        protect("access_assignment", f"({own_post('post_id')} OR {in_range()})", in_range()),
        audited("access_assignment"),
    ]
