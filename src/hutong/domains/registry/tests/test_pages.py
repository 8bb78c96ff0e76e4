"""The pages by role: who may, what they show, what the stranger gets (R-03.01…R-03.08, R-01.04, experience.md 2–4)."""

from __future__ import annotations

import uuid
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse

from hutong.domains.registry import panels, services
from hutong.domains.registry.models import Child, Circumstance, Exit, Judgement
from hutong.foundation.access.scope import system_scope, use_scope
from hutong.foundation.audit.models import Read
from hutong.kernel import ids

from .conftest import BORN, WILLOW

pytestmark = pytest.mark.django_db


def address(child: Child, name: str = "child", *args: str) -> str:
    return reverse(f"registry:{name}", args=[child.public_id, *args])


def typed(**changes: Any) -> dict[str, Any]:
    return {
        "form_key": uuid.uuid4().hex, "name": "马小满", "id_kind": "RESIDENT", "id_number": ids.make("500199", BORN, 14),
        "sex": "2", "birth_date": "2015-03-12", "hukou_area": WILLOW, "residence_area": WILLOW, "place": "home",
    } | changes  # fmt: skip


def test_nothing_is_listed_until_asked(client_as: Any, child: Child) -> None:
    page = client_as("director").get(reverse("registry:search")).content.decode()
    assert "请先查找" in page
    assert child.name not in page


def test_search_shows_masked_numbers_and_offers_to_create(client_as: Any, child: Child) -> None:
    page = client_as("director").get(reverse("registry:search"), {"q": "单小"}).content.decode()
    assert child.name in page
    assert "5001**********" in page
    assert child.id_number not in page
    assert "不在其中，新建" in page


def test_creating_starts_from_a_search(client_as: Any) -> None:
    client = client_as("director")
    assert client.get(reverse("registry:new")).status_code == 302
    page = client.post(reverse("registry:new"), {"q": "马小满"}).content.decode()
    assert 'value="马小满"' in page


def test_a_file_is_made_once_however_often_the_button_is_pressed(client_as: Any) -> None:
    client, given = client_as("director"), typed()
    first = client.post(reverse("registry:new"), given | {"submit": "1"})
    second = client.post(reverse("registry:new"), given | {"submit": "1"})
    assert first.status_code == second.status_code == 302
    assert first.url == second.url
    with use_scope(system_scope("test")):
        assert Child.objects.get().state == "REGISTERED"


def test_the_same_number_anywhere_stops(client_as: Any, child: Child, cast: SimpleNamespace) -> None:
    given = typed(name=child.name, id_number=child.id_number)
    here = client_as("director").post(reverse("registry:new"), given).content.decode()
    assert address(child) in here
    elsewhere = {"hukou_area": "990102101201", "residence_area": "990102101201", "form_key": uuid.uuid4().hex}
    answer = client_as("stranger").post(reverse("registry:new"), given | elsewhere)
    assert answer.status_code == 422
    assert "该身份证号已有档案，请联系县级民政核对" in answer.content.decode()
    assert address(child) not in answer.content.decode()
    assert "柳村" not in answer.content.decode()


def test_a_likely_double_is_judged_with_words(client_as: Any, child: Child) -> None:
    client = client_as("director")
    given = typed(name="单小和", id_kind="NONE", id_number="")
    asked = client.post(reverse("registry:new"), given)
    assert asked.status_code == 422
    assert "是同一人，打开档案" in asked.content.decode()
    again = client.post(reverse("registry:new"), given | {"judging": "1", f"judge-{child.public_id}": "不"})
    assert again.status_code == 422
    done = client.post(
        reverse("registry:new"), given | {"judging": "1", f"judge-{child.public_id}": "双胞胎妹妹，户口未办"}
    )
    assert done.status_code == 302
    with use_scope(system_scope("test")):
        assert Judgement.objects.get().candidate == child


def test_what_was_typed_stays_in_a_refused_form(client_as: Any) -> None:
    answer = client_as("director").post(
        reverse("registry:new"), typed(birth_date="2015-03-13", address="柳村三组")
    )
    assert answer.status_code == 422
    assert "不一致" in answer.content.decode()
    assert "柳村三组" in answer.content.decode()


def test_every_opening_is_recorded(
    client_as: Any, child: Child, cast: SimpleNamespace, reason_for: Any
) -> None:
    reason_for("supervisor", child)
    assert client_as("supervisor").get(address(child)).status_code == 200
    with use_scope(cast.supervisor.scope):
        read = Read.objects.get(child_id=child.pk, what="档案")
        assert read.actor_id == cast.supervisor.user.pk
    page = client_as("supervisor").get(address(child, "viewers")).content.decode()
    assert "督导员" in page
    assert client_as("director").get(address(child, "viewers")).status_code == 404


PAGES = [
    ("child",), ("viewers",), ("edit", "identity"), ("edit", "living"), ("add", "kin"), ("add", "circumstance"),
    ("add", "guard"), ("add", "regime"), ("add", "schooling"), ("add", "health"), ("step", "register"),
]  # fmt: skip


@pytest.mark.parametrize(
    "who", ["stranger", "stranger_county", "next_director", "auditor", "security", "clerk"]
)
def test_to_others_the_child_does_not_exist(client_as: Any, child: Child, who: str) -> None:
    client = client_as(who)
    answers = {page: client.get(address(child, *page)).status_code for page in PAGES}
    posted = {page: client.post(address(child, *page), {"value": "GOOD"}).status_code for page in PAGES}
    assert answers == posted == dict.fromkeys(PAGES, 404)


