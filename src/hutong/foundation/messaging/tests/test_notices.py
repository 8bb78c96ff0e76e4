"""The bell: notices reach the post, only the post reads them, and a successor still finds them (B.11)."""

from types import SimpleNamespace
from typing import Any

import pytest

from hutong.foundation.access.scope import use_scope
from hutong.foundation.messaging import selectors, services
from hutong.foundation.messaging.models import Notice
from hutong.foundation.workflow import services as workflow
from hutong.foundation.workflow import worker


def tell(
    cast: SimpleNamespace, title: str = "线索已核实", to: str = "county", link: str = "/work/done/"
) -> Notice:
    with use_scope(cast.director.scope):
        return services.notify(to=getattr(cast, to).post, title=title, link=link, actor=cast.director)


def test_a_notice_reaches_a_post_outside_the_senders_range(cast: SimpleNamespace) -> None:
    tell(cast)
    with use_scope(cast.county.scope):
        assert [one.sender for one in selectors.list_notices(cast.county)] == [cast.director.label]
        assert selectors.count_unread(cast.county) == 1


@pytest.mark.parametrize(
    "who", ["director", "county_second", "supervisor", "stranger", "auditor", "sysadmin"]
)
def test_nobody_else_reads_it(cast: SimpleNamespace, client_as: Any, who: str) -> None:
    notice = tell(cast)
    with use_scope(getattr(cast, who).scope):
        assert not Notice.objects.exists()
    assert client_as(who).get(f"/messages/{notice.pk}/").status_code == 404
    assert "线索已核实" not in client_as(who).get("/messages/").content.decode()


def test_opening_leads_there_and_marks_it_read_once(cast: SimpleNamespace, client_as: Any) -> None:
    notice, client = tell(cast), client_as("county")
    assert "1 条未读" in client.get("/messages/").content.decode()
    answer = client.get(f"/messages/{notice.pk}/")
    assert (answer.status_code, answer["Location"]) == (302, "/work/done/")
    with use_scope(cast.county.scope):
        first = Notice.objects.get().read_at
        assert first is not None
    client.get(f"/messages/{notice.pk}/")
    with use_scope(cast.county.scope):
        assert Notice.objects.get().read_at == first
    assert "条未读" not in client.get("/messages/").content.decode()


def test_all_at_once(cast: SimpleNamespace, client_as: Any) -> None:
    for number in range(3):
        tell(cast, f"通知 {number}")
    client = client_as("county")
    assert client.post("/messages/read/").status_code == 302
    with use_scope(cast.county.scope):
        assert selectors.count_unread(cast.county) == 0


@pytest.mark.parametrize(
    "link", ["https://example.com/", "//example.com", "/\\example.com", "javascript:alert(1)"]
)
def test_a_notice_never_leads_off_the_site(cast: SimpleNamespace, link: str) -> None:
    with pytest.raises(ValueError, match="not a path"):
        tell(cast, link=link)


def test_what_the_workflow_has_to_tell_becomes_a_notice(cast: SimpleNamespace) -> None:
    with use_scope(cast.director.scope):
        workflow.announce(
            event="workflow.notice",
            payload={
                "post_id": cast.supervisor.post.pk,
                "title": "逾期未办：核实甲",
                "link": "/work/supervise/",
                "body": "",
            },
            key="late:item:1",
        )
    worker.settle()
    with use_scope(cast.supervisor.scope):
        assert [(one.title, one.sender) for one in selectors.list_notices(cast.supervisor)] == [
            ("逾期未办：核实甲", "系统")
        ]


def test_the_list_turns_pages_with_few_queries(
    cast: SimpleNamespace, client_as: Any, django_assert_max_num_queries: Any
) -> None:
    for number in range(30):
        tell(cast, f"通知 {number}")
    client = client_as("county")
    client.get("/messages/")
    with django_assert_max_num_queries(16):
        assert "下一页" in client.get("/messages/").content.decode()
