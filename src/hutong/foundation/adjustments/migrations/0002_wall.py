from django.db import migrations

from hutong.foundation.access.policies import in_range, protect
from hutong.foundation.audit.triggers import audited

PART = "EXISTS (SELECT 1 FROM adjustments_adjustment AS whole WHERE whole.id = adjustment_id)"
# Where rows are filed is read from the catalogue, so that a table made tomorrow follows too. The logs stay as they were written,
# the lists of places have a history of their own, and what the owner keeps by function (read-only) is made anew by its app.
# The platform sees neither compartments nor sealed files; they must follow all the same, so the owner files them, uncounted
# and without a note: a number that grows by one would say that somebody is there.
REFILE = """
CREATE FUNCTION adjustments_refile(which bigint) RETURNS jsonb LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public AS $$
DECLARE
  held record;
  noted text;
  single text;
  number bigint;
  stayed bigint;
  done jsonb := '{}';
BEGIN
  IF COALESCE(current_setting('app.role', true), '') <> 'SYSTEM' THEN
    RAISE EXCEPTION 'only the platform files anew' USING ERRCODE = 'insufficient_privilege';
  END IF;
  CREATE TEMP TABLE adjustments_going_on ON COMMIT DROP AS
    SELECT line.area_code AS old, line.targets->>0 AS new, whole.id AS adjustment_id, whole.effective_on
      FROM adjustments_row AS line
      JOIN adjustments_adjustment AS whole ON whole.id = line.adjustment_id AND whole.state = 'APPLIED'
      JOIN network_area AS place ON place.code = line.area_code AND place.valid_to = whole.effective_on
     WHERE line.decision IN ('recode', 'merge') AND (which IS NULL OR whole.id = which);
  -- two bodies of one name come to stand in one place: the one that arrives says where it comes from
  UPDATE network_org AS body SET name = left(body.name, 80) || left('（原' || place.name || '）', 20)
    FROM adjustments_going_on AS going JOIN network_area AS place ON place.code = going.old
   WHERE body.area_code = going.old AND EXISTS (
     SELECT 1 FROM network_org AS there WHERE there.name = body.name AND there.id <> body.id
        AND (there.area_code = going.new OR there.area_code IN (
             SELECT other.old FROM adjustments_going_on AS other WHERE other.new = going.new AND other.old <> going.old)));
  FOR held IN
    SELECT home.relname::text AS tab, col.attname::text AS col, key.attname::text AS key,
           EXISTS (SELECT 1 FROM pg_attribute AS kid WHERE kid.attrelid = home.oid AND kid.attname = 'child_id'
                   AND NOT kid.attisdropped) AS of_child
      FROM pg_class AS home
      JOIN pg_attribute AS col ON col.attrelid = home.oid AND col.attnum > 0 AND NOT col.attisdropped
      JOIN pg_collation AS coll ON coll.oid = col.attcollation AND coll.collname = 'C'
      JOIN pg_index AS main ON main.indrelid = home.oid AND main.indisprimary
      JOIN pg_attribute AS key ON key.attrelid = home.oid AND key.attnum = main.indkey[0]
     WHERE home.relkind = 'r' AND home.relnamespace = 'public'::regnamespace
       AND format_type(col.atttypid, col.atttypmod) = 'character varying(12)' AND col.attname ~ '(^|_)(area|area_code)$'
       AND home.relname !~ '^(audit|adjustments)_' AND home.relname !~ '^network_area'
       AND COALESCE(obj_description(home.oid, 'pg_class'), '') NOT IN ('read-only', 'closed')
     ORDER BY 1, 2
  LOOP
    noted := CASE
      WHEN held.tab ~ '^compartments_' OR held.tab = 'access_namedperson' THEN 'false'
      WHEN held.tab = 'registry_child' THEN 'filed.sealed_in = '''''
      WHEN held.of_child THEN '(filed.child_id IS NULL OR filed.child_id NOT IN (SELECT id FROM registry_child WHERE sealed_in <> ''''))'
      ELSE 'true' END;
    EXECUTE format(
      'INSERT INTO adjustments_refiled (adjustment_id, "table", "column", row_id, old_code, new_code, "on")
       SELECT going.adjustment_id, %L, %L, filed.%I::text, going.old, going.new, going.effective_on
         FROM %I AS filed JOIN adjustments_going_on AS going ON filed.%I = going.old WHERE %s',
      held.tab, held.col, held.key, held.tab, held.col, noted);
    GET DIAGNOSTICS number = ROW_COUNT;
    BEGIN
      EXECUTE format('UPDATE %I AS filed SET %I = going.new FROM adjustments_going_on AS going WHERE filed.%I = going.old',
                     held.tab, held.col, held.col);
    EXCEPTION WHEN unique_violation THEN
      -- both places have theirs (the quarter's report of two counties made one): the one that arrives keeps its old place
      FOR single IN EXECUTE format('SELECT filed.%I::text FROM %I AS filed JOIN adjustments_going_on AS going ON filed.%I = going.old',
                                   held.key, held.tab, held.col)
      LOOP
        BEGIN
          EXECUTE format('UPDATE %I AS filed SET %I = going.new FROM adjustments_going_on AS going
                           WHERE filed.%I = going.old AND filed.%I::text = $1', held.tab, held.col, held.col, held.key) USING single;
        EXCEPTION WHEN unique_violation THEN NULL;
        END;
      END LOOP;
      EXECUTE format('DELETE FROM adjustments_refiled AS noted USING %I AS filed, adjustments_going_on AS going
                       WHERE noted."table" = %L AND noted."column" = %L AND noted.row_id = filed.%I::text AND filed.%I = going.old
                         AND noted.old_code = going.old AND noted.adjustment_id = going.adjustment_id',
                     held.tab, held.tab, held.col, held.key, held.col);
      GET DIAGNOSTICS stayed = ROW_COUNT;
      number := number - stayed;
    END;
    IF number > 0 THEN
      done := done || jsonb_build_object(held.tab, number + COALESCE((done->>held.tab)::bigint, 0));
    END IF;
  END LOOP;
  DROP TABLE adjustments_going_on;
  RETURN done;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [
        ("adjustments", "0001_initial"),
        ("access", "0002_wall"),
        ("audit", "0002_trigger"),
    ]
    operations = [
        protect("adjustments_adjustment", in_range()),
        audited("adjustments_adjustment"),
        protect("adjustments_row", PART),
        audited("adjustments_row"),
        # where a record stood is read with the record itself; written by the change alone
        protect("adjustments_refiled", in_range("new_code")),
        migrations.RunSQL("COMMENT ON TABLE adjustments_refiled IS 'read-only'", migrations.RunSQL.noop),
        migrations.RunSQL(REFILE, "DROP FUNCTION adjustments_refile"),
    ]
