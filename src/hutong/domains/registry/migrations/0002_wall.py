from django.db import migrations

from hutong.foundation.access.policies import child_rows, in_range, of_child, protect
from hutong.foundation.audit.triggers import audited

HANGING = (
    "registry_kinship", "registry_circumstance", "registry_guardianshipregime", "registry_guardianshipstatus",
    "registry_schoolepisode", "registry_healthepisode", "registry_rollentry",
)  # fmt: skip
LASTING = ("registry_child", "registry_person", "registry_intake", *HANGING)

# Several facts about who may not be told: the functions answer one narrow question beyond the asker's range.
WRITE_GRAMS = f"""
CREATE FUNCTION registry_write_grams(words text[], kids bigint[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public AS $$
BEGIN
  DELETE FROM registry_gram AS stale USING registry_child AS child
   WHERE stale.child_id = ANY(kids) AND child.id = stale.child_id
     AND {child_rows("child.residence_area", "child.hukou_area", "child.id")};
  INSERT INTO registry_gram (gram, area_code, child_id)
  SELECT given.word, place.code, child.id
    FROM unnest(words, kids) AS given(word, kid)
    JOIN registry_child AS child ON child.id = given.kid
         AND {child_rows("child.residence_area", "child.hukou_area", "child.id")}
    CROSS JOIN LATERAL (VALUES (child.residence_area), (child.hukou_area)) AS place(code)
  ON CONFLICT DO NOTHING;
END $$
"""
KNOWN_CHILDREN = """
CREATE FUNCTION registry_known_children(tokens text[], file_nos text[]) RETURNS TABLE(id_token text, file_no text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT child.id_token::text, NULL::text FROM registry_child AS child WHERE child.id_token = ANY(tokens)
  UNION ALL
  SELECT NULL::text, child.file_no::text FROM registry_child AS child WHERE child.file_no = ANY(file_nos)
$$
"""
KNOWN_PERSONS = """
CREATE FUNCTION registry_known_persons(tokens text[]) RETURNS TABLE(id uuid, id_token text, name text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT person.id, person.id_token::text, person.name::text FROM registry_person AS person
   WHERE person.id_token = ANY(tokens)
$$
"""
NEVER = """
CREATE FUNCTION registry_never_delete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '档案数据不得删除：请办理退出或登记更正。' USING ERRCODE = 'restrict_violation';
END $$
"""


def no_overlap(table: str) -> str:
    # btree_gist is not everywhere: a range of one number stands for equality (stack.md §1)
    return (
        f"ALTER TABLE {table} ADD CONSTRAINT {table}_no_overlap EXCLUDE USING gist "
        f"(int8range(child_id, child_id, '[]') WITH &&, daterange(since, until) WITH &&) WHERE (NOT void)"
    )


class Migration(migrations.Migration):
    dependencies = [("registry", "0001_initial"), ("audit", "0002_trigger"), ("access", "0002_wall")]
    operations = [
        protect("registry_child", child_rows()),
        audited("registry_child", child="id", hidden=["id_sealed", "id_token", "phone_sealed", "form_key"]),
        *(protect(table, of_child()) for table in HANGING),
        *(audited(table) for table in HANGING),
        protect("registry_judgement", of_child(), append_only=True),
        audited("registry_judgement"),
        protect("registry_opened", f"user_id = NULLIF(current_setting('app.uid', true), '')::bigint AND {of_child()}"),
        # A person is written before the first kinship, so new rows pass; reading needs a visible child.
        protect(
            "registry_person",
            "EXISTS (SELECT 1 FROM registry_kinship AS tie WHERE tie.person_id = registry_person.id)",
            "true",
        ),
        audited("registry_person", hidden=["id_sealed", "id_token", "phone_sealed"]),
        protect("registry_gram", in_range()),
        migrations.RunSQL("COMMENT ON TABLE registry_gram IS 'read-only'", migrations.RunSQL.noop),
        migrations.RunSQL(WRITE_GRAMS, "DROP FUNCTION registry_write_grams"),
        migrations.RunSQL(KNOWN_CHILDREN, "DROP FUNCTION registry_known_children"),
        migrations.RunSQL(KNOWN_PERSONS, "DROP FUNCTION registry_known_persons"),
        *(
            migrations.RunSQL(
                no_overlap(table), f"ALTER TABLE {table} DROP CONSTRAINT {table}_no_overlap"
            )
            for table in ("registry_guardianshipregime", "registry_guardianshipstatus")
        ),
        migrations.RunSQL(NEVER, "DROP FUNCTION registry_never_delete CASCADE"),
        *(
            migrations.RunSQL(
                f"CREATE TRIGGER never_delete BEFORE DELETE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION registry_never_delete()",
                migrations.RunSQL.noop,
            )
            for table in LASTING
        ),
    ]
