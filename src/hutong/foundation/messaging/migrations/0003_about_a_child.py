from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("messaging", "0002_wall")]
    operations = [
        migrations.AddField("notice", "child_id", models.BigIntegerField("儿童", blank=True, null=True)),
    ]
