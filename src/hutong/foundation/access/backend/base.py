"""PostgreSQL backend that puts the acting scope into each transaction (ADR 0002)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db.backends.postgresql import base

from hutong.foundation.access import scope as scopes
from hutong.kernel import clock

_NAMES = re.compile(r'\b(?:FROM|JOIN|UPDATE|INTO)\s+"?([a-z_]+)"?', re.IGNORECASE)
_protected: dict[str, frozenset[str]] = {}


class DatabaseWrapper(base.DatabaseWrapper):
    """The stock backend, plus: ``set_config(…, true)`` at BEGIN; a loud error for a protected read without scope."""

    def _set_autocommit(self, autocommit: bool) -> None:
        super()._set_autocommit(autocommit)  # type: ignore[misc]
        if not autocommit and scopes.current() is not None and self.alias == "default":
            with self.wrap_database_errors:
                scopes.apply(scopes.current())

    def init_connection_state(self) -> None:
        super().init_connection_state()
        if self.alias == "default":
            with self.connection.cursor() as cursor:  # the one time everybody goes by (TM-19)
                clock.anchor(cursor.execute("SELECT clock_timestamp()").fetchone()[0])
        if settings.SCOPE_CHECK and self.alias == "default" and self._check not in self.execute_wrappers:
            self.execute_wrappers.append(self._check)

    def _check(self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
        if scopes.current() is None and isinstance(sql, str) and not settings.DB_AS_OWNER:
            hit = protected_tables(self).intersection(_NAMES.findall(sql))
            if hit:
                raise scopes.ScopeMissing(
                    f"读写受保护的表 {'、'.join(sorted(hit))} 前没有设定操作范围（use_scope）。"
                )
        return execute(sql, params, many, context)


def protected_tables(connection: base.DatabaseWrapper) -> frozenset[str]:
    """Names of the tables with row security, read once per database."""
    name = connection.settings_dict["NAME"]
    if name not in _protected:
        _protected[name] = frozenset()  # the query below passes through here too
        with connection.cursor() as cursor:
            cursor.execute("SELECT relname FROM pg_class WHERE relrowsecurity AND relkind IN ('r', 'p')")
            _protected[name] = frozenset(row[0] for row in cursor.fetchall())
    return _protected[name]
