from django.db import migrations

from hutong.foundation.access.policies import of_child, protect
from hutong.foundation.audit.triggers import audited

# both sides in sight, else the pair would tell of a child beyond the range
PERSON = "EXISTS (SELECT 1 FROM registry_person AS visible_person WHERE visible_person.id = {column})"
BOTH = (
    f"(first_id IS NOT NULL AND {of_child('first_id')} AND {of_child('second_id')})"
    f" OR (first_person_id IS NOT NULL AND {PERSON.format(column='first_person_id')}"
    f" AND {PERSON.format(column='second_person_id')})"
)
OF_PAIR = "EXISTS (SELECT 1 FROM registry_pair AS visible_pair WHERE visible_pair.id = pair_id)"
# a relative put together with another has no child of its own any more: it is seen where that other is
TIED = "EXISTS (SELECT 1 FROM registry_kinship AS tie WHERE tie.person_id = registry_person.{column})"
SEEN = f"{TIED.format(column='id')} OR (merged_into_id IS NOT NULL AND {TIED.format(column='merged_into_id')})"
NEVER = "CREATE TRIGGER never_delete BEFORE DELETE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION registry_never_delete()"


class Migration(migrations.Migration):
    """A pair is seen only by whoever sees both sides; the way back of a merge is logged as changed, never with its content."""

    dependencies = [("registry", "0009_pairs_and_merges"), ("audit", "0002_trigger"), ("access", "0002_wall")]
    operations = [
        protect("registry_pair", BOTH),
        audited("registry_pair", child="first_id"),
        migrations.RunSQL(
            f"ALTER POLICY scope ON registry_person USING ({SEEN})",
            f"ALTER POLICY scope ON registry_person USING ({TIED.format(column='id')})",
        ),
        protect("registry_merge", OF_PAIR),
        audited("registry_merge", child="survivor_id", hidden=["journal_sealed"]),
        *(
            migrations.RunSQL(NEVER.format(table=table), f"DROP TRIGGER never_delete ON {table}")
            for table in ("registry_pair", "registry_merge")
        ),
    ]
