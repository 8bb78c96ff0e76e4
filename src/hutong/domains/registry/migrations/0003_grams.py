from django.db import migrations

from hutong.foundation.access.policies import child_rows

# Whom and where is looked up once by key, into arrays; what is inserted then comes from the arrays alone. While a folder is
# being taken over the statistics know nothing of the rows just written, and a plan by statistics reads whole tables.
FUNCTION = f"""
CREATE OR REPLACE FUNCTION registry_write_grams(words text[], kids bigint[]) RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public SET enable_seqscan = off SET work_mem = '64MB' AS $$
DECLARE
  mine bigint[];
  homes text[];
  hukous text[];
BEGIN
  SELECT array_agg(child.id), array_agg(child.residence_area), array_agg(child.hukou_area) INTO mine, homes, hukous
    FROM registry_child AS child
   WHERE child.id = ANY(ARRAY(SELECT DISTINCT one FROM unnest(kids) AS one))
     AND {child_rows("child.residence_area", "child.hukou_area", "child.id")};
  DELETE FROM registry_gram WHERE child_id = ANY(mine);
  INSERT INTO registry_gram (gram, area_code, child_id)
  SELECT DISTINCT given.word COLLATE "C", place.code COLLATE "C", given.kid
    FROM unnest(words, kids) AS given(word, kid)
    JOIN (SELECT home.kid, home.code FROM unnest(mine, homes) AS home(kid, code)
          UNION SELECT origin.kid, origin.code FROM unnest(mine, hukous) AS origin(kid, code)) AS place USING (kid)
   ORDER BY 1, 2, 3
  ON CONFLICT DO NOTHING;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0002_wall")]
    operations = [migrations.RunSQL(FUNCTION, migrations.RunSQL.noop)]
