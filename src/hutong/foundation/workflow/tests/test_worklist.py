"""One worklist, owned by posts (R-04, experience 1): what is late, due, waiting; supervised and handed on."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from hutong.foundation.access.scope import use_scope
from hutong.foundation.network.models import Holding
from hutong.foundation.workflow import selectors, services
from hutong.foundation.workflow.errors import NotNow
from hutong.foundation.workflow.models import WorkItem
from hutong.kernel import clock

Opened = Callable[..., WorkItem]
TODAY = date(2026, 11, 18)


def test_opening_twice_is_opening_once(cast: SimpleNamespace, opened: Opened) -> None:
    first = opened(subject_id=77)
    again = opened(subject_id=77)
    assert first.pk == again.pk
    with use_scope(cast.director.scope):
        assert selectors.list_mine(cast.director).count() == 1


def test_items_belong_to_the_post_and_to_nobody_elses_eyes(cast: SimpleNamespace, opened: Opened) -> None:
    opened()
    with use_scope(cast.director.scope):
        assert selectors.count_mine(cast.director) == 1
    with use_scope(cast.next_director.scope):
        assert not WorkItem.objects.exists()
    with use_scope(cast.stranger.scope):
        assert not WorkItem.objects.exists()
    with use_scope(cast.supervisor.scope):
        assert selectors.list_supervised(cast.supervisor).count() == 1
        assert selectors.list_waiting(cast.supervisor).count() == 1


def test_closing_takes_it_off_and_keeps_it_among_the_done(cast: SimpleNamespace, opened: Opened) -> None:
    item = opened()
    with use_scope(cast.director.scope):
        closed = services.close_items(
            subject_type=item.subject_type, subject_id=item.subject_id, actor=cast.director, outcome="属实"
        )
        assert closed == 1
        assert not selectors.list_mine(cast.director).exists()
        assert [one.outcome for one in selectors.list_done(cast.director)] == ["属实"]
        assert (
            services.close_items(
                subject_type=item.subject_type, subject_id=item.subject_id, actor=cast.director, outcome=""
            )
            == 0
        )


def test_home_shows_late_today_and_coming_under_their_headings(client_as: Any, opened: Opened) -> None:
    with clock.frozen(TODAY):
        for title, days in (("早该办的", -3), ("今天办的", 0), ("过几天办的", 9)):
            opened(title=title, due_on=TODAY + timedelta(days=days))
        html = client_as("director").get("/").content.decode()
    order = [
        html.index(words)
        for words in (
            "已逾期（1）</h2>",
            "早该办的",
            "今天到期（1）</h2>",
            "今天办的",
            "接下来</h2>",
            "过几天办的",
        )
    ]
    assert order == sorted(order)
    assert "逾期 3 天" in html
    assert "· 柳村</small>" in html  # the place as he calls it, not its whole path


def test_home_of_the_stranger_shows_nothing_of_it(client_as: Any, opened: Opened) -> None:
    opened(title="核实线索甲")
    assert "核实线索甲" not in client_as("stranger").get("/").content.decode()


@pytest.mark.parametrize("who", ["security", "sysadmin"])
def test_posts_without_work_get_a_home_that_leads_on(client_as: Any, who: str) -> None:
    assert "本岗位没有待办事项" in client_as(who).get("/").content.decode()


def test_home_costs_few_queries_however_many_items(
    client_as: Any, opened: Opened, django_assert_max_num_queries: Any
) -> None:
    for _ in range(40):
        opened()
    client = client_as("director")
    client.get("/")
    with django_assert_max_num_queries(18):  # the frame's counts of other apps among them
        html = client.get("/").content.decode()
    assert html.count("核实线索 ") == 25
    assert "下一页" in html


def test_absurd_page_numbers_are_the_first_page(client_as: Any, opened: Opened) -> None:
    opened()
    for page in ("0", "-1", "x", "99999999999999999999999999"):
        assert client_as("director").get(f"/?page={page}").status_code == 200


def test_supervisor_filters_by_place_kind_and_lateness(client_as: Any, opened: Opened) -> None:
    with clock.frozen(TODAY):
        opened(title="柳村逾期", due_on=TODAY - timedelta(days=1), kind="a")
        opened(title="桑村将到期", owner="next_director", due_on=TODAY + timedelta(days=1), kind="b")
        client = client_as("supervisor")

        def seen(query: str) -> set[str]:
            html = client.get(f"/work/supervise/?{query}").content.decode()
            return set(re.findall("柳村逾期|桑村将到期", html))

        assert seen("") == {"柳村逾期", "桑村将到期"}
        assert seen("state=late") == {"柳村逾期"}
        assert seen("area=990101101202") == {"桑村将到期"}
        assert seen("state=soon") == {"桑村将到期"}
        assert seen("area=nonsense&state=late") == {"柳村逾期", "桑村将到期"}


@pytest.mark.parametrize("who", ["director", "stranger", "auditor"])
def test_supervising_needs_the_right(client_as: Any, who: str) -> None:
    assert client_as(who).get("/work/supervise/").status_code == 404


def test_no_item_disappears_when_the_holder_leaves(
    cast: SimpleNamespace, client_as: Any, opened: Opened
) -> None:
    """R-02: hand-over moves nothing; a post without holder shows up at the supervisor, who hands the item on."""
    item = opened(title="交接中的线索")
    Holding.objects.filter(post=cast.director.post).update(until=clock.today())
    supervisor = client_as("supervisor")
    html = supervisor.get("/work/supervise/?state=unowned").content.decode()
    assert "交接中的线索" in html
    assert "岗位无人" in html
    page = f"/work/items/{item.public_id}/"
    answer = supervisor.post(page, {"to": cast.next_director.post.pk, "reason": "原儿童主任离任，由邻村代办"})
    assert answer.status_code == 302
    assert "交接中的线索" in client_as("next_director").get("/").content.decode()
    history = supervisor.get(page).content.decode()
    assert "改派给桑村儿童主任" in history
    assert "原儿童主任离任，由邻村代办" in history


def test_a_successor_finds_the_items_without_any_hand_over(cast: SimpleNamespace, opened: Opened) -> None:
    from hutong.foundation.access.acting import acting_as
    from hutong.foundation.accounts.models import User

    opened()
    Holding.objects.filter(post=cast.director.post).update(until=clock.today())
    user = User.objects.create(username="successor", name="接任者", password="!")
    successor = acting_as(Holding.objects.create(post=cast.director.post, user=user, since=clock.today()))
    with use_scope(successor.scope):
        assert selectors.list_mine(successor).count() == 1


def test_reassigning_stays_in_the_range_and_needs_a_reason(cast: SimpleNamespace, opened: Opened) -> None:
    item = opened()
    with use_scope(cast.supervisor.scope):
        with pytest.raises(NotNow, match="不在您的辖区内"):
            services.reassign(item, to=cast.stranger.post, actor=cast.supervisor, reason="误")
        with pytest.raises(NotNow, match="理由"):
            services.reassign(item, to=cast.next_director.post, actor=cast.supervisor, reason=" ")
        services.reassign(item.public_id, to=cast.next_director.post, actor=cast.supervisor, reason="换人")
        with pytest.raises(NotNow, match="无需改派"):
            services.reassign(item, to=cast.next_director.post, actor=cast.supervisor, reason="换人")
    with use_scope(cast.director.scope), pytest.raises(PermissionDenied):
        services.reassign(item, to=cast.director.post, actor=cast.director, reason="我要")


def test_the_reassign_form_keeps_what_was_typed(
    cast: SimpleNamespace, client_as: Any, opened: Opened
) -> None:
    item = opened()
    answer = client_as("supervisor").post(
        f"/work/items/{item.public_id}/", {"to": "", "reason": "写了半页的理由"}
    )
    assert answer.status_code == 422
    assert "写了半页的理由" in answer.content.decode()


def test_an_item_of_elsewhere_does_not_exist(client_as: Any, cast: SimpleNamespace, opened: Opened) -> None:
    item = opened()
    page = f"/work/items/{item.public_id}/"
    assert client_as("stranger").get(page).status_code == 404
    assert (
        client_as("stranger_county").post(page, {"to": cast.stranger.post.pk, "reason": "x"}).status_code
        == 404
    )
    assert client_as("clerk").get(page).status_code == 404  # same county, another department
    assert client_as("next_director").get(page).status_code == 404
    assert client_as("director").get(page).status_code == 200
    assert client_as("director").post(page, {"to": cast.director.post.pk, "reason": "x"}).status_code == 404


def test_waiting_and_done_pages(client_as: Any, cast: SimpleNamespace, opened: Opened) -> None:
    item = opened(title="转给村里的事")
    assert "转给村里的事" in client_as("supervisor").get("/work/waiting/").content.decode()
    with use_scope(cast.director.scope):
        services.close_items(
            subject_type=item.subject_type,
            subject_id=item.subject_id,
            actor=cast.director,
            outcome="情况有变",
        )
    assert "情况有变" in client_as("director").get("/work/done/").content.decode()
    assert "转给村里的事" not in client_as("supervisor").get("/work/waiting/").content.decode()


def test_an_item_for_a_post_outside_the_own_range_can_be_opened(
    cast: SimpleNamespace, opened: Opened
) -> None:
    """A village director's confirmed lead waits for the county officer."""
    opened(owner="county", by="director", area_code=cast.director.post.area_code)
    with use_scope(cast.county.scope):
        assert selectors.list_mine(cast.county).count() == 1
