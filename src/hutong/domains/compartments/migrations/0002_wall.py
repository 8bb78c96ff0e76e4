from django.db import migrations

from hutong.domains.compartments.walls import LOG_CHANGE, UNCHANGED, logged, seal_table
from hutong.foundation.access.policies import OPENED, also, in_range, of_child, protect, unsealed

COPIES = (
    "leads_lead", "leads_correction", "workflow_workitem", "workflow_statuschange", "workflow_clock",
    "access_assignment", "audit_change", "audit_read", "registry_move",
)  # fmt: skip
# a person belongs to no child in the log: her lines are seen where she is
PERSONS = (
    "\"table\" <> 'registry_person' OR EXISTS "
    "(SELECT 1 FROM registry_person AS person WHERE person.id::text = audit_change.row_id)"
)


class Migration(migrations.Migration):
    dependencies = [
        ("compartments", "0001_initial"),
        ("access", "0004_namedperson"),
        ("registry", "0008_sealed_files"),
        ("leads", "0002_wall"),
        ("workflow", "0004_due_index"),
        ("audit", "0003_place_of_change"),
    ]
    operations = [
        migrations.RunSQL(LOG_CHANGE, "DROP FUNCTION compartments_log_change() CASCADE"),
        migrations.RunSQL(UNCHANGED, "DROP FUNCTION compartments_unchanged() CASCADE"),
        *seal_table("compartments_hivfact", "hiv"),
        protect("compartments_opening", f"compartment = ANY({OPENED}) AND {of_child()}", append_only=True),
        protect(
            "compartments_matter",
            f"compartment = ANY({OPENED}) AND {in_range()} AND (child_id IS NULL OR {of_child()})",
        ),
        logged("compartments_opening"),
        logged("compartments_matter"),
        *(also(table, unsealed()) for table in COPIES),
        also("audit_change", PERSONS),
    ]
