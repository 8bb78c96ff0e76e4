"""The wall stands: no scope no rows, a loud error in development, writes outside refused (R-46.01, TM-03, TM-13)."""

from types import SimpleNamespace

import pytest
from django.db import ProgrammingError, connection, transaction

from hutong.foundation.access.scope import Scope, ScopeMissing, use_scope
from hutong.foundation.audit.models import Read


def test_reading_a_protected_table_without_scope_is_a_loud_error(db: None) -> None:
    with pytest.raises(ScopeMissing, match="audit_read"):
        list(Read.objects.all())


def test_a_reader_sees_the_log_of_the_own_range_only(cast: SimpleNamespace) -> None:
    from hutong.foundation.access import reading
    from hutong.foundation.access.explaining import Explanation

    with use_scope(cast.director.scope):
        reading.record(cast.director, [(7, "990101101201")], "档案", Explanation("act"))
    with use_scope(cast.supervisor.scope):
        assert [read.child_id for read in Read.objects.all()] == [7]
    with use_scope(cast.stranger.scope):
        assert not Read.objects.exists()


def test_the_web_role_cannot_change_the_log(cast: SimpleNamespace) -> None:
    with use_scope(cast.county.scope):
        for statement in (
            "UPDATE audit_read SET what = ''",
            "DELETE FROM audit_read",
            "DELETE FROM audit_change",
        ):
            with (
                pytest.raises(ProgrammingError, match="permission denied"),
                transaction.atomic(),
                connection.cursor() as cursor,
            ):
                cursor.execute(statement)


def test_the_web_role_can_neither_become_owner_nor_switch_the_wall_off(db: None) -> None:
    for statement in (
        "SET ROLE hutong_owner",
        "ALTER TABLE audit_read DISABLE ROW LEVEL SECURITY",
        "CREATE TABLE x()",
    ):
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_scope_is_restored_after_a_nested_one(cast: SimpleNamespace) -> None:
    def lo() -> str:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('app.lo', true)")
            return str(cursor.fetchone()[0])

    with use_scope(cast.county.scope):
        with use_scope(cast.director.scope):
            assert lo() == "990101101201"
        assert lo() == "990101000000"
    assert lo() == ""


def test_every_table_with_an_area_or_a_child_has_a_policy(db: None) -> None:
    """A new table that names a child or an area and has no row security fails here."""
    open_to_all = {"network_area", "network_org", "network_post"}  # reference data of the network
    with use_scope(Scope(lo="", hi="")), connection.cursor() as cursor:
        cursor.execute(
            """SELECT DISTINCT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
               WHERE c.relkind IN ('r', 'p') AND NOT c.relrowsecurity AND c.relnamespace = 'public'::regnamespace
                 AND a.attname IN ('area_code', 'child_id', 'residence_area')"""
        )
        assert {row[0] for row in cursor.fetchall()} - open_to_all == set()
