"""Bodies, posts, hand-over, coverage, place names (R-01.01, R-01.03, R-01.05, R-01.06, R-02.04, R-02.06, R-02.10, R-02.11)."""

from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from hutong.foundation.access.scope import use_scope
from hutong.foundation.accounts.models import User
from hutong.foundation.network import areas_loading, areas_source, catalogue, coverage, selectors, services
from hutong.foundation.network.errors import NetworkRefused
from hutong.foundation.network.models import Area, Holding, Org
from hutong.foundation.network.place_names import readings, township_name, village_name
from hutong.kernel import clock

DAY = date(2026, 11, 22)


@pytest.fixture
def newcomer(db: None) -> User:
    return User.objects.create(username="newcomer", name="新人", password="!", must_change_password=False)


def test_hand_over_leaves_no_gap_and_no_overlap(cast: SimpleNamespace, newcomer: User) -> None:
    with clock.frozen(DAY), use_scope(cast.county.scope):
        services.hand_over(actor=cast.county, post=cast.director.post, to=newcomer, on=DAY, reason="换届")
        ended, begun = cast.director.post.holdings.order_by("since")
        assert (ended.until, begun.since, begun.until) == (DAY, DAY, None)
        assert not selectors.list_current_holdings(cast.director.user, DAY).exists()
        assert [one.post for one in selectors.list_current_holdings(newcomer, DAY)] == [cast.director.post]


def test_two_principals_at_once_are_refused_in_words(cast: SimpleNamespace, newcomer: User) -> None:
    with use_scope(cast.county.scope):
        with pytest.raises(NetworkRefused, match="只能由一人担任：柳村D（2020-01-01 起）"):
            services.appoint(actor=cast.county, post=cast.director.post, user=newcomer, since=DAY)
        services.appoint(
            actor=cast.county,
            post=cast.director.post,
            user=newcomer,
            since=DAY,
            until=DAY + timedelta(30),
            deputy=True,
        )
        assert cast.director.post.holdings.count() == 2


def test_a_deputy_works_only_while_it_lasts(cast: SimpleNamespace, newcomer: User) -> None:
    with use_scope(cast.county.scope):
        services.appoint(
            actor=cast.county,
            post=cast.director.post,
            user=newcomer,
            since=DAY,
            until=DAY + timedelta(3),
            deputy=True,
        )
    held = {n: selectors.list_current_holdings(newcomer, DAY + timedelta(n)).exists() for n in (-1, 0, 2, 3)}
    assert held == {-1: False, 0: True, 2: True, 3: False}


def test_a_post_still_held_cannot_be_closed(cast: SimpleNamespace) -> None:
    with use_scope(cast.county.scope), clock.frozen(DAY):
        with pytest.raises(NetworkRefused, match="先办理离任"):
            services.close_post(actor=cast.county, post=cast.director.post)
        holding = cast.director.post.holdings.get()
        services.end_holding(actor=cast.county, holding=holding, until=DAY, reason="离任")
        assert not services.close_post(actor=cast.county, post=cast.director.post).active


def test_only_inside_ones_own_places_and_only_with_the_right(cast: SimpleNamespace, newcomer: User) -> None:
    facts: dict[str, Any] = {
        "post": cast.director.post,
        "user": newcomer,
        "since": DAY,
        "deputy": True,
        "until": DAY + timedelta(1),
    }
    for actor in (cast.stranger_county, cast.director, cast.supervisor):
        with use_scope(actor.scope), pytest.raises(PermissionDenied):
            services.appoint(actor=actor, **facts)


def test_a_role_belongs_to_its_level(cast: SimpleNamespace) -> None:
    """2017's 儿童福利督导员 is a village role, 2019's 儿童督导员 a township one (A03)."""
    with use_scope(cast.county.scope), pytest.raises(NetworkRefused, match="应设在乡镇"):
        services.create_post(
            actor=cast.county,
            org=cast.director.post.org,
            role="TOWNSHIP_CHILD_SUPERVISOR",
            area_code="990101101201",
            title="督导员",
        )
    assert catalogue.role_titled("儿童福利督导员", date(2017, 9, 14)) == "VILLAGE_CHILD_DIRECTOR"
    assert catalogue.role_titled("儿童督导员", date(2020, 1, 1)) == "TOWNSHIP_CHILD_SUPERVISOR"
    assert catalogue.role_titled("儿童福利督导员", date(2020, 1, 1)) is None


