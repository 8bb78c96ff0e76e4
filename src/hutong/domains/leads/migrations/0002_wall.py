from django.db import migrations

from hutong.foundation.access.policies import EXTRA, in_range, of_child, protect
from hutong.foundation.audit.triggers import audited

ASSIGNED = EXTRA.format(column="child_id")
# a lead copies the areas of its child, so that lists stay index ranges (ADR 0002)
LEAD = f"({in_range()} OR {in_range('hukou_area')} OR {ASSIGNED})"


class Migration(migrations.Migration):
    dependencies = [
        ("leads", "0001_initial"),
        ("registry", "0002_wall"),
        ("access", "0002_wall"),
        ("audit", "0002_trigger"),
    ]
    operations = [
        protect("leads_lead", LEAD),
        # what a lead rests on is kept by its findings; auditors see that it changed, not the content
        audited("leads_lead", hidden=["evidence", "why"]),
        # what a run found is its own history
        protect("leads_finding", of_child(), append_only=True),
        protect("leads_correction", f"({in_range()} OR {ASSIGNED})"),
        audited("leads_correction"),
    ]
