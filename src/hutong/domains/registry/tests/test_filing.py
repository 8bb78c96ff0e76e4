"""A file from draft to archive (R-03.01, R-03.07, R-03.08; model.md §4.1)."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, InternalError, connection, transaction

from hutong.domains.registry import selectors, services
from hutong.domains.registry.models import Child
from hutong.domains.registry.services import errors
from hutong.foundation.access.scope import use_scope
from hutong.foundation.workflow.errors import NotNow
from hutong.foundation.workflow.models import StatusChange, WorkItem
from hutong.kernel import clock, ids

from .conftest import BORN, facts


def test_a_draft_is_submitted_approved_and_closed(cast: SimpleNamespace, child: Child) -> None:
    assert child.state == "DRAFT"
    assert child.file_no.startswith("H990101")
    with use_scope(cast.director.scope):
        services.register(child, actor=cast.director)
    with use_scope(cast.supervisor.scope):
        item = WorkItem.objects.get(kind="registry.approve")
        assert item.owner_post == cast.supervisor.post
        services.approve(child, actor=cast.supervisor)
        assert child.state == "ACTIVE"
        item.refresh_from_db()
        assert item.closed_at
        leaving = services.exits.request(
            child, actor=cast.supervisor, close_reason="AGE", reason="已满十八周岁"
        )
    with use_scope(cast.county.scope):
        assert WorkItem.objects.filter(kind="registry.close", owner_post=cast.county.post).exists()
        services.exits.approve(leaving, actor=cast.county)
        child.refresh_from_db()
        services.archive(child, actor=cast.county)
        said = list(
            StatusChange.objects.filter(subject_type="registry.child", child_id=child.pk)
            .order_by("pk")
            .values_list("to_state", flat=True)
        )
    assert said == ["DRAFT", "REGISTERED", "ACTIVE", "CLOSED", "ARCHIVED"]


def test_the_maker_does_not_approve(cast: SimpleNamespace) -> None:
    with use_scope(cast.supervisor.scope):
        child = services.create_child(actor=cast.supervisor, facts=facts(), submit=True)
        assert child.state == "REGISTERED"
        with pytest.raises(PermissionDenied, match="不能审核自己建的档案"):
            services.approve(child, actor=cast.supervisor)
        # and so it stands on the county's list, not on the maker's
        assert not WorkItem.objects.filter(owner_post=cast.supervisor.post).exists()


def test_sent_back_with_words_returns_to_the_village(cast: SimpleNamespace, child: Child) -> None:
    with use_scope(cast.director.scope):
        services.register(child, actor=cast.director)
    with use_scope(cast.supervisor.scope):
        with pytest.raises(errors.Refused, match="补正什么"):
            services.send_back(child, actor=cast.supervisor, reason=" ")
        services.send_back(child, actor=cast.supervisor, reason="缺户口簿复印件")
    with use_scope(cast.director.scope):
        assert WorkItem.objects.get(kind="registry.revise").owner_post == cast.director.post
        services.register(child, actor=cast.director)
        assert WorkItem.objects.get(kind="registry.revise").closed_at


def test_two_who_approve_at_once(cast: SimpleNamespace, child: Child) -> None:
    with use_scope(cast.director.scope):
        services.register(child, actor=cast.director)
    with use_scope(cast.county.scope):
        stale = Child.objects.get(pk=child.pk)
        services.approve(child, actor=cast.supervisor)
        with pytest.raises(NotNow):
            services.approve(stale, actor=cast.county)


def test_a_child_without_registration_has_a_file(cast: SimpleNamespace) -> None:
    with use_scope(cast.director.scope):
        child = services.create_child(actor=cast.director, facts=facts(id_number="", id_kind="NONE"))
        assert child.id_token is None
        assert child.masked_id == "无户籍"


def test_the_number_is_never_in_clear(cast: SimpleNamespace, child: Child) -> None:
    number = ids.make("500199", BORN, 12)
    assert child.id_number == number
    with use_scope(cast.director.scope), connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(c)::text FROM registry_child c")
        assert number not in cursor.fetchone()[0]
        cursor.execute("SELECT string_agg(diff::text, '') FROM audit_change")
        assert number not in cursor.fetchone()[0]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"birth_date": date(2015, 3, 13)}, "birth_date"),
        ({"sex": 1}, "sex"),
        ({"id_number": "500199201503120013"}, "id_number"),
        ({"hukou_area": "990102101201", "residence_area": "990102101201"}, "residence_area"),
        ({"name": " ·"}, "name"),
    ],
)
def test_what_cannot_be_is_refused_by_field(
    cast: SimpleNamespace, changes: dict[str, Any], field: str
) -> None:
    with use_scope(cast.director.scope), pytest.raises(errors.Refused) as refused:
        services.create_child(actor=cast.director, facts=facts(**changes))
    assert refused.value.field == field


def test_strangers_see_nothing(cast: SimpleNamespace, child: Child) -> None:
    with use_scope(cast.stranger.scope):
        assert selectors.find_by_file_no(child.file_no) is None
        with pytest.raises(Child.DoesNotExist):
            selectors.get_child(child.public_id, cast.stranger)


def test_hukou_elsewhere_both_sides_see_it(cast: SimpleNamespace) -> None:
    """R-01.04: the place of registration and the place of living are both responsible."""
    with use_scope(cast.director.scope):
        child = services.create_child(actor=cast.director, facts=facts(hukou_area="990102101201"))
        assert selectors.responsible_post(child) == cast.director.post
        assert selectors.hukou_post(child) == cast.stranger.post
    with use_scope(cast.stranger.scope):
        assert selectors.find_by_file_no(child.file_no) == child


def test_nothing_is_ever_deleted(cast: SimpleNamespace, child: Child) -> None:
    with (
        use_scope(cast.county.scope),
        transaction.atomic(),
        pytest.raises((InternalError, IntegrityError), match="不得删除"),
        transaction.atomic(),
    ):
        Child.objects.filter(pk=child.pk)._raw_delete("default")


def test_one_second_apart_the_file_number_runs_on(cast: SimpleNamespace) -> None:
    with use_scope(cast.director.scope), clock.frozen(date(2026, 1, 5)):
        first = services.create_child(actor=cast.director, facts=facts())
        second = services.create_child(
            actor=cast.director, facts=facts(name="马小满", id_number=ids.make("500199", BORN, 14))
        )
    assert int(second.file_no[1:]) == int(first.file_no[1:]) + 1
