from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("documents", "0002_wall")]
    operations = [
        migrations.AddField(
            model_name="document",
            name="reserved",
            field=models.BooleanField(default=False, verbose_name="只由所属事项发放"),
        ),
    ]
