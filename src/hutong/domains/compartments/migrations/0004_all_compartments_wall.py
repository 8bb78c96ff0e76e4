from django.db import migrations

from hutong.domains.compartments.walls import seal_table

# Who tells need not see: anybody may put something before the named persons, nobody outside reads it back.
RAISE = """
CREATE FUNCTION compartments_raise_matter(
  made text, given text, place text, child bigint, said text, address text, one text
) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public AS $$
  INSERT INTO compartments_matter (public_id, compartment, area_code, child_id, words, link, key, at, outcome)
  VALUES (made, given, place, child, said, address, one, now(), '') ON CONFLICT (key) DO NOTHING
$$
"""
# An exit by adoption takes the whole file with it, whoever approved it and by whichever way, at the end of the transaction.
SEAL_ADOPTED = """
CREATE FUNCTION compartments_seal_adopted(kid bigint) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
  home text;
  made text := substr(md5(random()::text || clock_timestamp()::text), 1, 16);
BEGIN
  UPDATE registry_child SET sealed_in = 'adoption'
   WHERE id = kid AND sealed_in = '' AND state = 'CLOSED' AND close_reason = 'ADOPTED' RETURNING residence_area INTO home;
  IF home IS NULL THEN RETURN; END IF;
  DELETE FROM registry_gram WHERE child_id = kid;
  INSERT INTO compartments_wholefile (public_id, compartment, child_id, body, recorded_at, closed_words)
  VALUES (made, 'adoption', kid, '', now(), '');
  PERFORM compartments_raise_matter(made, 'adoption', home, kid, '一份档案因退出整份转入专管，请核对并登记专管资料', '', 'whole:' || made);
END $$
"""
# A child entered as adopted goes on being cared for: the named persons decide whether the file goes.
ASK_ADOPTED = """
CREATE FUNCTION compartments_ask_adopted(kid bigint, home text) RETURNS void LANGUAGE sql SECURITY DEFINER
SET search_path = public AS $$
  SELECT compartments_raise_matter(substr(md5(random()::text || clock_timestamp()::text), 1, 16), 'adoption', home, kid,
    '一份档案的照护关系有登记，请核对是否整份转入专管', '', 'adopted:' || kid)
$$
"""
ON_CHILD = """
CREATE FUNCTION compartments_adopted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.state = 'CLOSED' THEN
    PERFORM compartments_seal_adopted(NEW.id);
  ELSE
    PERFORM compartments_ask_adopted(NEW.id, NEW.residence_area);
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER adopted AFTER INSERT OR UPDATE OF adopted, state, close_reason ON registry_child
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
WHEN (NEW.sealed_in = '' AND ((NEW.state = 'CLOSED' AND NEW.close_reason = 'ADOPTED') OR (NEW.state <> 'CLOSED' AND NEW.adopted)))
EXECUTE FUNCTION compartments_adopted()
"""
THE_PAST = """
SELECT compartments_seal_adopted(id) FROM registry_child WHERE state = 'CLOSED' AND close_reason = 'ADOPTED' AND sealed_in = '';
SELECT compartments_ask_adopted(id, residence_area) FROM registry_child WHERE state <> 'CLOSED' AND adopted AND sealed_in = ''
"""


class Migration(migrations.Migration):
    """Walls of all compartments, whole files, and adoption sealed also from the past (R-46.02, R-46.03, R-14.05)."""

    dependencies = [("compartments", "0003_all_compartments"), ("registry", "0015_sealing_is_not_told")]
    operations = [
        *seal_table("compartments_adoptionfact", "adoption"),
        *seal_table("compartments_abusefact", "abuse"),
        *seal_table("compartments_reporterfact", "reporter"),
        *seal_table("compartments_shieldfact", "shield"),
        *seal_table("compartments_wholefile", None),
        migrations.RunSQL(RAISE, "DROP FUNCTION compartments_raise_matter CASCADE"),
        migrations.RunSQL(SEAL_ADOPTED, "DROP FUNCTION compartments_seal_adopted CASCADE"),
        migrations.RunSQL(ASK_ADOPTED, "DROP FUNCTION compartments_ask_adopted CASCADE"),
        migrations.RunSQL(ON_CHILD, "DROP FUNCTION compartments_adopted CASCADE"),
        migrations.RunSQL(THE_PAST, migrations.RunSQL.noop),
    ]
