"""Time runs in working days, calendar days or hours, stops with a reason, and lateness is told once (R-47)."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hutong.foundation.access.scope import system_scope, use_scope
from hutong.foundation.workflow import deadlines, lateness, selectors, services
from hutong.foundation.workflow.errors import NotNow
from hutong.foundation.workflow.models import Clock, Outbox, WorkItem
from hutong.kernel import calendar, clock
from hutong.kernel.clock import SHANGHAI

Opened = Callable[..., WorkItem]
MONDAY = date(2026, 11, 16)
days = st.dates(date(2026, 1, 5), date(2026, 9, 30))


def at(day: date, hour: int = 9) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=SHANGHAI)


def test_each_unit() -> None:
    assert deadlines.due_at(at(MONDAY), 5, "working").date() == date(2026, 11, 23)
    assert deadlines.due_at(at(MONDAY), 5, "calendar").date() == date(2026, 11, 21)
    assert deadlines.due_at(at(MONDAY), 24, "hours") == at(MONDAY) + timedelta(days=1)


@given(start=days, first=st.integers(0, 10), stop=st.integers(0, 20), amount=st.integers(1, 20))
def test_a_stop_gives_back_exactly_the_working_days_it_took(
    start: date, first: int, stop: int, amount: int
) -> None:
    stopped, due = start + timedelta(days=first), deadlines.working_due(start, amount)
    resumed = stopped + timedelta(days=stop)
    moved = deadlines.moved_day(due, stopped, resumed, "working")
    lost = calendar.default().working_days_between(stopped, resumed)
    assert calendar.default().working_days_between(due, moved) == lost
    assert deadlines.moved_day(due, stopped, resumed, "calendar") == due + timedelta(days=stop)


@pytest.fixture
def waiting(repair: None, opened: Opened, cast: SimpleNamespace) -> WorkItem:
    """The example in state ``waiting`` since Monday: five working days, then the county is told."""
    with clock.frozen(MONDAY):
        item = opened()
        with use_scope(system_scope("test")):
            WorkItem.objects.filter(pk=item.pk).update(
                outcome="draft", subject_type="workflow.workitem", subject_id=item.pk
            )
            item.refresh_from_db()
        with use_scope(cast.director.scope):
            return services.apply(item, "submit", actor=cast.director)


def test_stop_and_go_on_moves_clock_and_item(waiting: WorkItem, cast: SimpleNamespace) -> None:
    with clock.frozen(date(2026, 11, 17)), use_scope(cast.director.scope):
        services.pause(waiting, actor=cast.director, reason="等待补正材料")
        assert Clock.objects.get(closed_at=None).stop_reason == "等待补正材料"
        assert not selectors.list_mine(cast.director).exists()
        assert selectors.list_waiting(cast.director).count() == 1
        with pytest.raises(NotNow, match="已有人先行暂停"):
            services.pause(waiting, actor=cast.director, reason="再停一次")
    with clock.frozen(date(2026, 11, 20)), use_scope(cast.director.scope):
        services.resume(waiting, actor=cast.director)
        assert Clock.objects.get(closed_at=None).due_at.astimezone(SHANGHAI).date() == date(2026, 11, 26)
        assert selectors.list_mine(cast.director).get().due_on == date(2026, 11, 19)


def test_stopping_needs_a_reason(waiting: WorkItem, cast: SimpleNamespace) -> None:
    with use_scope(cast.director.scope), pytest.raises(NotNow, match="原因"):
        services.pause(waiting, actor=cast.director, reason=" ")


def test_a_late_clock_is_told_once_to_the_role_above(waiting: WorkItem, cast: SimpleNamespace) -> None:
    with clock.frozen(date(2026, 11, 23)):
        assert lateness.sweep() == 0
    with clock.frozen(date(2026, 11, 24)):
        assert lateness.sweep() == 1
        assert lateness.sweep() == 0
    with use_scope(system_scope("test")):
        payload = Outbox.objects.get(event="workflow.notice").payload
        assert payload["post_id"] in (cast.county.post.pk, cast.county_second.post.pk)


def test_a_stopped_clock_is_never_late(waiting: WorkItem, cast: SimpleNamespace) -> None:
    with clock.frozen(date(2026, 11, 17)), use_scope(cast.director.scope):
        services.pause(waiting, actor=cast.director, reason="等待鉴定")
    with clock.frozen(date(2026, 12, 24)):
        assert lateness.sweep() == 0


def test_a_late_item_opens_one_item_for_the_supervisor(opened: Opened, cast: SimpleNamespace) -> None:
    with clock.frozen(MONDAY):
        opened(title="核实甲", by="county", due_on=MONDAY, escalate_to_role="TOWNSHIP_CHILD_SUPERVISOR")
    with clock.frozen(date(2026, 11, 17)):
        assert (lateness.sweep(), lateness.sweep()) == (1, 0)
        with use_scope(cast.supervisor.scope):
            told = selectors.list_mine(cast.supervisor).get()
    assert told.title == "督办：核实甲"
    assert told.child_id is None
    with use_scope(cast.director.scope):
        assert selectors.list_mine(cast.director).get().escalated_at is not None


def test_work_of_the_supervisor_is_escalated_past_the_supervisor(
    opened: Opened, cast: SimpleNamespace
) -> None:
    with clock.frozen(MONDAY):
        opened(owner="supervisor", by="county", due_on=MONDAY, escalate_to_role="COUNTY_CA")
    with clock.frozen(date(2026, 11, 17)):
        assert lateness.sweep() == 1
    with use_scope(cast.supervisor.scope):
        assert selectors.list_mine(cast.supervisor).count() == 1
