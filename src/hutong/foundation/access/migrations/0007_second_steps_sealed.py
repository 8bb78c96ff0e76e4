from typing import Any

from django.db import migrations

from hutong.foundation.access.second_steps import SealingAdapter

_SECRET = {"totp": "secret", "recovery_codes": "seed"}


def seal(apps: Any, schema_editor: Any) -> None:
    adapter = SealingAdapter()
    for one in apps.get_model("mfa", "Authenticator").objects.filter(type__in=_SECRET):
        name = _SECRET[one.type]
        one.data[name] = adapter.encrypt(one.data[name])
        one.save(update_fields=["data"])


class Migration(migrations.Migration):
    """Secrets of the second step kept so far are sealed (TM-08, ADR 0032)."""

    dependencies = [("access", "0006_grants_wall"), ("mfa", "0003_authenticator_type_uniq")]
    operations = [migrations.RunPython(seal, migrations.RunPython.noop)]
