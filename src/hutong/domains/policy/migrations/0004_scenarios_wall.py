from django.db import migrations

from hutong.foundation.access.policies import in_range, of_child, protect, role_is
from hutong.foundation.audit.triggers import audited

OF_SCENARIO = "EXISTS (SELECT 1 FROM policy_scenario AS whole WHERE whole.id = scenario_id)"


class Migration(migrations.Migration):
    dependencies = [
        ("policy", "0003_scenarios"),
        ("registry", "0002_wall"),
        ("access", "0002_wall"),
        ("audit", "0002_trigger"),
    ]
    operations = [
        # a wider office's draft does not exist for those below it, another county's for nobody here
        protect("policy_scenario", in_range()),
        audited("policy_scenario", hidden=["result"]),
        protect("policy_effect", f"({of_child()} AND {OF_SCENARIO})"),
        # what is in force is read by everybody, like the packs; the platform alone writes it, on its day
        protect("policy_overlay", "true", role_is("SYSTEM"), append_only=True),
        audited("policy_overlay"),
        protect("policy_taking", OF_SCENARIO, append_only=True),
    ]
