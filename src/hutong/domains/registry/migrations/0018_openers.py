from django.db import migrations

from hutong.foundation.access.policies import OPENED, child_rows

# Who may open a file is asked by everybody who may open it (TM-03), also by those who see no one else's assignments and
# grants: the function answers for a file the asker sees, and for no other. Of a wholly sealed file the named persons count.
OPENERS = f"""
CREATE FUNCTION registry_openers(kid bigint, places text[], viewers text[], keepers text[], day date, moment timestamptz)
RETURNS TABLE(person bigint, role text, way text) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  WITH file AS (
    SELECT child.id, child.sealed_in FROM registry_child AS child
     WHERE child.id = kid AND {child_rows("child.residence_area", "child.hukou_area", "child.id")}
       AND (child.sealed_in = '' OR COALESCE(child.sealed_in = ANY({OPENED}), false))
  ), held AS (
    SELECT holding.user_id, post.id AS post_id, post.role::text AS role, post.area_code, post.area_code = ANY(places) AS here,
           post.role = ANY(viewers) AS views, post.role = ANY(keepers) AS keeps
      FROM network_holding AS holding
      JOIN network_post AS post ON post.id = holding.post_id AND post.active
      JOIN accounts_user AS person ON person.id = holding.user_id AND person.is_active
     WHERE holding.since <= day AND (holding.until IS NULL OR holding.until > day)
  ), way AS (
    SELECT held.user_id, held.role, 'post' AS way, 1 AS rank FROM held, file WHERE held.views AND held.here AND file.sealed_in = ''
    UNION ALL
    SELECT held.user_id, held.role, 'assigned', 2 FROM file
      JOIN access_assignment AS one ON one.child_id = file.id AND one.since <= day AND (one.until IS NULL OR one.until > day)
      JOIN held ON held.views AND held.post_id = one.post_id WHERE file.sealed_in = ''
    UNION ALL
    SELECT held.user_id, held.role, 'granted', 3 FROM file
      JOIN access_grant AS one ON one.child_id = file.id AND one.since <= moment AND one.until > moment
      JOIN held ON held.views AND (one.user_id IS NULL OR held.user_id = one.user_id)
       AND (one.post_id IS NULL OR held.post_id = one.post_id)
     WHERE file.sealed_in = ''
    UNION ALL
    SELECT held.user_id, held.role, 'named', 1 FROM file
      JOIN access_namedperson AS one ON one.compartment = file.sealed_in AND one.state = 'ACTIVE'
       AND one.since <= day AND (one.until IS NULL OR one.until > day)
      JOIN held ON held.user_id = one.user_id AND held.keeps AND held.here AND one.area_code IN (
        '000000000000', rpad(left(held.area_code, 2), 12, '0'), rpad(left(held.area_code, 4), 12, '0'),
        rpad(left(held.area_code, 6), 12, '0'), rpad(left(held.area_code, 9), 12, '0'), held.area_code) WHERE file.sealed_in <> ''
  )
  SELECT DISTINCT ON (way.user_id) way.user_id, way.role, way.way FROM way ORDER BY way.user_id, way.rank, way.role
$$
"""


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0017_address_only_sealed"),
        ("access", "0006_grants_wall"),
        ("network", "0001_initial"),
        ("accounts", "0001_initial"),
    ]
    operations = [
        migrations.RunSQL(
            OPENERS, "DROP FUNCTION registry_openers(bigint, text[], text[], text[], date, timestamptz)"
        )
    ]
