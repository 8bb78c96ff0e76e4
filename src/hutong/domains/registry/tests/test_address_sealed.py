"""What the release before wrote while both ran is not lost when the clear column goes (ADR 0032, TM-08)."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection, transaction

from hutong.domains.registry.models import Child
from hutong.foundation.access.scope import system_scope, use_scope
from hutong.foundation.audit.tests.conftest import dba

pytestmark = pytest.mark.django_db(transaction=True)
THEN, OLD, NEW = "桑树村3组8号", "石板村1组2号", "竹林村5组6号"


@pytest.fixture
def home(child: Child) -> Iterator[Child]:
    """A file in tables that still have the clear column, as between the two releases."""
    with dba() as console:
        console.execute("ALTER TABLE registry_child ADD address varchar(200) NOT NULL DEFAULT ''")
        console.execute("GRANT UPDATE (address), SELECT (address) ON registry_child TO hutong_web")
    yield child
    with dba() as console:
        console.execute("ALTER TABLE registry_child DROP address")


def old_release_writes(child: Child, address: str) -> None:
    with use_scope(system_scope("test")), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE registry_child SET address = %s WHERE id = %s", [address, child.pk])


def new_release_writes(child: Child, address: str) -> None:
    with use_scope(system_scope("test")), transaction.atomic():
        child.address = address
        child.save(update_fields=["address_sealed"])


def settled(child: Child) -> str:
    migration = import_module("hutong.domains.registry.migrations.0017_address_only_sealed")
    with use_scope(system_scope("test")), transaction.atomic():
        migration.seal(apps, SimpleNamespace(connection=connection))
        return Child.objects.get(pk=child.pk).address


def test_the_last_word_counts_whichever_release_said_it(home: Child) -> None:
    new_release_writes(home, THEN)
    assert settled(home) == THEN
    old_release_writes(home, OLD)
    assert settled(home) == OLD
    old_release_writes(home, NEW)
    new_release_writes(home, THEN)
    assert settled(home) == THEN
    old_release_writes(home, OLD)
    old_release_writes(home, "")
    assert settled(home) == "", "taken out is a word too"
    new_release_writes(home, NEW)
    new_release_writes(home, "")
    assert settled(home) == ""
