from django.db import migrations

from hutong.foundation.audit.triggers import audited


class Migration(migrations.Migration):
    dependencies = [("network", "0005_area_periods"), ("audit", "0002_trigger")]
    operations = [
        # one meaning of a code a day; int8range stands in for the missing btree_gist (stack.md §1)
        migrations.RunSQL(
            """ALTER TABLE network_areaperiod ADD CONSTRAINT area_period_apart EXCLUDE USING gist
               (int8range(code::bigint, code::bigint, '[]') WITH &&, daterange(valid_from, valid_to) WITH &&)""",
            "ALTER TABLE network_areaperiod DROP CONSTRAINT area_period_apart",
        ),
        # a column without statistics is guessed to be nearly never empty, which would turn the search of places around
        migrations.RunSQL("ANALYZE network_area", migrations.RunSQL.noop),
        audited("network_areaperiod"),
        audited("network_arearelation"),
    ]
