"""Which pack, which facts, and why: for one child on one day (R-43.02; experience 5; model.md §6–§7)."""

from __future__ import annotations

from datetime import date
from html import unescape
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hutong.domains.policy import presenters, selectors
from hutong.domains.registry.models import Child, Circumstance, Kinship, Person, RollEntry
from hutong.foundation.access.scope import use_scope
from hutong.foundation.audit.models import Read
from hutong.kernel import clock
from hutong.kernel.facts import FACT_BY_NAME

LIU = "990101101201"
TODAY = date(2026, 10, 12)


@pytest.fixture(autouse=True)
def _today() -> Any:
    with clock.frozen(TODAY):
        yield


@pytest.fixture
def child(cast: SimpleNamespace) -> Child:
    with use_scope(cast.county.scope):
        made = Child.objects.create(
            file_no="P1", name="柳小一", sex=1, birth_date=date(2016, 2, 29), id_kind="UNSEEN", hukou_area=LIU,
            residence_area=LIU, state="ACTIVE", lives_with="grandparents",
        )  # fmt: skip
        for relation in ("father", "mother"):
            person = Person(name="柳" + relation[0])
            Person.objects.bulk_create([person])
            Kinship.objects.bulk_create([Kinship(child=made, person_id=person.pk, relation=relation)])
        return made


def say(
    child: Child, subject: str, kind: str, since: date, until: date | None = None, detail: str = ""
) -> None:
    Circumstance.objects.create(
        child=child, subject=subject, kind=kind, since=since, until=until, detail=detail
    )


@pytest.mark.parametrize(
    ("area", "on", "pack"),
    [
        ("500103001001", date(2024, 12, 31), "CQ-2021"),
        ("500103001001", date(2025, 1, 1), "CQ-2025"),
        ("220303", date(2024, 1, 1), "JL-2024"),
        ("220303", date(2023, 12, 31), "base"),
        (LIU, TODAY, "base"),
    ],
)
def test_the_pack_of_a_place_on_a_day(area: str, on: date, pack: str) -> None:
    assert selectors.pack_for(area, on) == pack


@settings(max_examples=30, deadline=None)
@given(
    on=st.dates(date(2016, 3, 1), date(2030, 12, 31)),
    area=st.sampled_from(["500103001001", "220303001001", LIU]),
)
def test_every_assigned_pack_serves_its_days(on: date, area: str) -> None:
    """An assignment never names a pack that has no figures for the day."""
    assert selectors.book(selectors.pack_for(area, on), on, "").rules


def test_both_parents_dead_is_an_orphan_with_the_articles(cast: SimpleNamespace, child: Child) -> None:
    with use_scope(cast.county.scope):
        for parent in ("father", "mother"):
            say(child, parent, "deaths", date(2026, 8, 1))
        elsewhere = selectors.explain(child, TODAY, "CQ-2025")
        child.hukou_area = "500103001001"
        found = selectors.explain(child, TODAY, "CQ-2025")
    assert (elsewhere.scheme, elsewhere.monthly_due) == ("ORPHAN-S", None), "由户籍地给付（A39）"
    assert (found.scheme, found.monthly_due) == ("ORPHAN-S", 165100)
    tree = presenters.why(found.categories[0].tree)
    assert tree is not None
    said = str(tree)
    assert tree["result"] is True
    assert "父亲死亡日期：2026-08-01（周六）" in said
    assert "国办发〔2010〕54号" in said


def test_silence_is_not_a_no(cast: SimpleNamespace, child: Child, client_as: Any) -> None:
    """Unknown is not false: a child nobody has kin for cannot be decided."""
    with use_scope(cast.county.scope):
        Kinship.objects.all().update(until=date(2026, 1, 1), since=date(2020, 1, 1))
        found = selectors.explain(child, TODAY)
    assert found.categories[0].holds is None
    assert found.categories[0].needs == (
        "父亲情况（是否在世、能否履行监护职责）",
        "母亲情况（是否在世、能否履行监护职责）",
    )
    father = next(one for one in found.missing if one.asked.startswith("父亲情况"))
    assert "可向村（居）民委员会、公安机关（户籍管理）或儿童主任入户走访了解" in father.asked
    assert {"孤儿", "留守儿童", "走访间隔"} <= set(father.waiting)
    for address in (f"/children/{child.public_id}/", f"/policy/children/{child.public_id}/"):
        told = unescape(client_as("director").get(address).content.decode())
        assert "尚缺：母亲情况（是否在世、能否履行监护职责） —— 可向村（居）民委员会" in told
    letter = unescape(
        client_as("director").get(f"/policy/children/{child.public_id}/letter/").content.decode()
    )
    assert "母亲情况（是否在世、能否履行监护职责） —— 可向村（居）民委员会" in letter


