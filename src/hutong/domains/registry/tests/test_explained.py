"""Every opening of a file is explained by a task, else the reason is asked first (TM-03; R-46.01; ADR 0016)."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, time, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hutong.domains.leads import services as leads
from hutong.domains.leads.models import Lead
from hutong.domains.leads.tests.factories import row
from hutong.domains.registry import services
from hutong.domains.registry.models import Child
from hutong.foundation.access.models import Assignment, StatedReason
from hutong.foundation.access.scope import system_scope, use_scope
from hutong.foundation.audit.models import Read
from hutong.foundation.network.models import Holding
from hutong.foundation.workflow import services as workflow
from hutong.kernel import clock

pytestmark = pytest.mark.django_db
ASKED, FILE = "先说明查阅理由", "当前安全"
WORDS = {"code": "VISITOR", "words": "祖母来访反映住处漏雨"}


def address(child: Child, name: str = "child", *args: str) -> str:
    return reverse(f"registry:{name}", args=[child.public_id, *args])


def reads(child: Child) -> list[tuple[str, str, str, str]]:
    with use_scope(system_scope("test")):
        found = Read.objects.filter(child_id=child.pk).order_by("pk")
        return list(found.values_list("what", "explained", "explained_ref", "purpose"))


def shown(answer: Any) -> bool:
    page = answer.content.decode()
    assert (FILE in page) != (ASKED in page)
    return FILE in page


def test_the_director_of_the_village_is_asked_nothing(client_as: Any, child: Child, cast: Any) -> None:
    client = client_as("director")
    assert shown(client.get(address(child)))
    assert reads(child)[-1][1:3] == ("duty", str(cast.director.post.pk))


def test_where_the_village_has_no_director_the_supervisor_answers(
    client_as: Any, child: Child, cast: Any
) -> None:
    client = client_as("supervisor")
    assert not shown(client.get(address(child)))
    Holding.objects.filter(post=cast.director.post).update(until=clock.today())
    assert shown(client.get(address(child)))
    assert reads(child)[-1][1] == "duty"


def test_a_browsing_officer_is_asked_first_and_nothing_is_shown(client_as: Any, child: Child) -> None:
    answer = client_as("county").get(address(child))
    page = answer.content.decode()
    assert ASKED in page
    assert child.name in page
    assert "监护人和联系" not in page
    assert "5001" not in page
    assert "no-store" in answer["Cache-Control"]
    assert reads(child) == []


def test_the_reason_opens_the_requested_address_and_stands_for_the_day(client_as: Any, child: Child) -> None:
    client, wanted = client_as("county"), address(child, "viewers") + "?page=1"
    assert f'value="{wanted}"' in client.get(wanted).content.decode()
    done = client.post(address(child, "reason"), WORDS | {"next": wanted})
    assert (done.status_code, done["Location"]) == (302, wanted)
    page = client.get(wanted).content.decode()
    assert "祖母来访反映住处漏雨" in page  # the page of who looked says why
    assert shown(client.get(address(child)))
    with use_scope(system_scope("test")):
        reason = StatedReason.objects.get()
    assert [one[1:] for one in reads(child)] == [
        ("reason", reason.public_id, "来访、来电、来信：祖母来访反映住处漏雨")
    ] * 2
    with clock.frozen(datetime.combine(clock.today() + timedelta(1), time(8))):
        assert not shown(client.get(address(child)))


def test_words_that_say_nothing_are_sent_back_with_what_was_typed(client_as: Any, child: Child) -> None:
    client = client_as("county")
    for given in (
        {"words": "看看", "code": "CHECK"},
        {"words": "核对季度名册数据"},
        {"words": " 看 看 看 看 ", "code": "X"},
    ):
        answer = client.post(address(child, "reason"), given | {"next": "/leads/"})
        assert answer.status_code == 422
        assert given["words"].strip() in answer.content.decode()
    with use_scope(system_scope("test")):
        assert not StatedReason.objects.exists()


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:1"]
)
def test_the_way_on_stays_on_this_site(client_as: Any, child: Child, elsewhere: str) -> None:
    done = client_as("county").post(address(child, "reason"), WORDS | {"next": elsewhere})
    assert done["Location"] == address(child)


def test_the_stranger_is_not_even_asked(client_as: Any, child: Child) -> None:
    for who in ("stranger", "stranger_county", "next_director"):
        client = client_as(who)
        assert client.get(address(child)).status_code == 404
        assert client.post(address(child, "reason"), WORDS).status_code == 404


def test_the_drawer_asks_in_the_drawer_and_a_part_of_a_page_asks_as_a_whole(
    client_as: Any, child: Child
) -> None:
    client, wanted = client_as("county"), address(child, "add", "kin")
    drawer = client.get(wanted, headers={"HX-Request": "true", "HX-Target": "drawer-body"})
    page = drawer.content.decode()
    assert "drawer-head" in page
    assert f'value="{wanted}"' in page
    assert "<html" not in page
    part = client.get(
        address(child, "viewers") + "?page=2", headers={"HX-Request": "true", "HX-Target": "reads"}
    )
    assert part["HX-Redirect"] == address(child, "viewers") + "?page=2"
    client.post(address(child, "reason"), WORDS | {"next": wanted})
    again = client.get(wanted, headers={"HX-Request": "true", "HX-Target": "drawer-body"})
    assert "添加亲属" in again.content.decode()


def test_two_tabs_and_a_double_click_keep_the_first_words(client_as: Any, child: Child) -> None:
    client = client_as("county")
    for words in ("第一个标签页里写的事由", "第二个标签页里写的事由", "第二个标签页里写的事由"):
        assert client.post(address(child, "reason"), WORDS | {"words": words}).status_code == 302
    with use_scope(system_scope("test")):
        assert StatedReason.objects.get().said == "来访、来电、来信：第一个标签页里写的事由"


@pytest.mark.django_db(transaction=True)
def test_clicks_at_the_same_moment_make_one_reason(cast: SimpleNamespace, child: Child) -> None:
    def click(number: int) -> int:
        try:
            client = Client()
            client.force_login(cast.county.user, backend="hutong.foundation.accounts.backend.SignInBackend")
            return int(client.post(address(child, "reason"), WORDS).status_code)
        finally:
            connections.close_all()

    run: Callable[[int], int] = click
    with ThreadPoolExecutor(6) as pool:
        assert set(pool.map(run, range(6))) == {302}
    with use_scope(system_scope("test")):
        assert StatedReason.objects.count() == 1


def test_a_reason_belongs_to_the_person_the_post_and_the_child(
    client_as: Any, child: Child, make: Any
) -> None:
    other = make(name="柳小叶", order=14)
    client_as("county").post(address(child, "reason"), WORDS)
    assert not shown(client_as("county").get(address(other)))
    assert not shown(client_as("county_second").get(address(child)))
    assert not shown(client_as("supervisor").get(address(child)))


def test_open_work_on_the_child_explains(client_as: Any, child: Child, cast: SimpleNamespace) -> None:
    with use_scope(cast.county.scope):
        item = workflow.open_item(
            kind="t", title="核对", owner=cast.county.post, subject_type="t.t", subject_id=1, link="/",
            due_on=clock.today(), area_code=child.residence_area, child_id=child.pk, actor=cast.county,
        )  # fmt: skip
    assert shown(client_as("county").get(address(child)))
    assert reads(child)[-1][1:3] == ("work", item.public_id)
    assert not shown(client_as("county_second").get(address(child)))  # another post's work
    with use_scope(cast.county.scope):
        workflow.close_items(subject_type="t.t", subject_id=1, actor=cast.county, outcome="办结")
    assert not shown(client_as("county").get(address(child)))


def test_an_approval_that_waits_explains_and_so_does_what_one_did_lately(
    client_as: Any, child: Child, cast: SimpleNamespace
) -> None:
    with use_scope(cast.director.scope):
        services.register(child, actor=cast.director)
    supervisor = client_as("supervisor")
    assert shown(supervisor.get(address(child)))
    assert reads(child)[-1][1] == "work"
    assert supervisor.post(address(child, "step", "approve")).status_code == 302
    assert shown(supervisor.get(address(child)))
    assert reads(child)[-1][1] == "own"
    with clock.frozen(datetime.combine(clock.today() + timedelta(31), time(8))):
        assert not shown(supervisor.get(address(child)))


def test_a_lead_explains_for_the_post_it_was_given_to(
    client_as: Any, child: Child, cast: SimpleNamespace
) -> None:
    with use_scope(cast.director.scope):
        services.register(child, actor=cast.director)
    with use_scope(cast.supervisor.scope):
        services.approve(child, actor=cast.supervisor)
    with use_scope(cast.county.scope):
        leads.receive(rows=[row(child)], run_id=1, as_of=clock.today(), pack="base", actor=cast.county)
        lead = Lead.objects.get()
    page = reverse("leads:lead", args=[lead.public_id])
    assert client_as("director").get(page).status_code == 200
    assert reads(child)[-1][:2] == ("线索", "duty")
    assert ASKED in client_as("county").get(page).content.decode()  # not theirs: the lead's page asks as well
    with use_scope(system_scope("test")):
        Lead.objects.update(owner_post=cast.county_second.post)
    assert ASKED not in client_as("county_second").get(page).content.decode()
    assert reads(child)[-1][:3] == ("线索", "lead", lead.public_id)
    assert shown(client_as("county_second").get(address(child)))
    assert reads(child)[-1][1:3] == ("lead", lead.public_id)


def test_an_assignment_explains_until_its_last_day(
    client_as: Any, child: Child, cast: SimpleNamespace
) -> None:
    today = clock.today()
    with use_scope(cast.county.scope):
        Assignment.objects.create(
            post=cast.stranger_county.post, child_id=child.pk, area_code=child.residence_area, since=today,
            until=today + timedelta(2), reason="个案",
        )  # fmt: skip
    client = client_as("stranger_county")
    assert shown(client.get(address(child)))
    assert reads(child)[-1][1] == "assigned"
    with clock.frozen(datetime.combine(today + timedelta(2), time(8))):
        assert client.get(address(child)).status_code == 404


def test_doing_something_is_not_interrupted_but_stands_as_unexplained(client_as: Any, child: Child) -> None:
    """A form that was sent is never lost to a question; supervisors see such openings like those with a reason."""
    guard = {"value": "FAIR", "since": "2026-01-01", "basis": "入户看过，祖母照料"}
    assert client_as("county").post(address(child, "add", "guard"), guard).status_code == 302
    assert reads(child)[-1][1] == "act"


def test_an_explanation_costs_one_query_and_none_in_the_own_village(
    client_as: Any, child: Child, reason_for: Any
) -> None:
    def asked(who: str) -> list[str]:
        client = client_as(who)
        client.get(address(child))
        with CaptureQueriesContext(connection) as queries:
            client.get(address(child))
        return [one["sql"] for one in queries if "access_statedreason" in one["sql"]]

    reason_for("county", child)
    assert len(asked("county")) == 1
    assert asked("director") == []
