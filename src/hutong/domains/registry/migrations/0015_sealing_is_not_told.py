from django.db import migrations

from hutong.foundation.audit.triggers import audited


class Migration(migrations.Migration):
    """That a file was sealed is told by its compartment's log only: here not even that something changed."""

    dependencies = [("registry", "0014_moves_within_one_place"), ("audit", "0006_silent_columns")]
    operations = [
        audited(
            "registry_child", child="id", hidden=["id_sealed", "id_token", "phone_sealed", "form_key"], silent=["sealed_in"]
        ),
    ]
