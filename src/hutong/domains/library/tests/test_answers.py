"""The telephone desk: everyday words → programme, conditions, papers, amount, office (R-26.03, R-26.07)."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from hutong.domains.library import selectors
from hutong.foundation.access.scope import use_scope
from hutong.foundation.network.models import Org
from hutong.kernel import clock

TODAY = date(2026, 11, 2)
WILLOW = "990101101201"


@pytest.fixture(autouse=True)
def _today() -> Any:
    with clock.frozen(TODAY):
        yield


@pytest.mark.parametrize(
    ("question", "area", "programme"),
    [
        ("父母双亡的孩子能领什么钱", WILLOW, "orphan"),
        ("爸爸坐牢妈妈联系不上", WILLOW, "defacto"),
        ("父母都在服刑怎么申请", "220303001000", "ref_orphan"),
        ("自闭症康复训练", "500114001000", "rehab"),
        ("孤儿考上大学学费", "500103001000", "study_orphan"),
        ("家里着火了临时困难", WILLOW, "relief"),
        ("低保家庭", WILLOW, "dibao"),
        ("HIV", WILLOW, "hiv"),
        ("医保参保", "500114001000", "insurance"),
        ("两免一补", WILLOW, "school_waiver"),
    ],
)
def test_everyday_words_find_the_programme(
    cast: SimpleNamespace, loaded: Any, question: str, area: str, programme: str
) -> None:
    with use_scope(cast.director.scope):
        found = selectors.answer(question, area, TODAY)
    assert programme in [one.offer.code for one in found.programmes][:2]
    assert found.clauses


def test_amounts_offices_and_messages(cast: SimpleNamespace, loaded: Any) -> None:
    Org.objects.create(name="东镇人民政府", kind="XZ", area_code="990101101000")
    with use_scope(cast.director.scope):
        here = selectors.answer("父母双亡", WILLOW, TODAY).programmes[0]
        wide = selectors.answer("父母双亡", "990101000000", TODAY).programmes[0]
        chongqing = selectors.answer("父母双亡", "500103001000", TODAY).programmes[0]
        before = selectors.answer("父母双亡", "500103001000", date(2024, 12, 31)).programmes[0]
        none = selectors.answer("参照孤儿", "500103001000", TODAY)
        silent = selectors.answer("请问怎么办", WILLOW, TODAY)
    assert here.office == "东镇人民政府"
    assert "标准尚未录入" in here.offer.amounts[0]
    assert "元" not in here.message, "没有录入的标准不得写进短信"
    assert here.messages <= 3
    assert wide.office == ""
    assert "社会散居：1,651.00 元/月" in chongqing.message
    assert "社会散居：1,256.00 元/月" in before.message
    assert "参照孤儿基本生活费" in none.unrecorded
    assert not silent.programmes


def test_the_page_answers_at_once_and_writes_nothing_down(
    client_as: Any, cast: SimpleNamespace, loaded: Any
) -> None:
    client = client_as("director")
    page = client.get("/library/ask/").content.decode()
    assert "hx-post" in page
    answered = client.post("/library/ask/", {"q": "父母双亡", "area": WILLOW, "on": ""}).content.decode()
    for words in ("孤儿基本生活费", "带什么", "宣告死亡判决书", "短信", "标准尚未录入", "国办发〔2010〕54号"):
        assert words in answered
    part = client.post(
        "/library/ask/", {"q": "父母双亡", "area": WILLOW}, headers={"HX-Request": "true"}
    ).content.decode()
    assert part.strip().startswith('<div id="answers"')
    assert client.post("/library/ask/", {"q": "父" * 300}).status_code == 422
    assert client.post("/library/ask/", {"q": "父母双亡", "on": "去年"}).status_code == 422
    assert client.post("/library/ask/", {"q": "父母双亡", "area": "123"}).status_code == 422
    assert client.get("/library/ask/?q=父母双亡").content.decode().count("孤儿基本生活费") == 0, (
        "问话不进网址"
    )
