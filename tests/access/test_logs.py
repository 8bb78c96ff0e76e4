"""Everything is logged, with actor, reason and request; in linear time; and nobody can rewrite it (B.9; R-46.01)."""

import time
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction
from django.urls import reverse

from hutong.foundation.access import reading
from hutong.foundation.access.explaining import Explanation
from hutong.foundation.access.models import Assignment
from hutong.foundation.access.scope import because, use_scope
from hutong.foundation.accounts.models import User
from hutong.foundation.audit import selectors
from hutong.foundation.audit.models import Change, Read
from hutong.kernel import clock

VILLAGE = "990101101201"


def assignments(cast: SimpleNamespace, number: int, start: int = 0) -> list[Assignment]:
    return [
        Assignment(
            post=cast.director.post,
            child_id=start + n,
            area_code=VILLAGE,
            since=date(2026, 1, 1),
            reason="试",
        )
        for n in range(number)
    ]


def logged(**facts: Any) -> list[Change]:
    return list(Change.objects.filter(table="access_assignment", **facts).order_by("pk"))


def test_every_way_of_writing_is_logged(cast: SimpleNamespace) -> None:
    with use_scope(cast.county.scope):
        Assignment.objects.bulk_create(assignments(cast, 3))
        with because("更正"):
            Assignment.objects.filter(child_id=0).update(reason="新的事由")
        with connection.cursor() as cursor:
            cursor.execute("UPDATE access_assignment SET until = '2027-01-01' WHERE child_id = 1")
        Assignment.objects.filter(child_id=2).delete()
        assert [row.child_id for row in logged(operation="INSERT")] == [0, 1, 2]
        first, second = logged(operation="UPDATE")
        assert first.diff == {"reason": ["试", "新的事由"]}
        assert first.reason == "更正"
        assert second.diff == {"until": [None, "2027-01-01"]}
        assert second.reason == ""
        (gone,) = logged(operation="DELETE")
        assert gone.child_id == 2
        for row in (first, second, gone):
            assert (row.actor_id, row.post_id) == (cast.county.user.pk, cast.county.post.pk)
            assert row.request_id == cast.county.scope.request_id
            assert row.area_code == VILLAGE


def test_an_update_that_changes_nothing_is_not_logged(cast: SimpleNamespace) -> None:
    with use_scope(cast.county.scope):
        Assignment.objects.bulk_create(assignments(cast, 2))
        Assignment.objects.update(reason="试")
        assert logged(operation="UPDATE") == []


def test_a_bulk_update_stays_linear(cast: SimpleNamespace) -> None:
    """Four times the rows must not cost sixteen times the time (ADR 0003)."""

    def seconds(number: int, start: int) -> float:
        Assignment.objects.bulk_create(assignments(cast, number, start))
        begun = time.perf_counter()
        changed = Assignment.objects.filter(child_id__gte=start, child_id__lt=start + number).update(
            reason="改"
        )
        assert changed == number
        return time.perf_counter() - begun

    with use_scope(cast.county.scope):
        seconds(200, 900_000)
        small, large = seconds(1000, 0), seconds(4000, 100_000)
    assert large / small < 10, f"1,000 rows {small:.3f} s, 4,000 rows {large:.3f} s"


def test_rows_of_no_place_are_filed_where_they_were_changed(cast: SimpleNamespace) -> None:
    with use_scope(cast.county.scope):
        cast.director.post.holdings.update(reason="核对")
    with use_scope(cast.auditor.scope):
        assert Change.objects.filter(table="network_holding", operation="UPDATE").exists()
    with use_scope(cast.stranger_county.scope):
        assert not Change.objects.filter(table="network_holding", operation="UPDATE").exists()


def test_accounts_are_logged_without_their_passwords(cast: SimpleNamespace) -> None:
    with use_scope(cast.security.scope):
        user = User.objects.create_user("somebody", "Weeping-Willow-7", name="某人")
        user.set_password("Weeping-Willow-8")
        user.save()
        rows = Change.objects.filter(table="accounts_user", row_id=str(user.pk)).order_by("pk")
        assert [row.diff["password"] for row in rows] == [["*"], ["*", "*"]]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_read SET what = ''", "DELETE FROM audit_read",
        "UPDATE audit_change SET reason = ''", "DELETE FROM audit_change",
        "INSERT INTO audit_change (at, \"table\", operation, row_id, diff, area_code, request_id, reason) VALUES (now(), 'x', 'INSERT', '1', '{}', '99', '', '')",
    ],
)  # fmt: skip
def test_the_web_role_can_write_no_history(cast: SimpleNamespace, statement: str) -> None:
    with (
        use_scope(cast.county.scope),
        pytest.raises(ProgrammingError),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_nobody_reads_in_another_name(cast: SimpleNamespace) -> None:
    with use_scope(cast.director.scope), pytest.raises(ProgrammingError), transaction.atomic():
        reading.record(cast.supervisor, [(7, VILLAGE)], "档案", Explanation("act"))


def test_who_looked_is_listed_latest_first(cast: SimpleNamespace) -> None:
    for actor in (cast.director, cast.supervisor):
        with use_scope(actor.scope):
            reading.record(actor, [(7, VILLAGE), (8, VILLAGE)], "档案", Explanation("act"))
    with use_scope(cast.supervisor.scope):
        assert [row.actor_label for row in selectors.list_reads(7)] == [
            cast.supervisor.label,
            cast.director.label,
        ]
        assert selectors.list_all_reads(actor_ids=[cast.director.user.pk]).count() == 2
        assert selectors.list_all_reads(day=clock.today()).count() == 4
        assert selectors.list_all_reads(day=date(2020, 1, 1)).count() == 0


def test_the_auditor_sees_who_and_which_fields_but_no_content(cast: SimpleNamespace, client_as: Any) -> None:
    with use_scope(cast.county.scope):
        Assignment.objects.bulk_create(assignments(cast, 1))
        Assignment.objects.update(reason="孩子的秘密")
        reading.record(cast.county, [(7, VILLAGE)], "档案", Explanation("act"))
    client = client_as("auditor")
    changes = client.get(reverse("access:changes"), {"table": "access_assignment"}).content.decode()
    assert "reason" in changes
    assert cast.county.user.name in changes
    assert "孩子的秘密" not in changes
    reads = client.get(reverse("access:reads"), {"person": cast.county.user.username}).content.decode()
    assert cast.county.label in reads
    assert (
        "没有符合条件的记录" in client.get(reverse("access:reads"), {"person": "stranger"}).content.decode()
    )
    with use_scope(cast.auditor.scope):
        assert Read.objects.count() == 1
