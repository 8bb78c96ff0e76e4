from django.db import migrations

from hutong.foundation.audit.triggers import audited


class Migration(migrations.Migration):
    dependencies = [("network", "0001_initial"), ("audit", "0002_trigger")]
    operations = [
        # one principal at a time; int8range stands in for the missing btree_gist (stack.md §1)
        migrations.RunSQL(
            """ALTER TABLE network_holding ADD CONSTRAINT holding_one_principal EXCLUDE USING gist
               (int8range(post_id, post_id, '[]') WITH &&, daterange(since, until) WITH &&) WHERE (NOT deputy)""",
            "ALTER TABLE network_holding DROP CONSTRAINT holding_one_principal",
        ),
        audited("network_org"),
        audited("network_post"),
        audited("network_holding"),
    ]
