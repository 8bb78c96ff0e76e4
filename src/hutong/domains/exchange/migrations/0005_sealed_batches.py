from django.db import migrations

from hutong.foundation.access.policies import OPENED, also, own_post

COMPARTMENT = "CASE list_code WHEN 'hiv' THEN 'hiv' WHEN 'adoptions' THEN 'adoption' ELSE '' END"
# in the log a sealed delivery is a delivery nobody outside can read of
SEALED_BATCHES = """
CREATE FUNCTION exchange_sealed_batches() RETURNS text[] LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public AS $$
  SELECT COALESCE(array_agg(batch.id::text), ARRAY[]::text[]) FROM exchange_batch AS batch WHERE batch.sealed
$$
"""


class Migration(migrations.Migration):
    """A sealed delivery is there for its sender and for the persons named for its compartment."""

    dependencies = [("exchange", "0004_wall_of_the_door"), ("compartments", "0002_wall")]
    operations = [
        also("exchange_batch", f"NOT sealed OR {own_post('sender_post_id')} OR {COMPARTMENT} = ANY({OPENED})"),
        migrations.RunSQL(SEALED_BATCHES, "DROP FUNCTION exchange_sealed_batches() CASCADE"),
        also(
            "audit_change",
            "\"table\" <> 'exchange_batch' OR row_id <> ALL ((SELECT exchange_sealed_batches())::text[])",
        ),
    ]
