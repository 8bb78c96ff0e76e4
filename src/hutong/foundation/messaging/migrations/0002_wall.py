from django.db import migrations

from hutong.foundation.access.policies import own_post, protect


class Migration(migrations.Migration):
    dependencies = [("messaging", "0001_initial"), ("access", "0002_wall")]
    # anybody may tell a post something; only the post reads it. Not audited: the only change is read_at.
    operations = [protect("messaging_notice", own_post("post_id"), "true")]
