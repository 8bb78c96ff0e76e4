import django.db.models.deletion
import django.db.models.functions.datetime
import hutong.kernel.public_ids
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('registry', '0021_pastrow'),
    ]

    operations = [
        migrations.CreateModel(
            name='Decision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(db_collation='C', default=hutong.kernel.public_ids.new_public_id, editable=False, max_length=16, unique=True)),
                ('act', models.CharField(choices=[('LEAD_FOUND', '线索产生'), ('LEAD_VERIFIED', '线索核实'), ('LEAD_ENDED', '线索办结'), ('ROLL_ENTER', '列入名册'), ('ROLL_LEAVE', '退出名册'), ('ASSESSED', '判定留存')], max_length=14, verbose_name='何时留存')),
                ('about', models.CharField(blank=True, db_collation='C', max_length=40, verbose_name='对象')),
                ('made_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='时间')),
                ('by_label', models.CharField(blank=True, max_length=160, verbose_name='经办')),
                ('pack', models.CharField(db_collation='C', max_length=30, verbose_name='政策包')),
                ('version', models.CharField(db_collation='C', max_length=16, verbose_name='规则版本')),
                ('as_of', models.DateField(verbose_name='判定日期')),
                ('known_at', models.DateTimeField(verbose_name='已知截至')),
                ('whole', models.BooleanField(default=True, verbose_name='全部事实')),
                ('scheme', models.CharField(blank=True, db_collation='C', max_length=12, verbose_name='应享类别')),
                ('monthly', models.BigIntegerField(blank=True, null=True, verbose_name='月标准（分）')),
                ('outcome', models.JSONField(default=dict, verbose_name='判定')),
                ('facts_sealed', models.BinaryField(blank=True, default=bytes, verbose_name='事实（加密）')),
                ('child', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='registry.child')),
            ],
            options={
                'verbose_name': '留存的判定',
                'indexes': [models.Index(fields=['child', '-made_at'], name='decision_child')],
            },
        ),
    ]
