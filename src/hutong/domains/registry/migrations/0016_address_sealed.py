from typing import Any

from django.db import migrations, models

from hutong.foundation.access import vault
from hutong.foundation.audit.triggers import audited

_MANY = 2000


def seal(apps: Any, schema_editor: Any) -> None:
    """Addresses written so far, in portions. The release before still reads its own column; the next one takes it away."""
    child = apps.get_model("registry", "Child")
    held = []
    for one in child.objects.exclude(address="").only("id", "public_id", "address").iterator(_MANY):
        one.address_sealed = vault.seal(one.address, "registry_child", one.public_id, "address")
        held.append(one)
        if len(held) == _MANY:
            child.objects.bulk_update(held, ["address_sealed"])
            held.clear()
    child.objects.bulk_update(held, ["address_sealed"])


class Migration(migrations.Migration):
    """The home of a child stands in the database sealed, like her ID number and phone (TM-08, ADR 0032)."""

    dependencies = [("registry", "0015_sealing_is_not_told")]
    operations = [
        migrations.AddField(
            "child", "address_sealed", models.BinaryField("居住地址（加密）", blank=True, db_default=b"", default=bytes)
        ),
        audited(
            "registry_child", child="id", hidden=["id_sealed", "id_token", "phone_sealed", "address_sealed", "form_key"],
            silent=["sealed_in"],
        ),
        migrations.RunPython(seal, migrations.RunPython.noop),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "ALTER TABLE registry_child ALTER COLUMN address SET DEFAULT ''",
                    "ALTER TABLE registry_child ALTER COLUMN address DROP DEFAULT",
                )
            ],
            state_operations=[migrations.RemoveField("child", "address")],
        ),
    ]
