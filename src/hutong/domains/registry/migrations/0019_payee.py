from django.db import migrations, models

from hutong.foundation.audit.triggers import audited


class Migration(migrations.Migration):
    """Where a child's money goes is a fact of the file, changed by a proposal and a second person only (R-03.05)."""

    dependencies = [("registry", "0018_openers")]
    operations = [
        migrations.AddField(
            "child", "payee_name", models.CharField("收款户名", blank=True, db_default="", max_length=80)
        ),
        migrations.AddField(
            "child", "payee_bank", models.CharField("开户银行", blank=True, db_default="", max_length=80)
        ),
        migrations.AddField(
            "child",
            "payee_account_sealed",
            models.BinaryField("银行账号（加密）", blank=True, db_default=b"", default=bytes),
        ),
        audited(
            "registry_child",
            child="id",
            hidden=["id_sealed", "id_token", "phone_sealed", "address_sealed", "payee_account_sealed", "form_key"],
            silent=["sealed_in"],
        ),
    ]
