"""The register of the release on the shelf: in force on a day, found by words, with the rules each clause decides (R-43.01)."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner

from hutong.domains.library import selectors, services
from hutong.domains.library.cli import library
from hutong.domains.library.models import Clause, Document, Link, Relation, Review
from hutong.domains.library.selectors import Asked
from hutong.domains.policy import selectors as policy
from hutong.foundation.access.scope import system_scope, use_scope
from hutong.kernel import clock

TODAY = date(2026, 11, 2)


@pytest.fixture(autouse=True)
def _today() -> Any:
    with clock.frozen(TODAY):
        yield


def first(question: str, area: str = "", day: date | None = TODAY) -> str:
    hits = selectors.search(question, Asked(day=day, area=area))
    return f"{hits[0].document.key} {hits[0].clause.label if hits[0].clause else ''}" if hits else ""


def test_loading_twice_changes_nothing_and_drops_what_a_release_no_longer_has(
    cast: SimpleNamespace, loaded: Any
) -> None:
    with use_scope(system_scope("试")):
        before = (
            sorted(Clause.objects.values_list("pk", "summary")),
            sorted(Link.objects.values_list("pk", flat=True)),
        )
        left = Document.objects.create(
            key="gone", title="旧文", issuer="某局", level="county", applies_area="990101000000", area_code="000000000000",
            state="PUBLISHED", made_at=clock.now(),
        )  # fmt: skip
        kept = Document.objects.create(
            key="gone-reviewed", title="旧文二", issuer="某局", level="county", applies_area="990101000000", area_code="000000000000",
            state="PUBLISHED", made_at=clock.now(),
        )  # fmt: skip
    with use_scope(cast.county.scope):
        services.open_review(kept, actor=cast.county, kind="revise", reason="不适应", due_on=TODAY)
    again = services.load()
    with use_scope(system_scope("试")):
        assert (again.documents, again.gone) == (loaded.documents, 2)
        after = (
            sorted(Clause.objects.values_list("pk", "summary")),
            sorted(Link.objects.values_list("pk", flat=True)),
        )
        assert after == before, "条款换了编号，指向它的记录就断了"
        assert not Document.objects.filter(pk=left.pk).exists()
        assert Document.objects.get(pk=kept.pk).valid_to == TODAY


@pytest.mark.parametrize(
    ("question", "area", "found"),
    [
        ("民发〔2019〕62号", "", "minfa-2019-62"),
        ("民发[2020]125号 失联", "", "minfa-2020-125 失联认定"),
        ("父母都坐牢了孩子怎么办", "", "minfa-2019-62 一 保障对象"),
        ("联系不上父母", "", "minfa-2020-125 失联认定"),
        ("第21条 无人看护", "", "weichengnianren 第21条"),
        ("参照孤儿", "220303", "jilin-125"),
        ("两免一补", "500114", "qianjiang-2017-84 三（三）"),
        ("走访多久一次", "220303", "tiedong-2024-7 四（三）8"),
    ],
)
def test_words_of_the_street_find_the_article(
    cast: SimpleNamespace, loaded: Any, question: str, area: str, found: str
) -> None:
    with use_scope(cast.director.scope):
        assert first(question, area).startswith(found)


def test_what_holds_is_what_is_in_force_there_on_that_day(cast: SimpleNamespace, loaded: Any) -> None:
    with use_scope(cast.director.scope):

        def keys(asked: Asked) -> set[str]:
            return set(selectors.list_public(asked).values_list("key", flat=True))

        assert "yuminfa-2022-2" in keys(Asked(day=date(2025, 12, 31), area="500114"))
        assert "yuminfa-2022-2" not in keys(Asked(day=date(2026, 1, 1), area="500114")), "规划期满"
        assert "yuminfa-2022-2" in keys(Asked(area="500114")), "不问日期，过去的也在"
        assert "qianjiang-2017-84" not in keys(Asked(day=TODAY, area="500103")), "邻区的文件不适用"
        assert "yu-kangfu" in keys(Asked(day=TODAY, area="500103")), "施行日期待核对的不排除"
        assert "minfa-2020-125" not in keys(Asked(day=date(2020, 12, 31)))
        assert keys(Asked(day=TODAY, level="county")) == {
            "yuzhongmin-2023-89",
            "qianjiang-2017-84",
            "tiedong-2024-7",
        }


def test_a_document_that_replaces_another_takes_it_out_of_force(cast: SimpleNamespace, loaded: Any) -> None:
    with use_scope(system_scope("试")):
        old, new = Document.objects.get(key="minzhengbuling-54"), Document.objects.get(key="weibaojigou-2026")
        Relation.objects.create(document=new, target=old, kind="replaces")
    with use_scope(cast.director.scope):
        assert old in selectors.list_public(Asked(day=date(2026, 3, 31)))
        assert old not in selectors.list_public(Asked(day=date(2026, 4, 1)))


def test_every_benefit_rule_has_its_article_and_each_article_its_rules(
    cast: SimpleNamespace, loaded: Any
) -> None:
    with use_scope(cast.director.scope):
        linked = selectors.linked_names("rule")
        assert [
            one.name
            for one in policy.list_rules()
            if one.kind in ("category", "benefit") and one.name not in linked
        ] == ["watch"]
        assert {one.document.key for one in selectors.articles_of("rule", "defacto", TODAY)} >= {
            "minfa-2019-62",
            "minfa-2020-125",
        }
        by_figure = {one.document.key for one in selectors.articles_of("param", "orphan_institution", TODAY)}
    assert {"minfa-2010-161", "yuminfa-2025-6", "yuminfa-2022-2"} <= by_figure


def test_the_command_loads_and_checks(places: Any) -> None:
    done = CliRunner().invoke(library, ["load"])
    assert done.exit_code == 0, done.output
    assert "政策文件 62 份" in done.output
    assert CliRunner().invoke(library, ["check"]).exit_code == 0


def test_pages_for_everybody_in_a_post(client_as: Any, cast: SimpleNamespace, loaded: Any) -> None:
    client = client_as("clerk")
    page = client.get("/library/?q=失联").content.decode()
    assert "失联认定" in page
    assert "/library/desk/" not in page
    with use_scope(cast.clerk.scope):
        document = Document.objects.get(key="minfa-2019-62")
    shown = client.get(f"/library/documents/{document.public_id}/").content.decode()
    for words in (
        "民发〔2019〕62号",
        "待与正式文本核对",
        "事实无人抚养儿童",
        "2020-01-01",
    ):
        assert words in shown
    found = client.get("/library/search.json?q=失联").json()
    assert found["results"][0]["clause"] == "失联认定"
    assert "rule:lost" in found["results"][0]["links"]
    assert client.get("/library/search.json?q=失联&on=去年").status_code == 422
    assert client.get("/library/?on=1800-01-01").status_code == 422


def test_a_rule_shows_its_conditions_figures_and_articles(client_as: Any, loaded: Any) -> None:
    client = client_as("director")
    assert "事实无人抚养儿童" in client.get("/library/rules/").content.decode()
    page = client.get("/library/rules/lost/").content.decode()
    for words in (
        "失联满6个月",
        "公安登记受理超过6个月",
        "失联认定",
        "公安登记受理须超过的时间",
        "有八种情形之一",
    ):
        assert words in page
    assert client.get("/library/rules/nothing/").status_code == 404
    assert client.get("/library/rules/lost/?on=2005-01-01").status_code == 200


def test_reviews_are_kept_finished_once_and_stay_in_the_office(
    cast: SimpleNamespace, loaded: Any, client_as: Any
) -> None:
    """R-43.04, R-43.05: who wants what changed until when, and what came of it."""
    with use_scope(cast.county.scope):
        document = Document.objects.get(key="tiedong-2024-7")
        for wrong in ({"kind": "other"}, {"reason": " "}, {"due_on": date(2026, 11, 1)}):
            with pytest.raises(services.LibraryRefused):
                services.open_review(
                    document,
                    actor=cast.county,
                    **({"kind": "revise", "reason": "一", "due_on": TODAY} | wrong),
                )
        entry = services.open_review(
            document, actor=cast.county, kind="follow", reason="走访频次落实", due_on=date(2026, 12, 1)
        )
    client = client_as("county")
    assert (
        "文件清理评估" in client.get("/work/waiting/").content.decode()
        or "跟踪评估" in client.get("/").content.decode()
    )
    assert client.post(f"/library/desk/reviews/{entry.public_id}/", {"outcome": ""}).status_code == 422
    assert (
        client.post(f"/library/desk/reviews/{entry.public_id}/", {"outcome": "三个村未按期走访"}).status_code
        == 302
    )
    assert client.post(f"/library/desk/reviews/{entry.public_id}/", {"outcome": "再写"}).status_code == 422
    assert "三个村未按期走访" in client.get("/library/desk/reviews/").content.decode()
    assert client_as("stranger_county").get(f"/library/desk/reviews/{entry.public_id}/").status_code == 404
    with use_scope(cast.stranger_county.scope):
        assert not Review.objects.exists()
