"""The two database roles on a server that is not ours: the owner is given, the web role is made (ADR 0002)."""

from __future__ import annotations

import psycopg
from django.conf import settings
from psycopg import sql

from hutong.config import settings as values


def prepare() -> None:
    """Create or refresh the web role. Needs an owner that may create roles, or a role made beforehand by the DBA."""
    owner = _owner_settings()
    with psycopg.connect(
        dbname=owner["NAME"], user=owner["USER"], password=owner["PASSWORD"] or None,
        host=owner["HOST"] or None, port=owner["PORT"] or None, autocommit=True,
    ) as connection:  # fmt: skip
        row = connection.execute("SHOW server_version_num").fetchone()
        if row is None or int(row[0]) < 150000:
            raise SystemExit("数据库版本过低：需要 PostgreSQL 15 及以上。")
        known = connection.execute(
            "SELECT 1 FROM pg_roles WHERE rolname = %s", [settings.WEB_ROLE]
        ).fetchone()
        verb = sql.SQL("ALTER" if known else "CREATE")
        statement = sql.SQL("{} ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS PASSWORD {}")
        connection.execute(
            statement.format(verb, sql.Identifier(settings.WEB_ROLE), sql.Literal(values.web_password()))
        )


def _owner_settings() -> dict[str, str]:
    before, values.DB_AS_OWNER = values.DB_AS_OWNER, True
    try:
        return values._database()
    finally:
        values.DB_AS_OWNER = before
