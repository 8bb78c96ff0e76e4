from django.db import migrations

from hutong.foundation.access.policies import in_range, own_post, protect, role_is
from hutong.foundation.audit.triggers import audited

KEEPERS = role_is("COUNTY_CA", "SECURITY_ADMIN", "AUDITOR", "SYSTEM")
OWN = "EXISTS (SELECT 1 FROM api_system AS mine WHERE mine.id = system_id)"
"""What hangs on a system is seen by whoever sees the system."""
DOOR = role_is("DEPT_SYSTEM", "SYSTEM")
NOT_A_PROGRAM_OF_A_DEPARTMENT = "current_setting('app.role', true) IS DISTINCT FROM 'DEPT_SYSTEM'"
# a wrong row the county sent back, resting on what this very system delivered
TOLD = """(state <> 'OPEN' AND (
  EXISTS (SELECT 1 FROM exchange_batch AS own WHERE own.public_id = "row"->>'batch')
  OR EXISTS (SELECT 1 FROM exchange_push AS own WHERE own.public_id = "row"->>'batch')))"""
# work and history that hang on a child; what the program itself writes down it may read back
HANGING = {
    "workflow_workitem": "child_id IS NULL",
    "workflow_statuschange": f"(child_id IS NULL OR {own_post('post_id')})",
    "workflow_clock": "child_id IS NULL",
}
# what follows the child is shut with it; these compare areas themselves
SHUT = (
    "registry_child", "registry_gram", "registry_person", "registry_move", "leads_lead", "leads_finding",
    "documents_document", "access_assignment", "access_grant", "access_statedreason", "glass_opening",
    "audit_read", "audit_change",
)  # fmt: skip


def shut(table: str, but: str = "false") -> migrations.RunSQL:
    """Beside whatever else holds for the table: for a department's system nothing of it exists ``but`` this."""
    condition = f"{NOT_A_PROGRAM_OF_A_DEPARTMENT} OR {but}" if but != "false" else NOT_A_PROGRAM_OF_A_DEPARTMENT
    return migrations.RunSQL(
        f"CREATE POLICY no_department ON {table} AS RESTRICTIVE USING ({condition}) WITH CHECK (true)",
        f"DROP POLICY no_department ON {table}",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("api", "0001_initial"),
        ("audit", "0002_trigger"),
        ("access", "0006_grants_wall"),
        ("registry", "0007_moves_wall"),
        ("glass", "0002_wall"),
        ("leads", "0002_wall"),
        ("workflow", "0002_wall"),
        ("documents", "0002_wall"),
        ("exchange", "0004_wall_of_the_door"),
    ]
    operations = [
        protect("api_system", f"({in_range()} AND ({KEEPERS} OR {own_post('post_id')}))"),
        protect("api_key", f"({in_range()} AND {KEEPERS})"),
        # used up while a call is let in, by the platform itself: no person and no department touches these
        protect("api_nonce", role_is("SYSTEM")),
        protect("api_minute", role_is("SYSTEM")),
        protect("api_spent", f"({DOOR} AND {OWN})"),
        protect("api_answer", f"({DOOR} AND {OWN})"),
        protect("api_receipt", OWN, append_only=True),
        protect("api_call", OWN, append_only=True),
        protect("api_trial", f"({DOOR} AND {OWN})"),
        audited("api_system"),
        audited("api_key"),
        *(shut(table) for table in SHUT),
        shut("leads_correction", TOLD),
        *(shut(table, but) for table, but in HANGING.items()),
    ]
