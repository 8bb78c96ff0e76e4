"""One step of one thing: right, guard, compare-and-set, history, clock, announcement (ADR 0004; R-47)."""

from collections.abc import Callable
from datetime import date
from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied

from hutong.foundation.access.scope import system_scope, use_scope
from hutong.foundation.audit.models import Change
from hutong.foundation.workflow import deadlines, selectors, services
from hutong.foundation.workflow.errors import NotNow
from hutong.foundation.workflow.models import Clock, Outbox, WorkItem
from hutong.kernel import clock

pytestmark = pytest.mark.usefixtures("repair")
Opened = Callable[..., WorkItem]


@pytest.fixture
def draft(opened: Opened, cast: SimpleNamespace) -> WorkItem:
    item = opened()
    with use_scope(system_scope("test")):
        WorkItem.objects.filter(pk=item.pk).update(outcome="draft")
        item.refresh_from_db()
        services.begin(item, actor=cast.director, right="child.create")
    return item


def test_a_step_changes_state_and_leaves_history_clock_and_announcement(
    draft: WorkItem, cast: SimpleNamespace
) -> None:
    with clock.frozen(date(2026, 11, 16)), use_scope(cast.director.scope):
        services.apply(draft, "submit", actor=cast.director, reason="材料齐全", data={"pages": 3})
        assert draft.outcome == WorkItem.objects.get(pk=draft.pk).outcome == "waiting"
        created, submitted = selectors.list_history("workflow.workitem", draft.pk)
        assert (created.event, created.to_state) == ("create", "draft")
        assert (submitted.from_state, submitted.to_state) == ("draft", "waiting")
        assert (submitted.reason, submitted.data, submitted.right) == (
            "材料齐全",
            {"pages": 3},
            "child.create",
        )
        assert submitted.actor_label == cast.director.label
        running = Clock.objects.get(closed_at=None)
        assert running.due_at.astimezone(clock.SHANGHAI).date() == date(2026, 11, 23)
    with use_scope(system_scope("test")):
        row = Outbox.objects.get(event="example.repair.submit")
        assert (row.payload["subject_id"], row.payload["to"]) == (draft.pk, "waiting")
        assert row.actor_id == cast.director.user.pk


def test_the_reason_stands_in_the_change_log(draft: WorkItem, cast: SimpleNamespace) -> None:
    with use_scope(cast.director.scope):
        services.apply(draft, "submit", actor=cast.director, reason="家长来电")
    with use_scope(cast.auditor.scope):
        change = Change.objects.filter(table="workflow_workitem", operation="UPDATE").latest("pk")
        assert (change.reason, change.actor_id) == ("家长来电", cast.director.user.pk)


def test_an_event_that_is_not_possible_from_here_is_refused(draft: WorkItem, cast: SimpleNamespace) -> None:
    with use_scope(cast.supervisor.scope), pytest.raises(NotNow, match="当前为“草稿”，不能“通过”"):
        services.apply(draft, "approve", actor=cast.supervisor)


def test_without_the_right_nothing_happens(draft: WorkItem, cast: SimpleNamespace) -> None:
    with use_scope(cast.director.scope):
        services.apply(draft, "submit", actor=cast.director)
        with pytest.raises(PermissionDenied, match="审核儿童档案"):
            services.apply(draft, "approve", actor=cast.director)
        assert WorkItem.objects.get(pk=draft.pk).outcome == "waiting"


def test_the_guard_speaks_to_the_user(draft: WorkItem, cast: SimpleNamespace) -> None:
    draft.summary = ""
    with use_scope(cast.director.scope), pytest.raises(NotNow, match="请先填写说明"):
        services.apply(draft, "submit", actor=cast.director)


def test_who_saw_an_older_state_is_told_and_changes_nothing(draft: WorkItem, cast: SimpleNamespace) -> None:
    with use_scope(cast.director.scope):
        seen_by_another = WorkItem.objects.get(pk=draft.pk)
        services.apply(draft, "submit", actor=cast.director)
        with pytest.raises(NotNow, match="可能已有人先行办理"):
            services.apply(seen_by_another, "submit", actor=cast.director)
        assert selectors.list_history("workflow.workitem", draft.pk).count() == 2


def test_who_created_may_not_approve_even_in_another_post(draft: WorkItem, cast: SimpleNamespace) -> None:
    """Separation of duties follows the person, not the post (R-02)."""
    with use_scope(cast.county.scope):
        services.apply(draft, "submit", actor=cast.county)
        with pytest.raises(PermissionDenied, match="建档人不能审核自己建的档案"):
            services.apply(draft, "approve", actor=cast.county)
    with use_scope(cast.county_second.scope):
        assert services.apply(draft, "approve", actor=cast.county_second).outcome == "approved"


def test_leaving_the_state_ends_its_clock_and_going_back_starts_anew(
    draft: WorkItem, cast: SimpleNamespace
) -> None:
    with use_scope(cast.director.scope):
        services.apply(draft, "submit", actor=cast.director)
        services.apply(draft, "reopen", actor=cast.director)
        assert not Clock.objects.filter(closed_at=None).exists()
        services.apply(draft, "submit", actor=cast.director)
        assert Clock.objects.filter(closed_at=None).count() == 1


def test_a_pack_may_set_the_time(
    draft: WorkItem, cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        deadlines, "_parameters", [lambda name, area, on: 2 if name == "example.days" else None]
    )
    with clock.frozen(date(2026, 11, 16)), use_scope(cast.director.scope):
        services.apply(draft, "submit", actor=cast.director)
        assert Clock.objects.get(closed_at=None).due_at.astimezone(clock.SHANGHAI).date() == date(
            2026, 11, 18
        )


def test_the_stranger_cannot_move_what_he_does_not_see(draft: WorkItem, cast: SimpleNamespace) -> None:
    with use_scope(cast.stranger.scope):
        with pytest.raises(NotNow):
            services.apply(draft, "submit", actor=cast.stranger)
        assert not selectors.list_history("workflow.workitem", draft.pk).exists()


def test_buttons_are_what_state_and_right_allow(draft: WorkItem, cast: SimpleNamespace) -> None:
    assert [step.event for step in services.allowed_events(draft, cast.director)] == ["submit"]
    draft.outcome = "waiting"
    assert [step.event for step in services.allowed_events(draft, cast.director)] == ["reopen"]


def test_only_the_platform_itself_acts_without_an_actor(draft: WorkItem, cast: SimpleNamespace) -> None:
    with use_scope(cast.director.scope), pytest.raises(PermissionDenied):
        services.apply(draft, "submit", actor=None)
    with use_scope(system_scope("test")):
        services.apply(draft, "submit", actor=None)
        assert selectors.list_history("workflow.workitem", draft.pk).last().actor_label == "系统"
