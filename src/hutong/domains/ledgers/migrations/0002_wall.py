from django.db import migrations

from hutong.foundation.access.policies import in_range, own_post, protect, role_is
from hutong.foundation.audit.triggers import audited

# the own post's requests, and for those who approve all of their places
SEEN = f"({own_post('requested_post_id')} OR ({in_range()} AND {role_is('COUNTY_CA', 'SYSTEM')}))"
NEW = f"({SEEN} AND {in_range()})"
OF_REQUEST = "EXISTS (SELECT 1 FROM ledgers_exportrequest AS visible_request WHERE visible_request.id = export_id)"


class Migration(migrations.Migration):
    dependencies = [
        ("ledgers", "0001_initial"),
        ("access", "0002_wall"),
        ("audit", "0002_trigger"),
    ]
    operations = [
        protect("ledgers_exportrequest", SEEN, NEW),
        audited("ledgers_exportrequest"),
        # the handing out is its own log
        protect("ledgers_download", OF_REQUEST, append_only=True),
    ]
