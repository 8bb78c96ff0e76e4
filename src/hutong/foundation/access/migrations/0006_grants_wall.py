from django.db import migrations

from hutong.foundation.access.policies import in_range, own_post, protect
from hutong.foundation.audit.triggers import audited

ONESELF = "user_id = NULLIF(current_setting('app.uid', true), '')::bigint"

# Nobody grants beyond the own range, nobody grants an emergency opening: its function alone does (ADR 0016).
GRANT = f"""
ALTER TABLE access_grant ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON access_grant USING ({ONESELF} OR {own_post("post_id")} OR {in_range()})
  WITH CHECK ({ONESELF} OR {in_range()});
CREATE POLICY given ON access_grant AS RESTRICTIVE FOR INSERT WITH CHECK ({in_range()} AND kind <> 'glass');
CREATE POLICY kept ON access_grant AS RESTRICTIVE FOR DELETE USING (false);
CREATE FUNCTION access_grant_only_shorter() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.until > OLD.until OR (NEW.child_id, NEW.user_id, NEW.post_id, NEW.since, NEW.kind, NEW.ref, NEW.writes)
     IS DISTINCT FROM (OLD.child_id, OLD.user_id, OLD.post_id, OLD.since, OLD.kind, OLD.ref, OLD.writes) THEN
    RAISE EXCEPTION '限时授权只能提前结束，不能延长或改动。' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER only_shorter BEFORE UPDATE ON access_grant FOR EACH ROW EXECUTE FUNCTION access_grant_only_shorter();
"""
BACK = """
DROP TRIGGER only_shorter ON access_grant; DROP FUNCTION access_grant_only_shorter;
DROP POLICY scope ON access_grant; DROP POLICY given ON access_grant; DROP POLICY kept ON access_grant;
ALTER TABLE access_grant DISABLE ROW LEVEL SECURITY
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0005_explained"), ("audit", "0005_explained")]
    operations = [
        migrations.RunSQL(GRANT, BACK),
        audited("access_grant"),
        protect("access_statedreason", f"({ONESELF} OR {in_range()})", ONESELF, append_only=True),
        audited("access_statedreason"),
    ]