def test_a_recorded_judgement_decides(cast: SimpleNamespace, child: Child) -> None:
    """R-04.04, A08: one parent away and the other imprisoned waits for a person; the last judgement standing decides."""
    with use_scope(cast.county.scope):
        say(child, "father", "migrant_work", date(2025, 1, 1), detail="310101")
        say(child, "mother", "custody", date(2025, 1, 1), date(2028, 1, 1), "服刑")
        facts = selectors.facts_for_child(child, TODAY) | {"father_work_area": "310101000000"}
        book = selectors.book("JL-2024", TODAY, "")
        assert book.evaluate_one(facts).to_judge["lb"] == ("mother_judged_unable",)
        say(child, "mother", "judged_able", date(2026, 9, 1))
        able = selectors.facts_for_child(child, TODAY)
        say(child, "mother", "judged_unable", date(2026, 10, 1))
        unable = selectors.facts_for_child(child, TODAY)
    assert (able["mother_judged_unable"], unable["mother_judged_unable"]) == (False, True)
    assert book.evaluate_one(facts | {"mother_judged_unable": False}).values["lb"] is False
    assert book.evaluate_one(facts | {"mother_judged_unable": True}).values["lb"] is True


def test_facts_are_those_of_the_day(cast: SimpleNamespace, child: Child) -> None:
    with use_scope(cast.county.scope):
        say(child, "father", "custody", date(2024, 1, 1), date(2026, 1, 1), "服刑")
        say(child, "father", "custody", date(2026, 5, 1), date(2028, 5, 1), "强制隔离戒毒")
        say(child, "mother", "disability", date(2020, 1, 1), date(2030, 1, 1), "肢体 一级")
        say(child, "mother", "deaths", date(2026, 12, 1))
        RollEntry.objects.create(child=child, scheme="DEFACTO", since=date(2025, 1, 1), monthly=120400)
        now = selectors.facts_for_child(child, TODAY)
        then = selectors.facts_for_child(child, date(2025, 6, 1))
    assert (now["father_prison_to"], now["father_rehab_from"]) == (date(2026, 1, 1), date(2026, 5, 1))
    assert "father_rehab_from" not in then
    assert "mother_died_on" not in now, "那一天还没有发生"
    assert (now["mother_dis_limb"], now["roll"], now["roll_monthly"]) == (1, "DEFACTO", 120400)
    assert set(now) <= set(FACT_BY_NAME)


def test_the_panel_and_the_printed_page(client_as: Any, cast: SimpleNamespace, child: Child) -> None:
    with use_scope(cast.county.scope):
        for parent in ("father", "mother"):
            say(child, parent, "deaths", date(2026, 8, 1))
    client = client_as("director")
    panel = unescape(client.get(f"/children/{child.public_id}/").content.decode())
    assert "类别与依据（为什么）" in panel
    assert "现在册与应享不一致" in panel
    page = unescape(client.get(f"/policy/children/{child.public_id}/").content.decode())
    assert "孤儿：符合" in page
    with use_scope(cast.auditor.scope):
        assert Read.objects.filter(child_id=child.pk, what="类别与依据").count() == 1


@pytest.mark.parametrize("who", ["stranger", "stranger_county", "next_director", "clerk", "auditor"])
def test_others_get_no_explanation(client_as: Any, child: Child, who: str) -> None:
    assert client_as(who).get(f"/policy/children/{child.public_id}/").status_code == 404


def test_packs_with_dates_and_sources(client_as: Any, cast: SimpleNamespace) -> None:
    client = client_as("county")
    assert "本辖区现行" in client.get("/policy/").content.decode()
    page = unescape(client.get("/policy/packs/CQ-2025/").content.decode())
    for words in ("1,651.00 元/月", "渝民发〔2025〕6号", "2025-01-01", "1,256.00 元/月", "现行"):
        assert words in page
    assert client.get("/policy/packs/XX/").status_code == 404
    assert client.get("/policy/packs/CQ-2025/?on=9999-99-99").status_code == 200
    assert client_as("clerk").get("/policy/").status_code == 404


def test_an_offer_has_the_figures_of_the_pack_or_says_that_they_are_not_loaded(cast: SimpleNamespace) -> None:
    """R-26.07, R-43.02: who, how much, papers, where; a figure nobody has loaded is never filled in."""
    with use_scope(cast.county.scope):
        chongqing = selectors.find_offer("orphan", "500103", date(2025, 1, 1))
        assert chongqing is not None
        assert chongqing.adopted
        assert chongqing.amounts == ("机构集中养育：1,851.00 元/月", "社会散居：1,651.00 元/月")
        siping = selectors.find_offer("defacto", "220303", TODAY)
        assert siping is not None
        assert siping.amounts == (f"事实无人抚养儿童：{selectors.NOT_LOADED}",)
        assert siping.steps == ("乡镇（街道）查验：15 个工作日内", "县级民政部门确认：15 个工作日内")
        assert siping.where == "户籍所在地乡镇人民政府（街道办事处）"
        assert "参照孤儿基本生活费" in selectors.unrecorded("500103", TODAY)
        assert [one.code for one in selectors.offers_of("ben_orphan", LIU, TODAY)] == ["orphan"]
        rehab = selectors.find_offer("rehab", LIU, TODAY)
        assert rehab is not None
        assert not rehab.adopted, "全国包没有采用的规则，不能说已经可以判定"
