from django.db import migrations

from hutong.foundation.access.policies import also, own_post, unsealed

# A pair names two children and belongs to neither: what hangs on it goes out of sight with either of the two.
SEALED_PAIRS = """
CREATE FUNCTION registry_sealed_pairs() RETURNS bigint[] LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public SET enable_seqscan = off AS $$
DECLARE
  kids bigint[] := registry_sealed_children();
BEGIN
  IF kids = '{}' THEN RETURN kids; END IF;
  RETURN COALESCE((SELECT array_agg(pair.id) FROM registry_pair AS pair
                    WHERE pair.first_id = ANY(kids) OR pair.second_id = ANY(kids)), '{}');
END $$
"""
SEALED_LINES = """
-- "table:row" of everything about such pairs, for the log of changes, which knows no more of them
CREATE FUNCTION registry_sealed_lines() RETURNS text[] LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public AS $$
DECLARE
  pairs bigint[] := registry_sealed_pairs();
BEGIN
  IF pairs = '{}' THEN RETURN '{}'; END IF;
  RETURN (SELECT array_agg(line) FROM (
      SELECT 'registry_pair:' || one FROM unnest(pairs) AS one
      UNION ALL SELECT 'registry_merge:' || id FROM registry_merge WHERE pair_id = ANY(pairs)
      UNION ALL SELECT 'workflow_workitem:' || id FROM workflow_workitem
                 WHERE subject_type = 'registry.pair' AND subject_id = ANY(pairs)
      UNION ALL SELECT 'workflow_statuschange:' || id FROM workflow_statuschange
                 WHERE subject_type = 'registry.pair' AND subject_id = ANY(pairs)
      UNION ALL SELECT 'workflow_clock:' || id FROM workflow_clock
                 WHERE subject_type = 'registry.pair' AND subject_id = ANY(pairs)
    ) AS found(line));
END $$
"""
OF_PAIRS = "subject_type <> 'registry.pair' OR subject_id <> ALL ((SELECT registry_sealed_pairs())::bigint[])"
IN_LOG = (
    "child_id IS NOT NULL OR \"table\" || ':' || row_id <> ALL ((SELECT registry_sealed_lines())::text[])"
)

# How many files a county ever numbered is nobody else's business: numbers are drawn, the table is closed.
FILE_NUMBER = """
CREATE FUNCTION registry_file_number(given text, at_least bigint DEFAULT NULL) RETURNS bigint LANGUAGE sql SECURITY DEFINER
SET search_path = public AS $$
  INSERT INTO registry_filenumber AS numbers (county, last) VALUES (given, COALESCE(at_least, 1))
  ON CONFLICT (county) DO UPDATE
     SET last = CASE WHEN at_least IS NULL THEN numbers.last + 1 ELSE GREATEST(numbers.last, at_least) END
  RETURNING last
$$
"""
READ = f"({own_post('post_id')} AND {unsealed()})"


class Migration(migrations.Migration):
    """What still told of a sealed file: pairs with another file and their log, notices given before; and the count of files."""

    dependencies = [
        ("registry", "0012_reasons_wall"),
        ("messaging", "0003_about_a_child"),
        ("workflow", "0004_due_index"),
        ("audit", "0003_place_of_change"),
    ]
    operations = [
        migrations.RunSQL(SEALED_PAIRS, "DROP FUNCTION registry_sealed_pairs"),
        migrations.RunSQL(SEALED_LINES, "DROP FUNCTION registry_sealed_lines"),
        *(also(table, OF_PAIRS) for table in ("workflow_workitem", "workflow_statuschange", "workflow_clock")),
        also("audit_change", IN_LOG),
        # telling stays possible: who tells need not see
        migrations.RunSQL(
            f"ALTER POLICY scope ON messaging_notice USING ({READ})",
            f"ALTER POLICY scope ON messaging_notice USING ({own_post('post_id')})",
        ),
        migrations.RunSQL(FILE_NUMBER, "DROP FUNCTION registry_file_number"),
        migrations.RunSQL(
            "COMMENT ON TABLE registry_filenumber IS 'closed'", "COMMENT ON TABLE registry_filenumber IS NULL"
        ),
    ]
