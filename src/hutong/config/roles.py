"""The two database roles on a server that is not ours: the owner is given, the web role made or only looked at (ADR 0002)."""

from __future__ import annotations

from typing import Any

import click
import psycopg
from django.conf import settings
from psycopg import sql

from hutong.config import place
from hutong.config import settings as values


def prepare() -> None:
    """Make or refresh the web role; where it has a login of its own (both URLs given) the DBA made it: only look."""
    owner = _owner_settings()
    with psycopg.connect(
        dbname=owner["NAME"], user=owner["USER"], password=owner["PASSWORD"] or None,
        host=owner["HOST"] or None, port=owner["PORT"] or None, autocommit=True, **owner["OPTIONS"],
    ) as connection:  # fmt: skip
        row = connection.execute("SHOW server_version_num").fetchone()
        if row is None or int(row[0]) < 150000:
            raise SystemExit("数据库版本过低：需要 PostgreSQL 15 及以上。")
        known = connection.execute(
            "SELECT rolsuper OR rolbypassrls OR rolcreaterole FROM pg_roles WHERE rolname = %s",
            [settings.WEB_ROLE],
        ).fetchone()
        if place.given("DATABASE_URL") and place.given("DATABASE_OWNER_URL"):
            _look(known)
            return
        verb = sql.SQL("ALTER" if known else "CREATE")
        statement = sql.SQL("{} ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS PASSWORD {}")
        connection.execute(
            statement.format(verb, sql.Identifier(settings.WEB_ROLE), sql.Literal(values.web_password()))
        )


def _look(known: Any) -> None:
    if known is None:
        raise click.ClickException(
            f"数据库没有应用角色 {settings.WEB_ROLE}：请由数据库管理员建立，再运行一次。"
        )
    if known[0]:
        raise click.ClickException(
            f"应用角色 {settings.WEB_ROLE} 能绕过行级权限：请改为 NOSUPERUSER NOCREATEROLE NOBYPASSRLS。"
        )


def _owner_settings() -> dict[str, Any]:
    before, values.DB_AS_OWNER = values.DB_AS_OWNER, True
    try:
        return values._database()
    finally:
        values.DB_AS_OWNER = before
