from django.db import migrations

from hutong.foundation.access.policies import LOOKING, in_range, look_only, protect, unsealed
from hutong.foundation.audit.triggers import audited

ONESELF = "user_id = NULLIF(current_setting('app.uid', true), '')::bigint"
# one's own, of the own children, by the own people; out of sight with a sealed file
SEEN = f"(({ONESELF} OR {in_range()} OR {in_range('hukou_area')} OR {in_range('post_area')}) AND {unsealed()})"

# The only way to an opening and its grant, both in one statement: no path without a review (TM-20). Who asks is taken from
# the scope, never from the arguments; number and name must both fit; a sealed file is found by nobody.
OPEN = """
CREATE FUNCTION glass_open(
  token text, file text, named text, ref text, why text, said text, danger boolean, who text,
  since timestamptz, till timestamptz, due date
) RETURNS TABLE(opened text, child text) LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
  me bigint := NULLIF(current_setting('app.uid', true), '')::bigint;
  my_post bigint := NULLIF(current_setting('app.post', true), '')::bigint;
  kid record;
  held text;
BEGIN
  IF me IS NULL OR my_post IS NULL THEN
    RAISE EXCEPTION '紧急查阅须由在岗人员本人办理。' USING ERRCODE = 'insufficient_privilege';
  END IF;
  SELECT one.* INTO kid FROM registry_child AS one
   WHERE ((one.id_token = token AND token <> '') OR one.file_no = file) AND one.name = named
     AND one.sealed_in = '' AND one.state <> 'MERGED' LIMIT 1;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  -- a second click finds the first one's opening
  PERFORM pg_advisory_xact_lock(hashtextextended('glass:' || me || ':' || kid.id, 0));
  SELECT past.public_id INTO held FROM glass_opening AS past
   WHERE past.user_id = me AND past.post_id = my_post AND past.child_id = kid.id AND past.ended_at IS NULL
     AND past.until > since AND past.danger = glass_open.danger;
  IF held IS NULL THEN
    held := ref;
    INSERT INTO glass_opening (public_id, child_id, file_no, area_code, hukou_area, user_id, post_id, post_area, label, reason,
                               words, danger, at, until, review_due, state, reviewed_label, review_words)
    SELECT ref, kid.id, kid.file_no, kid.residence_area, kid.hukou_area, me, my_post, post.area_code, who, why,
           said, glass_open.danger, since, till, due, 'PENDING', '', ''
      FROM network_post AS post WHERE post.id = my_post;
    INSERT INTO access_grant (child_id, area_code, user_id, post_id, since, until, kind, ref, writes)
    VALUES (kid.id, kid.residence_area, me, my_post, since, till, 'glass', ref, glass_open.danger);
  END IF;
  RETURN QUERY SELECT held, kid.public_id::text;
END $$;
CREATE POLICY made ON glass_opening AS RESTRICTIVE FOR INSERT WITH CHECK (false);
CREATE POLICY kept ON glass_opening AS RESTRICTIVE FOR DELETE USING (false);
CREATE FUNCTION glass_opening_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (to_jsonb(NEW) - ARRAY['ended_at', 'state', 'reviewed_by_id', 'reviewed_label', 'reviewed_at', 'review_words'])
     IS DISTINCT FROM
     (to_jsonb(OLD) - ARRAY['ended_at', 'state', 'reviewed_by_id', 'reviewed_label', 'reviewed_at', 'review_words']) THEN
    RAISE EXCEPTION '紧急查阅的记录不能改动。' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER stands BEFORE UPDATE ON glass_opening FOR EACH ROW EXECUTE FUNCTION glass_opening_stands();
"""
BACK = """
DROP TRIGGER stands ON glass_opening; DROP FUNCTION glass_opening_stands;
DROP POLICY made ON glass_opening; DROP POLICY kept ON glass_opening; DROP FUNCTION glass_open
"""
HANGING = (
    "registry_kinship", "registry_circumstance", "registry_guardianshipregime", "registry_guardianshipstatus",
    "registry_schoolepisode", "registry_healthepisode", "registry_rollentry", "registry_judgement", "registry_proposal",
    "registry_move", "registry_exit", "documents_document", "leads_lead", "leads_correction",
)  # fmt: skip


def looked_at(column: str) -> str:
    return LOOKING.format(column=column)


def not_changed(table: str, looked: str) -> migrations.RunSQL:
    """Rows that hang on children by other ways than ``child_id``."""
    return migrations.RunSQL(
        f"CREATE POLICY looking_changes ON {table} AS RESTRICTIVE FOR UPDATE USING (true) WITH CHECK (NOT ({looked}))",
        f"DROP POLICY looking_changes ON {table}",
    )


class Migration(migrations.Migration):
    """Who opened what; and nothing of a child who is only looked at can be changed."""

    dependencies = [
        ("glass", "0001_initial"),
        ("access", "0006_grants_wall"),
        ("audit", "0002_trigger"),
        ("registry", "0011_sealed_by_index"),
        ("leads", "0002_wall"),
        ("documents", "0002_wall"),
    ]
    operations = [
        protect("glass_opening", SEEN),
        migrations.RunSQL(OPEN, BACK),
        audited("glass_opening"),
        look_only("registry_child", "id"),
        *(look_only(table) for table in HANGING),
        not_changed(
            "registry_person",
            "EXISTS (SELECT 1 FROM registry_kinship AS tie WHERE tie.person_id = registry_person.id "
            f"AND {looked_at('tie.child_id')})",
        ),
        not_changed("registry_pair", f"{looked_at('first_id')} OR {looked_at('second_id')}"),
    ]