def test_bodies_keep_their_other_names(cast: SimpleNamespace) -> None:
    with use_scope(cast.county.scope):
        org = services.save_org(
            actor=cast.county,
            area_code="990101",
            name="甲县互联网信息中心",
            kind="WXB",
            aliases=("区网信办", " 网信办 ", ""),
        )
        assert {org.pk} == set(
            selectors.list_orgs(within="990101", text="网信办").values_list("pk", flat=True)
        )
        services.save_org(actor=cast.county, org=org, aliases=("网信办",))
        assert list(org.aliases.values_list("name", flat=True)) == ["网信办"]
        with pytest.raises(NetworkRefused, match="已有名为"):
            services.save_org(actor=cast.county, area_code="990101", name="甲县互联网信息中心", kind="WXB")


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("区教委", "JY"),
        ("甲县公安局刑侦支队", "GA"),
        ("县级民政部门", "MZ"),
        ("区妇联", "FL"),
        ("青龙镇派出所", "GA"),
    ],
)
def test_documents_names_lead_to_the_kind(name: str, code: str) -> None:
    kind = catalogue.kind_named(name)
    assert kind is not None
    assert kind.code == code


def test_the_duty_matrix_is_complete() -> None:
    assert {"MZ", "JY", "GA", "SF", "CZ", "RS", "WJ", "FY", "JC", "CL", "FL", "TW", "FEG", "WXB", "YJ", "ZW", "TZ", "GZ", "GGW",
            "ZJ", "YB", "SC", "TY", "WL", "FG", "XC", "XZ", "CJW", "RA", "CWI", "CFH", "SCH", "HOS", "SO"} == set(catalogue.kinds())  # fmt: skip
    assert len(catalogue.kinds()["RA"].duties) == 10


def test_gaps_are_the_places_nobody_answers_for(cast: SimpleNamespace) -> None:
    lines = {line.key: line for line in coverage.coverage("990101")}
    directors = lines["post-VILLAGE_CHILD_DIRECTOR"]
    assert (directors.places, directors.filled, directors.missing) == (3, 2, 1)
    assert [area.name for area in coverage.list_gaps("990101", directors.key)] == ["石村"]
    Holding.objects.filter(post=cast.director.post).update(until=clock.today())
    assert {area.name for area in coverage.list_gaps("990101", directors.key)} == {"石村", "柳村"}
    assert not coverage.list_gaps("990101", "nonsense").exists()


@pytest.mark.parametrize(
    ("official", "above", "shown"),
    [
        ("四平市铁东区平东街道东晟社区居民委员会", ("四平市", "铁东区", "平东街道"), "东晟社区"),
        ("四平市铁东区平东街辉煌社区居民委员会", ("四平市", "铁东区", "平东街道"), "辉煌社区"),
        ("柳村民委员会", (), "柳村"),
        ("柳村村民委员会", (), "柳村"),
        ("三间房东村村委会", (), "三间房东村"),
        ("楼梓庄村委会", (), "楼梓庄"),
        ("红旗镇社区居委会", ("", "", "红旗镇"), "红旗镇社区"),
        ("和平居民委员会", (), "和平居委会"),
        ("村委会", (), "村委会"),
        ("黄庄农场生活区", (), "黄庄农场生活区"),
    ],
)
def test_village_names_as_people_write_them(official: str, above: tuple[str, ...], shown: str) -> None:
    assert village_name(official, above) == shown


def test_township_names_and_readings() -> None:
    assert township_name("四平市铁东区平东街道", ("四平市", "铁东区")) == "平东街道"
    assert readings("重庆市", exact=True) == ("chongqingshi", "cqs")
    assert readings("长安村")[0] == "changancun"
    assert readings("柳村") == ("liucun", "lc")


def test_the_demo_districts_load_without_npm(db: None) -> None:
    counts = areas_loading.load(["500103", "500114", "220303"])
    assert counts["county"] == 3
    # four townships and eight sub-districts of 铁东区
    townships = Area.objects.filter(code__startswith="220303", level="township").values_list(
        "name", flat=True
    )
    assert set(townships) == {
        "山门镇", "叶赫满族镇", "石岭镇", "城东乡", "黄土坑街道", "北门街道", "四马路街道", "七马路街道", "北市场街道", "平南街道",
        "平东街道", "解放街道",
    }  # fmt: skip
    assert Area.objects.get(code="500103000000").path == "重庆市渝中区"  # 市辖区 is no place
    assert Area.objects.get(code="500103000000").core_urban
    assert not Area.objects.get(code="500114000000").core_urban
    assert Area.objects.get(code="500114110000").poor_township
    again = areas_loading.load(["500103"])
    assert again["county"] == 1
    assert Area.objects.filter(code__startswith="220303").count() > 70


