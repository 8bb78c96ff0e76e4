import uuid

from django.contrib.postgres.functions import RandomUUID
from django.db import migrations, models


def public_id(model):
    return migrations.AddField(
        model,
        "public_id",
        models.UUIDField(default=uuid.uuid4, db_default=RandomUUID(), unique=True, editable=False),
    )


class Migration(migrations.Migration):
    dependencies = [("network", "0003_area_search")]
    # the database's default gives each existing row its own id
    operations = [public_id("org"), public_id("post"), public_id("holding")]
