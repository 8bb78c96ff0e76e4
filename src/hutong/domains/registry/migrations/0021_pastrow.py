import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('registry', '0020_judged_circumstances'),
    ]

    operations = [
        migrations.CreateModel(
            name='PastRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('table', models.CharField(db_collation='C', max_length=40)),
                ('row_id', models.BigIntegerField()),
                ('said', models.JSONField(verbose_name='原记录')),
                ('until_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='更改时间')),
                ('child', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.child')),
            ],
            options={
                'verbose_name': '更改前的记录',
                'indexes': [models.Index(fields=['child', '-until_at'], name='past_child')],
            },
        ),
    ]
