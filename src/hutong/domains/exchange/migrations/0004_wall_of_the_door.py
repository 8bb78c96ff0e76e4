from django.db import migrations

from hutong.foundation.access.policies import in_range, own_post, protect, role_is
from hutong.foundation.audit.triggers import audited

COUNTY = role_is("COUNTY_CA", "COMPARISON_SYSTEM", "SYSTEM")
# a department's system sees what it delivered itself and nothing of other senders
OWN = f"({in_range()} AND ({COUNTY} OR {own_post('sender_post_id')}))"


class Migration(migrations.Migration):
    dependencies = [("exchange", "0003_pushes_amendments_parcels")]
    operations = [
        protect("exchange_push", OWN),
        protect("exchange_amendment", OWN),
        protect("exchange_parcel", OWN),
        # the platform's own comparison reads the lists in use
        migrations.RunSQL(
            f"CREATE POLICY comparison ON exchange_batch FOR SELECT USING ({in_range()} AND {role_is('COMPARISON_SYSTEM')})",
            "DROP POLICY comparison ON exchange_batch",
        ),
        audited("exchange_push", hidden=["person_token", "mark", "series"]),
        audited("exchange_amendment"),
        audited("exchange_parcel"),
    ]
