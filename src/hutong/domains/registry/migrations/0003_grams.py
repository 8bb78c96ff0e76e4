from django.db import migrations

from hutong.foundation.access.policies import child_rows

# Lookups by key only: while a folder is being taken over the statistics know nothing of the rows just written, and a
# plan by statistics reads whole tables for each call.
FUNCTION = f"""
CREATE OR REPLACE FUNCTION registry_write_grams(words text[], kids bigint[]) RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
  mine bigint[];
BEGIN
  SELECT array_agg(child.id) INTO mine FROM registry_child AS child
   WHERE child.id = ANY(ARRAY(SELECT DISTINCT one FROM unnest(kids) AS one))
     AND {child_rows("child.residence_area", "child.hukou_area", "child.id")};
  DELETE FROM registry_gram WHERE child_id = ANY(mine);
  INSERT INTO registry_gram (gram, area_code, child_id)
  SELECT given.word, place.code, child.id
    FROM unnest(words, kids) AS given(word, kid)
    JOIN registry_child AS child ON child.id = given.kid
         AND {child_rows("child.residence_area", "child.hukou_area", "child.id")}
    CROSS JOIN LATERAL (SELECT child.residence_area UNION SELECT child.hukou_area) AS place(code)
  ON CONFLICT DO NOTHING;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0002_wall")]
    operations = [migrations.RunSQL(FUNCTION, migrations.RunSQL.noop)]
