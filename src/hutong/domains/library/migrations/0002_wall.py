from django.db import migrations

from hutong.foundation.access.policies import in_range, protect, role_is
from hutong.foundation.audit.triggers import audited

LIBRARIANS = role_is("COUNTY_CA", "PLAN_OFFICER", "SYSTEM")
KEEP = f"({in_range()} AND {LIBRARIANS})"
PUBLIC = "state IN ('PUBLISHED', 'REPEALED')"
# the document's own policy applies inside
OF_DOCUMENT = "EXISTS (SELECT 1 FROM library_document AS whole WHERE whole.id = document_id)"
# what is on the shelf stays as it was published; the platform brings the register of a release
OPEN = (
    f"EXISTS (SELECT 1 FROM library_document AS whole WHERE whole.id = document_id AND {in_range('whole.area_code')} "
    f"AND {LIBRARIANS} AND (whole.state = 'DRAFT' OR {role_is('SYSTEM')}))"
)


def kept(table: str, condition: str) -> migrations.RunSQL:
    """What everybody reads nobody else may delete or change: USING alone would let a delete through."""
    return migrations.RunSQL(
        f"CREATE POLICY kept_gone ON {table} AS RESTRICTIVE FOR DELETE USING ({condition});"
        f"CREATE POLICY kept_changed ON {table} AS RESTRICTIVE FOR UPDATE USING ({condition})",
        f"DROP POLICY kept_gone ON {table}; DROP POLICY kept_changed ON {table}",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("library", "0001_initial"),
        ("access", "0002_wall"),
        ("audit", "0002_trigger"),
    ]
    operations = [
        protect("library_document", f"({PUBLIC} OR {KEEP})", KEEP),
        kept("library_document", KEEP),
        audited("library_document"),
        *(
            operation
            for table in ("library_clause", "library_link", "library_relation")
            for operation in (protect(table, OF_DOCUMENT, OPEN), kept(table, OPEN), audited(table))
        ),
        protect("library_review", KEEP),
        audited("library_review"),
    ]
