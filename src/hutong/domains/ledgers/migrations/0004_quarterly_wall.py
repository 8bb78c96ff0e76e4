from django.db import migrations

from hutong.foundation.access.policies import in_range, of_child, protect, role_is
from hutong.foundation.audit.triggers import audited

COUNTY = f"({in_range()} AND {role_is('COUNTY_CA', 'SYSTEM')})"
OF_REPORT = "EXISTS (SELECT 1 FROM ledgers_quarterreport AS visible_report WHERE visible_report.id = report_id)"
OF_REQUEST = "EXISTS (SELECT 1 FROM ledgers_exportrequest AS visible_request WHERE visible_request.id = export_id)"
OF_EITHER = f"(CASE WHEN export_id IS NOT NULL THEN {OF_REQUEST} ELSE {OF_REPORT} END)"


class Migration(migrations.Migration):
    dependencies = [("ledgers", "0003_quarterly"), ("registry", "0002_wall")]
    operations = [
        protect("ledgers_quarterreport", COUNTY),
        audited("ledgers_quarterreport"),
        # a difference is seen with its report and only while the child is: who was sealed since is in no list of who has gone
        protect("ledgers_quarterchange", f"({OF_REPORT} AND {of_child()})", append_only=True),
        migrations.RunSQL(
            f"ALTER POLICY scope ON ledgers_download USING ({OF_EITHER}) WITH CHECK ({OF_EITHER})",
            f"ALTER POLICY scope ON ledgers_download USING ({OF_REQUEST}) WITH CHECK ({OF_REQUEST})",
        ),
    ]