def test_loading_again_changes_nothing_that_is_there(db: None) -> None:
    """A new list is a difference to review (ADR 0020): no name changes, no village appears, in silence."""
    areas_loading.load(["500103"])
    gone = Area.objects.filter(code__startswith="500103", level="village").first()
    assert gone is not None
    gone.delete()
    Area.objects.filter(code="500103000000").update(name="大渝中区")
    again = areas_loading.load(["500103", "220303"])
    assert again[areas_loading.LEFT] == 2
    assert Area.objects.get(code="500103000000").name == "大渝中区"
    assert not Area.objects.filter(code=gone.code).exists()
    assert Area.objects.filter(code="220303000000").exists()


def test_marks_follow_their_dates(db: None) -> None:
    areas_loading.load(["500103"], as_of=date(2015, 1, 1))
    assert not Area.objects.get(code="500103000000").core_urban


def test_a_package_with_other_content_is_refused(tmp_path: Path) -> None:
    package = tmp_path / "package.tgz"
    package.write_bytes(b"something else")
    with pytest.raises(areas_source.AreasUnavailable, match="校验值不符"):
        areas_source.verify(package, areas_source.package()["integrity"])


def test_the_county_officer_hands_a_post_over_on_the_page(
    cast: SimpleNamespace, client_as: Any, newcomer: User
) -> None:
    client = client_as("county")
    page = client.get(reverse("network:bodies"), {"q": "柳村"})
    assert "柳村机构" in page.content.decode()
    org = cast.director.post.org
    assert "柳村D" in client.get(reverse("network:body", args=[org.public_id])).content.decode()
    appoint = reverse("network:appoint", args=[cast.director.post.public_id])
    wrong = client.post(appoint, {"person": "nobody", "since": str(clock.today()), "reason": "换届"})
    assert wrong.status_code == 422
    assert "没有这个用户名" in wrong.content.decode()
    assert "换届" in wrong.content.decode()  # what was typed stays
    done = client.post(appoint, {"person": "Newcomer", "since": str(clock.today()), "reason": "换届"})
    assert done.status_code == 302
    page = client.get(done["Location"]).content.decode()
    assert "新人" in page
    assert "换届" in page


def test_the_county_next_door_may_look_but_not_touch(
    cast: SimpleNamespace, client_as: Any, newcomer: User
) -> None:
    client = client_as("stranger_county")
    page = client.get(reverse("network:post", args=[cast.director.post.public_id]))
    assert "交接或代理" not in page.content.decode()
    answer = client.post(
        reverse("network:appoint", args=[cast.director.post.public_id]),
        {"person": "newcomer", "since": str(clock.today()), "reason": "x"},
    )
    assert "不在您当前岗位的辖区内" in answer.content.decode()
    assert not Holding.objects.filter(user=newcomer).exists()
    assert "柳村" not in client.get(reverse("network:bodies")).content.decode()


def test_a_body_that_must_report_names_a_contact(cast: SimpleNamespace, client_as: Any) -> None:
    facts = {"name": "柳村小学", "kind": "SCH", "area": "990101101000", "status": "operating"}
    answer = client_as("county").post(reverse("network:add_body"), facts)
    assert "强制报告义务" in answer.content.decode()
    client = client_as("county")
    assert client.post(reverse("network:add_body"), facts | {"report_contact": "张老师"}).status_code == 302
    assert Org.objects.get(name="柳村小学").report_contact == "张老师"
    # the place chosen stands at the top of the picker
    assert "东镇" in client.get(reverse("network:find_areas")).content.decode()


def test_the_place_picker_answers_in_two_queries_at_most(
    cast: SimpleNamespace, client_as: Any, django_assert_max_num_queries: Any
) -> None:
    client = client_as("director")
    url = reverse("network:find_areas")
    client.get(url)
    with django_assert_max_num_queries(12):
        page = client.get(url, {"q": "柳"})
    assert "示例省示例市甲县东镇柳村" in page.content.decode()
    assert "柳村" in client.get(url, {"home__label": "柳村"}).content.decode()


def test_coverage_page_leads_to_the_gaps(client_as: Any) -> None:
    client = client_as("county")
    page = client.get(reverse("network:coverage"), {"gap": "post-VILLAGE_CHILD_DIRECTOR"}).content.decode()
    assert "石村" in page
    assert (
        "竹村"
        not in client.get(
            reverse("network:coverage"), {"area": "990102000000", "gap": "post-VILLAGE_CHILD_DIRECTOR"}
        ).content.decode()
    )
