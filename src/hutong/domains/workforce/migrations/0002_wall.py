from django.db import migrations

from hutong.foundation.access.policies import in_range, protect, role_is
from hutong.foundation.audit.triggers import audited

ME = "NULLIF(current_setting('app.uid', true), '')::bigint"
OWN = f"user_id = {ME}"
SEE = f"({in_range()} AND {role_is('COUNTY_CA', 'TOWNSHIP_CHILD_SUPERVISOR', 'RESCUE_AGENCY', 'PLAN_OFFICER', 'SYSTEM')})"
KEEP = f"({in_range()} AND {role_is('COUNTY_CA', 'TOWNSHIP_CHILD_SUPERVISOR', 'SYSTEM')})"
OF_WORKER = "EXISTS (SELECT 1 FROM workforce_worker AS visible_worker WHERE visible_worker.id = worker_id)"
# nobody writes down her own examination, whatever the pages say
NOT_MINE = (
    "NOT EXISTS (SELECT 1 FROM workforce_worker AS own_worker "
    f"WHERE own_worker.id = worker_id AND own_worker.user_id = {ME})"
)


class Migration(migrations.Migration):
    dependencies = [
        ("workforce", "0001_initial"),
        ("access", "0002_wall"),
        ("audit", "0002_trigger"),
    ]
    operations = [
        protect("workforce_worker", f"({OWN} OR {SEE})", f"({KEEP} AND user_id IS DISTINCT FROM {ME})"),
        audited("workforce_worker", hidden=["id_sealed", "id_token"]),
        *(
            operation
            for table in ("workforce_training", "workforce_backgroundcheck", "workforce_appointment")
            for operation in (
                protect(table, OF_WORKER, f"({OF_WORKER} AND {KEEP} AND {NOT_MINE})"),
                audited(table),
            )
        ),
        # the handing out is its own log
        protect("workforce_handout", KEEP, append_only=True),
    ]
