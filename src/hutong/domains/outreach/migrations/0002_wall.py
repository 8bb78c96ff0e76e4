from django.db import migrations

from hutong.foundation.access.policies import EXTRA, in_range, look_only, protect, unsealed
from hutong.foundation.audit.triggers import audited

ASSIGNED = EXTRA.format(column="child_id")
# they copy the areas of the child, so that lists and counts stay index ranges (ADR 0002); never of a sealed file (ADR 0014)
OF_THE_PLACE = f"(({in_range()} OR {in_range('hukou_area')} OR {ASSIGNED}) AND {unsealed()})"


class Migration(migrations.Migration):
    dependencies = [
        ("outreach", "0001_initial"),
        ("registry", "0008_sealed_files"),
        ("access", "0004_namedperson"),
        ("audit", "0003_place_of_change"),
    ]
    operations = [
        protect("outreach_offer", OF_THE_PLACE),
        look_only("outreach_offer"),
        # auditors see that it changed, not what the file said
        audited("outreach_offer", hidden=["facts"]),
        protect("outreach_question", OF_THE_PLACE),
        look_only("outreach_question"),
    ]
