"""A post is handed over for a leave: agreed, begun, ended; no item is ever between two people (R-14.05, R-33.01)."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from hutong.foundation.access.scope import use_scope
from hutong.foundation.handovers import machines as machine
from hutong.foundation.handovers import selectors, services
from hutong.foundation.handovers.models import HandOver
from hutong.foundation.network import duty
from hutong.foundation.network import services as network
from hutong.foundation.workflow import selectors as work
from hutong.foundation.workflow import services as workflow
from hutong.foundation.workflow.errors import NotNow
from hutong.foundation.workflow.models import OPEN, WorkItem

from .conftest import acting_in, day, do, posts_of, propose


def state(found: HandOver, who: Any) -> str:
    with use_scope(who.scope):
        return HandOver.objects.get(pk=found.pk).state


def asked(who: Any, kind: str) -> list[WorkItem]:
    with use_scope(who.scope):
        return list(WorkItem.objects.filter(OPEN, kind=kind, owner_post=who.post))


def test_the_deputy_holds_the_post_for_the_leave_and_everything_open_comes_back(
    cast: SimpleNamespace, go: Any, item: Any
) -> None:
    first, second = item(), item()
    found = propose(cast.director, to=cast.next_director.user)
    assert len(asked(cast.next_director, "handover.accept")) == 1
    do("accept", found, cast.next_director)
    assert asked(cast.next_director, "handover.accept") == []
    assert posts_of(cast.next_director.user) == {cast.next_director.post}
    go(2)
    assert state(found, cast.director) == machine.RUNNING
    assert posts_of(cast.director.user) == set()
    deputy = acting_in(cast.next_director.user, cast.director.post)
    assert deputy.stands_in is not None
    assert deputy.label == f"{cast.next_director.user.name}（柳村儿童主任，代班）"
    with use_scope(deputy.scope):
        assert set(work.list_mine(deputy)) == {first, second}
        workflow.close_items(
            subject_type="leads.lead", subject_id=first.subject_id, actor=deputy, outcome="属实"
        )
    go(6)
    assert state(found, cast.director) == machine.ENDED
    assert posts_of(cast.director.user) == {cast.director.post}
    assert posts_of(cast.next_director.user) == {cast.next_director.post}
    with use_scope(cast.director.scope):
        assert list(work.list_mine(cast.director)) == [second]
        assert first in work.list_done(cast.director)


def test_both_see_the_same_list_and_no_childs_name(cast: SimpleNamespace, go: Any, item: Any) -> None:
    item()
    found = propose(cast.director, to=cast.next_director.user)
    shown = []
    for who in (cast.director, cast.next_director):
        with use_scope(who.scope):
            shown.append(selectors.list_handed(selectors.get_visible(found.public_id, who)))
    assert shown[0] == shown[1]
    assert [one.state for one in shown[0]] == ["待办"]
    assert "张小" not in repr(shown)


def test_nobody_accepts_by_the_day_and_the_supervisor_answers(
    cast: SimpleNamespace, go: Any, item: Any
) -> None:
    item()
    found = propose(cast.director, to=cast.next_director.user)
    go(1)
    assert duty.list_holders(cast.director.post) == [cast.director.user]
    go(2)
    assert state(found, cast.director) == machine.STANDING
    assert duty.list_holders(cast.director.post) == [cast.supervisor.user]
    assert len(asked(cast.supervisor, "handover.assign")) == 1
    do("assign", found, cast.supervisor, to=cast.next_director.user, reason="邻村代")
    assert state(found, cast.supervisor) == machine.RUNNING
    assert duty.list_holders(cast.director.post) == [cast.next_director.user]
    assert asked(cast.supervisor, "handover.assign") == []


def test_declined_goes_to_the_supervisor_who_names_somebody(cast: SimpleNamespace, go: Any) -> None:
    found = propose(cast.director, to=cast.next_director.user)
    with pytest.raises(NotNow, match="原因"):
        do("decline", found, cast.next_director, reason=" ")
    do("decline", found, cast.next_director, reason="同期也请假")
    assert len(asked(cast.supervisor, "handover.assign")) == 1
    do("assign", found, cast.supervisor, to=cast.supervisor.user, reason="我来代")
    go(2)
    assert posts_of(cast.supervisor.user) == {cast.supervisor.post, cast.director.post}


def test_the_deputy_goes_on_leave_too(cast: SimpleNamespace, go: Any, item: Any) -> None:
    """Her own post and the one she stands in for are proposed together; where nobody takes them the supervisor answers."""
    found = propose(cast.director, to=cast.next_director.user, until=day(10))
    do("accept", found, cast.next_director)
    go(2)
    go(3)
    hers = propose(cast.next_director, since=day(4), until=day(6))
    with use_scope(cast.supervisor.scope):
        both = list(HandOver.objects.filter(from_user=cast.next_director.user, state__in=machine.LIVE))
    assert {one.post for one in both} == {cast.next_director.post, cast.director.post}
    go(4)
    for post in (cast.director.post, cast.next_director.post):
        assert duty.list_holders(post) == [cast.supervisor.user]
    go(6)
    assert state(hers, cast.supervisor) == machine.ENDED
    assert duty.list_holders(cast.director.post) == [cast.next_director.user]
    go(10)
    assert duty.list_holders(cast.director.post) == [cast.director.user]
    assert posts_of(cast.next_director.user) == {cast.next_director.post}


def test_back_before_the_day_ends_the_whole_chain(cast: SimpleNamespace, go: Any) -> None:
    found = propose(cast.director, to=cast.next_director.user, until=day(10))
    do("accept", found, cast.next_director)
    go(2)
    propose(cast.next_director, since=day(3), until=day(8))
    go(3)
    do("back", found, cast.supervisor)
    assert duty.list_holders(cast.director.post) == [cast.director.user]
    assert duty.list_holders(cast.next_director.post) == [cast.supervisor.user]
    go(8)
    assert posts_of(cast.next_director.user) == {cast.next_director.post}
    with use_scope(cast.supervisor.scope):
        assert not HandOver.objects.filter(state__in=machine.LIVE).exists()


def test_a_longer_leave_follows_the_first_without_a_day_between(cast: SimpleNamespace, go: Any) -> None:
    found = propose(cast.director, to=cast.next_director.user)
    do("accept", found, cast.next_director)
    go(2)
    with use_scope(cast.supervisor.scope):
        later = HandOver.objects.select_related("resumed__post", "resumed__user").get(pk=found.pk).resumed
    with use_scope(cast.supervisor.scope):
        longer = services.propose(
            later,
            actor=cast.supervisor,
            since=day(6),
            until=day(9),
            to=cast.next_director.user,
            reason="续假",
        )
    do("accept", longer, cast.next_director)
    go(6)
    assert duty.list_holders(cast.director.post) == [cast.next_director.user]
    go(9)
    assert duty.list_holders(cast.director.post) == [cast.director.user]


def test_leaving_gives_the_post_for_good(cast: SimpleNamespace, go: Any, item: Any) -> None:
    """Who accepts stands in until somebody is appointed; only who keeps the network appoints."""
    kept = item()
    found = propose(cast.director, until=None, to=cast.next_director.user, reason="调离")
    do("accept", found, cast.next_director)
    go(2)
    assert state(found, cast.supervisor) == machine.HANDED
    assert posts_of(cast.director.user) == set()
    deputy = acting_in(cast.next_director.user, cast.director.post)
    assert deputy.stands_in is not None
    with use_scope(deputy.scope):
        assert list(work.list_mine(deputy)) == [kept]
    with use_scope(cast.county.scope):
        network.hand_over(
            actor=cast.county, post=cast.director.post, to=cast.supervisor.user, on=day(4), reason="任命"
        )
    go(4)
    assert duty.list_holders(cast.director.post) == [cast.supervisor.user]


def test_one_appointed_the_day_the_deputy_began_is_alone_from_the_next(
    cast: SimpleNamespace, go: Any
) -> None:
    """Else whoever stood in for a day would hold the post for good."""
    found = propose(cast.director, until=None, to=cast.next_director.user, reason="调离")
    do("accept", found, cast.next_director)
    go(2)
    with use_scope(cast.county.scope):
        network.hand_over(
            actor=cast.county, post=cast.director.post, to=cast.supervisor.user, on=day(2), reason="任命"
        )
    assert set(duty.list_holders(cast.director.post)) == {cast.supervisor.user, cast.next_director.user}
    go(3)
    assert duty.list_holders(cast.director.post) == [cast.supervisor.user]


def test_the_county_names_a_successor(cast: SimpleNamespace, go: Any) -> None:
    found = propose(cast.director, until=None, reason="调离")
    do("assign", found, cast.county, to=cast.next_director.user, reason="接任", successor=True)
    go(2)
    held = acting_in(cast.next_director.user, cast.director.post)
    assert held.stands_in is None
    other = propose(cast.supervisor, since=day(3))
    with pytest.raises(NotNow, match="只能指定代班人"):
        do("assign", other, cast.county, to=cast.county.user, reason="接任", successor=True)


def test_only_the_named_accept_and_only_those_above_assign(cast: SimpleNamespace, go: Any) -> None:
    found = propose(cast.director, to=cast.next_director.user)
    for who in (cast.director, cast.supervisor):
        with pytest.raises(NotNow, match="被提名"):
            do("accept", found, who)
    with pytest.raises(Exception, match=r"权限|督导"):
        do("assign", found, cast.next_director, to=cast.next_director.user, reason="我")
    with use_scope(cast.stranger.scope):
        assert not HandOver.objects.exists()
    do("withdraw", found, cast.director, reason="不休了")
    go(2)
    assert duty.list_holders(cast.director.post) == [cast.director.user]


def test_dates_and_people_that_do_not_fit(cast: SimpleNamespace, go: Any) -> None:
    with pytest.raises(NotNow, match="早于今天"):
        propose(cast.director, since=day(-1))
    with pytest.raises(NotNow, match="返岗日期"):
        propose(cast.director, until=day(2))
    with pytest.raises(NotNow, match="本人"):
        propose(cast.director, to=cast.director.user)
    with pytest.raises(NotNow, match="安全管理员"):
        propose(cast.director, to=cast.security.user)
    propose(cast.director)
    with pytest.raises(NotNow, match="没有办完"):
        propose(cast.director)


def test_where_nobody_is_above_the_giver_keeps_the_post(cast: SimpleNamespace, go: Any) -> None:
    found = propose(cast.stranger_county)
    go(2)
    assert state(found, cast.stranger_county) == machine.PROPOSED
    assert duty.list_holders(cast.stranger_county.post) == [cast.stranger_county.user]


def test_a_deputy_whose_account_is_locked_leaves_no_gap(cast: SimpleNamespace, go: Any) -> None:
    found = propose(cast.director, to=cast.next_director.user)
    do("accept", found, cast.next_director)
    go(2)
    user = cast.next_director.user
    user.is_active = False
    user.save()
    assert duty.list_holders(cast.director.post) == [cast.supervisor.user]
