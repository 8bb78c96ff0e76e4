"""What the web role may do: given after every migration, in the development, test and production database alike.

Everything is taken first, then given by table comment: ``append-only`` tables get SELECT and INSERT,
``read-only`` tables SELECT, ``closed`` ones nothing, all others the four verbs. Nobody but the owner gets DDL or TRUNCATE.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import connections

_GRANT = """
DO $$
DECLARE item record;
BEGIN
  EXECUTE format('GRANT USAGE ON SCHEMA public TO %I', '{role}');
  FOR item IN SELECT c.oid, c.relname, c.relkind, obj_description(c.oid, 'pg_class') AS note
              FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
              WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p', 'S', 'v')
                AND pg_has_role(current_user, c.relowner, 'USAGE') LOOP
    EXECUTE format('REVOKE ALL ON %I FROM %I', item.relname, '{role}');
    IF item.relkind = 'S' THEN
      EXECUTE format('GRANT USAGE, SELECT ON SEQUENCE %I TO %I', item.relname, '{role}');
    ELSIF item.note = 'closed' THEN
      NULL;
    ELSIF item.note = 'read-only' OR item.relname = 'django_migrations' THEN
      EXECUTE format('GRANT SELECT ON %I TO %I', item.relname, '{role}');
    ELSIF item.note = 'append-only' THEN
      EXECUTE format('GRANT SELECT, INSERT ON %I TO %I', item.relname, '{role}');
    ELSE
      EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO %I', item.relname, '{role}');
    END IF;
  END LOOP;
END $$
"""


def give(using: str = "default", **_: Any) -> None:
    with connections[using].cursor() as cursor:
        cursor.execute(_GRANT.format(role=settings.WEB_ROLE))
