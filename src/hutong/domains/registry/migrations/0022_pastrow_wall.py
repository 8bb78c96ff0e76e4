from django.db import migrations

from hutong.domains.registry.models.past import KEPT
from hutong.foundation.access.policies import of_child, protect

# As the owner: nobody writes the past by hand. Only columns rules read, and only those that changed.
KEEP = """
CREATE FUNCTION registry_keep_past() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public SET enable_nestloop = off AS $$
DECLARE
  kid text := TG_ARGV[0];
  kept text[] := string_to_array(TG_ARGV[1], ',');
BEGIN
  INSERT INTO registry_pastrow (child_id, "table", row_id, said, until_at)
  SELECT (changed.before->>kid)::bigint, TG_TABLE_NAME, (changed.before->>'id')::bigint, changed.said, clock_timestamp()
    FROM (
      SELECT paired.before,
             (SELECT jsonb_object_agg(pair.key, pair.value) FROM jsonb_each(paired.before) AS pair
               WHERE pair.key = ANY(kept) AND pair.value IS DISTINCT FROM paired.after->pair.key) AS said
        FROM (SELECT to_jsonb(lost) AS before, to_jsonb(made) AS after
                FROM past_old AS lost JOIN past_new AS made ON made.id = lost.id) AS paired
    ) AS changed
   WHERE changed.said IS NOT NULL;
  RETURN NULL;
END $$
"""
TAKE_OVER = """
INSERT INTO registry_pastrow (child_id, "table", row_id, said, until_at)
SELECT changed.child_id, changed."table", changed.row_id::bigint, changed.said, changed.at
  FROM (
    SELECT log.child_id, log."table", log.row_id, log.at,
           (SELECT jsonb_object_agg(pair.key, pair.value->0) FROM jsonb_each(log.diff) AS pair
             WHERE pair.key = ANY(string_to_array('{columns}', ','))) AS said
      FROM audit_change AS log
      JOIN registry_child AS child ON child.id = log.child_id
     WHERE log."table" = '{table}' AND log.operation = 'UPDATE'
  ) AS changed
 WHERE changed.said IS NOT NULL
"""


def _kept(table: str, columns: tuple[str, ...]) -> list[migrations.RunSQL]:
    child = "id" if table == "registry_child" else "child_id"
    listed = ",".join(columns)
    return [
        migrations.RunSQL(
            f"CREATE TRIGGER keep_past AFTER UPDATE ON {table} REFERENCING OLD TABLE AS past_old NEW TABLE AS past_new "
            f"FOR EACH STATEMENT EXECUTE FUNCTION registry_keep_past('{child}', '{listed}')",
            f"DROP TRIGGER keep_past ON {table}",
        ),
        migrations.RunSQL(TAKE_OVER.format(table=table, columns=listed), migrations.RunSQL.noop),
    ]


class Migration(migrations.Migration):
    """What the change log tells of earlier values is taken over once; from here on the trigger keeps them."""

    dependencies = [("registry", "0021_pastrow"), ("access", "0002_wall"), ("audit", "0002_trigger")]
    operations = [
        protect("registry_pastrow", of_child()),
        migrations.RunSQL("COMMENT ON TABLE registry_pastrow IS 'read-only'", migrations.RunSQL.noop),
        migrations.RunSQL(KEEP, "DROP FUNCTION registry_keep_past() CASCADE"),
        *(one for table, columns in KEPT.items() for one in _kept(table, columns)),
    ]
