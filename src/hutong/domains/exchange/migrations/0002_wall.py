from django.db import migrations

from hutong.foundation.access.policies import in_range, own_post, protect, role_is
from hutong.foundation.audit.triggers import audited

COUNTY = role_is("COUNTY_CA", "SYSTEM")
# A department clerk sees what his own post delivered and nothing of other departments.
BATCHES = f"({in_range()} AND ({COUNTY} OR {own_post('sender_post_id')}))"
OWN_ORG = (
    "org_id = (SELECT org_id FROM network_post WHERE id = NULLIF(current_setting('app.post', true), '')::bigint)"
)


class Migration(migrations.Migration):
    dependencies = [
        ("exchange", "0001_initial"),
        ("audit", "0002_trigger"),
        ("access", "0002_wall"),
    ]
    operations = [
        protect("exchange_batch", BATCHES),
        protect("exchange_columnmapping", f"({in_range()} AND ({COUNTY} OR {OWN_ORG}))"),
        protect("exchange_comparisonrun", f"({in_range()} AND {COUNTY})"),
        audited("exchange_batch"),
        audited("exchange_columnmapping"),
        audited("exchange_comparisonrun"),
    ]
