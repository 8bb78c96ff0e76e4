from typing import Any

from django.db import migrations

from hutong.foundation.access import vault

# What the release before wrote while both ran: the last word on the home was the clear one. By the change log, for a row
# does not say which of its columns is younger.
_LATE = """
SELECT kid.id, kid.public_id, kid.address FROM registry_child AS kid
JOIN LATERAL (
  SELECT change.diff FROM audit_change AS change
  WHERE change."table" = 'registry_child' AND change.child_id = kid.id
    AND (change.diff ? 'address' OR change.diff ? 'address_sealed')
  ORDER BY change.id DESC LIMIT 1
) AS last ON last.diff ? 'address'
WHERE NOT last.diff ? 'address_sealed' OR octet_length(kid.address_sealed) = 0
"""


def seal(apps: Any, schema_editor: Any) -> None:
    child = apps.get_model("registry", "Child")
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(_LATE)
        late = cursor.fetchall()
    for pk, public_id, address in late:
        sealed = vault.seal(address, "registry_child", public_id, "address")
        child.objects.filter(pk=pk).update(address_sealed=sealed)


class Migration(migrations.Migration):
    """The clear column of the home goes, one release after the sealed one came (ADR 0032)."""

    dependencies = [("registry", "0016_address_sealed"), ("audit", "0006_silent_columns")]
    operations = [
        migrations.RunPython(seal, migrations.RunPython.noop),
        migrations.RunSQL(
            "ALTER TABLE registry_child DROP COLUMN address",
            "ALTER TABLE registry_child ADD COLUMN address varchar(200) NOT NULL DEFAULT ''",
        ),
    ]
