"""A log to attack: rows written as the application writes them, and a hand that holds the database itself."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from django.db import connection

from hutong.foundation.access import reading
from hutong.foundation.access.explaining import Explanation
from hutong.foundation.access.scope import system_scope, use_scope
from hutong.foundation.audit import services

VILLAGE = "990101101201"


@pytest.fixture(autouse=True)
def own_key(settings: Any, tmp_path: Path) -> None:
    settings.AUDIT_KEY = tmp_path / "signing.json"
    settings.WITNESSES = []


def write(cast: SimpleNamespace, reads: int, changes: int = 0, *, child: int = 7) -> None:
    """Reads by the director and the supervisor, changes of one holding."""
    for actor in (cast.director, cast.supervisor):
        with use_scope(actor.scope):
            for _ in range(reads):
                reading.record(actor, [(child, VILLAGE)], "档案", Explanation("act"))
    with use_scope(cast.county.scope):
        for number in range(changes):
            cast.director.post.holdings.update(reason=f"核对 {number}")


def fold() -> Any:
    with use_scope(system_scope("audit")):
        return services.fold()


def verify(*witnesses: Path) -> Any:
    """As the worker verifies, through the database's functions."""
    with use_scope(system_scope("audit")):
        return services.verify(witnesses=witnesses)


@contextmanager
def dba() -> Iterator[psycopg.Connection[Any]]:
    """The superuser at the console: row security and triggers off, whatever the application may or may not."""
    from hutong.config.postgres import Embedded

    name = connection.settings_dict["NAME"]
    if os.environ.get("DATABASE_URL"):
        url = os.environ.get("DATABASE_SUPERUSER_URL") or os.environ["DATABASE_URL"]
    else:
        url = Embedded().url("postgres", name)
    with psycopg.connect(url, dbname=name, autocommit=True) as console:
        console.execute("SET session_replication_role = replica")
        yield console


__all__ = ["VILLAGE", "dba", "fold", "verify", "write"]
