"""The pages of a lead as each role gets them; the stranger gets nothing (experience 1, 6, 14, 20; R-24.04)."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from hutong.domains.leads import services
from hutong.domains.leads.models import Correction, Lead
from hutong.domains.leads.tests.factories import AS_OF, LIU, SANG, child, death, row
from hutong.foundation.access.acting import acting_as
from hutong.foundation.access.scope import use_scope
from hutong.foundation.accounts.models import User
from hutong.foundation.audit.models import Read
from hutong.foundation.network.models import Holding, Org, Post
from hutong.kernel import clock

TODAY = date(2026, 10, 12)
FORM = {
    "answer": "TRUE",
    "words": "见到祖母和死亡证明",
    "checked_on": "2026-10-12",
    "seen": "祖母",
    "form_key": "k1",
}


@pytest.fixture(autouse=True)
def _today() -> Any:
    with clock.frozen(TODAY):
        yield


@pytest.fixture
def lead(cast: SimpleNamespace) -> Lead:
    sources = {"deaths": {"title": "死亡人员", "provider": "公安局", "quarter": "2026Q2", "stale": True}}
    with use_scope(cast.county.scope):
        services.receive(
            rows=[row(child(name="柳小明"))], run_id=1, run_label="2026年第三季度比对", as_of=AS_OF, pack="base",
            actor=cast.county, sources=sources,
        )  # fmt: skip
        return Lead.objects.select_related("child").get()


def url(lead: Lead, step: str = "") -> str:
    return f"/leads/{lead.public_id}/{step}"


def test_the_director_reads_what_why_and_from_where(
    client_as: Any, lead: Lead, cast: SimpleNamespace
) -> None:
    page = unescape(client_as("director").get(url(lead)).content.decode())
    for words in ("柳小明 可能符合“孤儿（散居）”", "父亲死亡", "2026-08-01", "公安局，2026Q2，第 7 行", "往期清单",
                  "国办发〔2010〕54号", "1,651.00 元", "暂不能定", "柳村"):  # fmt: skip
        assert words in page
    with use_scope(cast.auditor.scope):
        assert (
            Read.objects.filter(child_id=lead.child_id, actor_id=cast.director.user.pk, what="线索").count()
            == 1
        )


def test_a_verdict_by_form_and_its_second_click(client_as: Any, lead: Lead, cast: SimpleNamespace) -> None:
    client = client_as("director")
    paper = SimpleUploadedFile("证明.pdf", b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n")
    answer = client.post(url(lead, "verdict/"), FORM | {"papers": paper})
    again = client.post(url(lead, "verdict/"), FORM)
    assert (answer.status_code, answer["Location"], again.status_code) == (302, "/", 302)
    page = unescape(client_as("county").get(url(lead)).content.decode())
    assert "核实结果：属实" in page
    assert "证明.pdf" in page
    assert "启动认定申请" in page


def test_what_was_typed_stays_when_something_is_missing(client_as: Any, lead: Lead) -> None:
    answer = client_as("director").post(url(lead, "verdict/"), FORM | {"answer": "PENDING", "seen": ""})
    page = unescape(answer.content.decode())
    assert answer.status_code == 422
    assert "见到祖母和死亡证明" in page
    assert "请填写下次核实日期" in page
    assert "请写明见到了谁" in page


def test_a_file_that_is_not_what_it_says_is_refused(
    client_as: Any, lead: Lead, cast: SimpleNamespace
) -> None:
    fake = SimpleUploadedFile("证明.pdf", b"MZ\x90\x00 not a document")
    answer = client_as("director").post(url(lead, "verdict/"), FORM | {"papers": fake})
    assert answer.status_code == 422
    with use_scope(cast.director.scope):
        assert Lead.objects.get().state == "OPEN", "nothing is half done"


def test_after_the_verdict_the_rest_of_the_household(
    client_as: Any, lead: Lead, cast: SimpleNamespace
) -> None:
    with use_scope(cast.county.scope):
        more = [row(lead.child, "EMERGENCY", "", evidence=[death()])]
        services.receive(rows=more, run_id=2, as_of=AS_OF, pack="base", actor=cast.county)
    client = client_as("director")
    answer = client.post(url(lead, "verdict/"), FORM)
    assert answer["Location"] == url(lead, "after/")
    assert "核实线索：柳小明（急需关爱）" in client.get(url(lead, "after/")).content.decode()


@pytest.mark.parametrize(
    "who", ["stranger", "stranger_county", "next_director", "clerk", "auditor", "security"]
)
def test_others_find_no_such_lead(client_as: Any, lead: Lead, who: str) -> None:
    client = client_as(who)
    assert client.get(url(lead)).status_code == 404
    for step in ("verdict", "decide", "review", "reassign"):
        assert client.post(url(lead, f"{step}/"), FORM).status_code == 404
    assert client.get(url(lead, "after/")).status_code == 404
    listed = client.get("/leads/all/")
    assert listed.status_code == 404 or "柳小明" not in listed.content.decode()


def test_the_county_decides_and_the_verifier_does_not(client_as: Any, lead: Lead) -> None:
    client_as("director").post(url(lead, "verdict/"), FORM)
    said = {"code": "APPLY", "words": "已告知监护人申请"}
    assert client_as("director").post(url(lead, "decide/"), said).status_code == 404
    empty = client_as("county").post(url(lead, "decide/"), {"words": "只有说明"})
    assert (empty.status_code, "只有说明" in empty.content.decode()) == (422, True)
    assert client_as("county").post(url(lead, "decide/"), said).status_code == 302
    late = client_as("county_second").post(url(lead, "decide/"), said)
    assert late.status_code == 409
    assert "不能处理" in late.content.decode()


def test_the_supervisor_reviews_reassigns_and_sends_back(
    client_as: Any, lead: Lead, cast: SimpleNamespace
) -> None:
    client = client_as("supervisor")
    to = {"to": str(cast.next_director.post.pk), "reason": "代管"}
    assert client.post(url(lead, "reassign/"), to).status_code == 302
    foreign = client.post(url(lead, "reassign/"), to | {"to": str(cast.stranger.post.pk)})
    assert foreign.status_code == 422
    client.post(url(lead, "reassign/"), {"to": str(cast.director.post.pk), "reason": "回来了"})
    client_as("director").post(url(lead, "verdict/"), FORM | {"answer": "FALSE"})
    assert client.post(url(lead, "review/"), {"code": "BACK", "words": "再去一次"}).status_code == 302
    client_as("director").post(url(lead, "verdict/"), FORM | {"answer": "FALSE", "form_key": "k2"})
    assert client.post(url(lead, "review/"), {"code": "SOURCE_WRONG", "words": "同意"}).status_code == 302
    with use_scope(cast.county.scope):
        assert Lead.objects.get().end_code == "SOURCE_WRONG"


def test_corrections_are_the_countys(client_as: Any, lead: Lead, cast: SimpleNamespace) -> None:
    client_as("director").post(url(lead, "verdict/"), FORM | {"answer": "FALSE"})
    with use_scope(cast.county.scope):
        one = Correction.objects.order_by("pk").first()
        assert one is not None
    address = f"/leads/corrections/{one.public_id}/"
    assert "死亡人员" in client_as("county").get("/leads/corrections/").content.decode()
    assert client_as("county").get(address).status_code == 200
    assert client_as("county").post(address, {"event": "send", "words": "函告"}).status_code == 302
    assert client_as("county").post(address, {"event": "send", "words": "再函告"}).status_code == 409
    for who in ("stranger_county", "director", "supervisor"):
        assert client_as(who).get(address).status_code == 404


def test_home_pages_by_role(client_as: Any, lead: Lead) -> None:
    assert "核实：柳小明" in client_as("director").get("/leads/").content.decode()
    assert "柳小明" in client_as("supervisor").get("/leads/all/").content.decode()
    assert "柳小明" in client_as("county").get("/leads/all/?kind=SUSPECTED&progress=verify").content.decode()
    assert "柳小明" not in client_as("county").get("/leads/all/?kind=EMERGENCY").content.decode()
    assert client_as("county").get("/leads/all/?area=990102000000").status_code == 404
    assert client_as("county").get("/leads/all/?page=99999999999999&sort=x&area=x").status_code == 200


def test_a_list_page_asks_few_questions(
    client_as: Any, cast: SimpleNamespace, django_assert_max_num_queries: Any
) -> None:
    with use_scope(cast.county.scope):
        rows = [row(child(LIU if n % 2 else SANG)) for n in range(40)]
        services.receive(rows=rows, run_id=1, as_of=AS_OF, pack="base", actor=cast.county)
    client = client_as("county")
    with django_assert_max_num_queries(22):
        assert client.get("/leads/all/").status_code == 200


# --- figures ---------------------------------------------------------------------------------------------------
@pytest.fixture
def many(cast: SimpleNamespace) -> None:
    """Leads of all kinds and ages: 3 old in 柳村, 9 new in 桑村, some verified and acted."""
    with use_scope(cast.county.scope):
        for day, area, count in ((date(2026, 8, 3), LIU, 3), (date(2026, 9, 28), LIU, 2), (TODAY, SANG, 9)):
            with clock.frozen(day):
                kinds = ("SUSPECTED", "SHOULD_EXIT", "CHANGED", "EMERGENCY")
                rows = [
                    row(child(area), kinds[n % 4], "" if n % 4 == 3 else "ORPHAN-S") for n in range(count)
                ]
                services.receive(rows=rows, run_id=day.day, as_of=day, pack="base", actor=cast.county)
        first, second, third = Lead.objects.filter(area_code=SANG).select_related("child", "owner_post")[:3]
    for one, said in ((first, "TRUE"), (second, "FALSE"), (third, "CHANGED")):
        with use_scope(cast.next_director.scope):
            services.verdict(
                lead=one, answer=said, words="看过", checked_on=TODAY, actor=cast.next_director, seen="祖母"
            )
    with use_scope(cast.county.scope):
        services.act(lead=first, code="APPLY", words="办", actor=cast.county)


NUMBER = re.compile(
    r'<a[^>]*href="(/leads/all/\?[^"]*)"[^>]*>(?:<span[^>]*>[^<]*</span>\s*<b>)?\s*([\d,]+)\s*<'
)


@pytest.mark.parametrize(("who", "place"), [("county", ""), ("supervisor", ""), ("county", "990101101000")])
def test_every_number_leads_to_exactly_its_rows(client_as: Any, many: None, who: str, place: str) -> None:
    client = client_as(who)
    found = NUMBER.findall(unescape(client.get(f"/leads/figures/?area={place}").content.decode()))
    assert len(found) > 25
    for address, number in dict(found).items():
        listed = unescape(client.get(address).content.decode())
        assert f"共 {number} 条" in listed, address


def test_figures_of_the_small_world(cast: SimpleNamespace, many: None) -> None:
    from hutong.domains.leads import selectors

    with use_scope(cast.county.scope):
        view = selectors.funnel(cast.county)
    assert {name: cell.count for name, cell in view.steps.items()} == {
        "found": 14, "verified": 3, "confirmed": 2, "acted": 1,
    }  # fmt: skip
    assert {name: cell.count for name, cell in view.ages.items()} == {
        "a5": 8, "a10": 2, "a20": 0, "a21": 3, "late": 3,
    }  # fmt: skip
    assert list(view.places) == ["990101101000"]


def test_counts_only_for_the_office(client_as: Any, cast: SimpleNamespace, many: None) -> None:
    """LEADING_GROUP_OFFICE: counts, cells under 5 withheld, no way to the rows (model.md §2, WX-06)."""
    org = Org.objects.create(name="甲县领导小组", area_code="990101000000", kind="LD")
    post = Post.objects.create(
        org=org, role="LEADING_GROUP_OFFICE", area_code="990101000000", title="甲县领导小组办公室"
    )
    user = User.objects.create(username="office", name="办", must_change_password=False, password="!")
    cast.office = acting_as(Holding.objects.create(post=post, user=user, since=date(2020, 1, 1)))
    client = client_as("office")
    page = unescape(client.get("/leads/figures/").content.decode())
    assert "＜5" in page
    assert "/leads/all/" not in page
    assert client.get("/leads/figures/?area=990101101000").status_code == 404
    assert client.get("/leads/all/").status_code == 404
    sheet = client.get("/leads/figures/kinds.csv").content.decode()
    assert "＜5" in sheet
    assert client.get("/leads/figures/flows.csv").status_code == 404


def test_the_download_holds_numbers_and_no_names(client_as: Any, many: None, cast: SimpleNamespace) -> None:
    answer = client_as("county").get("/leads/figures/ages.csv")
    text = answer.content.decode("utf-8-sig")
    assert text.splitlines()[0].startswith("地方,区划代码,0–5 个工作日")
    with use_scope(cast.county.scope):
        assert not [name for name in Lead.objects.values_list("child__name", flat=True) if name in text]


def test_the_childs_page_shows_her_leads(client_as: Any, lead: Lead) -> None:
    page = unescape(client_as("director").get(f"/children/{lead.child.public_id}/").content.decode())
    assert "疑似应保未保 · 孤儿（散居）" in page