def test_the_director_opens_every_page(client_as: Any, child: Child) -> None:
    client = client_as("director")
    mine = [page for page in PAGES if page[0] != "viewers"]
    assert {client.get(address(child, *page)).status_code for page in mine} == {200}


def test_two_people_save_at_once(client_as: Any, child: Child, cast: SimpleNamespace) -> None:
    client = client_as("director")
    given = {"residence_area": WILLOW, "place": "home", "lives_with": "mother", "version": "1"}
    with use_scope(cast.supervisor.scope):
        services.edit_child(child, actor=cast.supervisor, version=1, changes={"lives_with": "father"})
    answer = client.post(address(child, "edit", "living"), given)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "两人同时修改" in page
    assert "父亲" in page
    assert client.post(address(child, "edit", "living"), given | {"version": "2"}).status_code == 302
    with use_scope(cast.director.scope):
        child.refresh_from_db()
        assert child.lives_with == "mother"


def test_a_fact_a_relative_and_a_status_through_the_forms(client_as: Any, child: Child) -> None:
    client = client_as("director")
    fact = {
        "subject": "father",
        "kind": "custody",
        "since": "2024-01-05",
        "until": "2027-01-04",
        "evidence": "（2024）刑初1号",
    }
    assert client.post(address(child, "add", "circumstance"), fact).status_code == 302
    kin = {"relation": "father", "name": "单大山", "id_number": ids.make("500199", date(1985, 5, 6), 11)}
    assert client.post(address(child, "add", "kin"), kin).status_code == 302
    assert (
        client.post(address(child, "add", "kin"), kin | {"name": "另一人", "id_number": ""}).status_code
        == 422
    )
    guard = {"value": "POOR", "since": "2026-01-01", "basis": "父亲服刑"}
    assert client.post(address(child, "add", "guard"), guard).status_code == 302
    page = client.get(address(child)).content.decode()
    for words in ("单大山", "监护状况较差", "（2024）刑初1号", "柳村儿童主任"):
        assert words in page
    with use_scope(system_scope("test")):
        made = Circumstance.objects.get()
    assert (
        client.post(
            address(child, "correct", made.public_id), {"act": "end", "reason": "刑满释放证明"}
        ).status_code
        == 422
    )
    ended = {"act": "end", "until": "2026-02-01", "reason": "刑满释放证明"}
    assert client.post(address(child, "correct", made.public_id), ended).status_code == 302
    assert "已更正的记录" in client.get(address(child)).content.decode()


def test_steps_offered_follow_role_and_state(client_as: Any, child: Child) -> None:
    director, supervisor = client_as("director"), client_as("supervisor")
    assert "提交审核" in director.get(address(child)).content.decode()
    assert director.post(address(child, "step", "register")).status_code == 302
    assert (
        director.post(address(child, "step", "approve")).status_code == 302
    )  # not offered: told so, not done
    assert "待审核" in director.get(address(child)).content.decode()
    assert supervisor.post(address(child, "step", "approve")).status_code == 302
    page = supervisor.get(address(child)).content.decode()
    assert "提请退出" in page
    assert supervisor.post(address(child, "step", "leave"), {"close_reason": "AGE"}).status_code == 422
    asked = {"close_reason": "AGE", "reason": "年满十八周岁"}
    assert supervisor.post(address(child, "step", "leave"), asked).status_code == 302
    with use_scope(system_scope("test")):
        leaving = Exit.objects.get(child=child)
    exit_step = reverse("registry:exit_step", args=[leaving.public_id, "approve"])
    assert "打开退出审核" in supervisor.get(address(child)).content.decode()
    assert client_as("county").post(exit_step).status_code == 302
    assert client_as("director").post(address(child, "edit", "living"), {}).status_code == 422


def test_a_panel_of_another_app(client_as: Any, child: Child) -> None:
    panels.register(
        panels.Panel("probe", "来访", 200, "child.view", lambda actor, one: f"<p>第一次见 {one.file_no}</p>")
    )
    panels.register(panels.Panel("secret", "密件", 10, "audit.view", lambda actor, one: "<p>不可见</p>"))
    try:
        page = client_as("director").get(address(child)).content.decode()
    finally:
        panels._panels[:] = [one for one in panels._panels if one.slug not in {"probe", "secret"}]
    assert f"第一次见 {child.file_no}" in page
    assert "不可见" not in page


def test_a_whole_number_is_posted(client_as: Any, child: Child) -> None:
    page = client_as("director").post(reverse("registry:search"), {"q": child.id_number}).content.decode()
    assert child.name in page


def test_pages_stay_few_queries(client_as: Any, make: Any, django_assert_max_num_queries: Any) -> None:
    made = [
        make(name=f"王小{c}", order=20 + 2 * i, born=date(2014, 1 + i, 3))
        for i, c in enumerate("禾苗田雨山河")
    ]
    client = client_as("director")
    client.get(address(made[0]))
    with django_assert_max_num_queries(24):
        assert client.get(reverse("registry:search"), {"q": "王小"}).content.decode().count("周岁") == 6
    with django_assert_max_num_queries(48):
        client.get(address(made[0]))
