"""The public self-check: likely or not to be told yet, help first, and nothing of it kept anywhere (R-43.02; TM-21)."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from hutong.domains.outreach.self_check import answers, forms
from hutong.domains.outreach.self_check.limits import SECONDS, Limits
from hutong.domains.outreach.views import self_check
from hutong.kernel import clock

PAGE = "/outreach/self-check/"
TODAY = date(2026, 10, 12)
ORPHAN = {
    "year": "2016", "month": "5", "area": "50", "father": "dead", "mother": "dead", "lives_with": "grandparents",
    "school": "primary", "disabled": "no", "autism": "no", "ill": "no", "low_income": "none",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(self_check, "LIMITS", Limits())
    with clock.frozen(TODAY):
        yield


def ask(client: Client | None = None, *, step: int = 3, **said: Any) -> Any:
    return (client or Client(enforce_csrf_checks=True)).post(PAGE, {**ORPHAN, **said, "step": str(step)})


def text(answer: Any) -> str:
    return unescape(answer.content.decode())


def test_step_by_step_without_script_to_what_may_be_due() -> None:
    first = text(Client().get(PAGE))
    assert "不保存、不记录" in first
    assert "姓名" not in first.replace("不问姓名和证件号码", "")
    second = text(ask(step=1))
    assert "父母的情况" in second
    assert 'type="hidden" name="year" value="2016"' in second
    assert "孩子的健康" in text(ask(step=2))
    page = text(ask())
    for words in (
        "可能符合：孤儿基本生活费", "父亲已经去世", "1,651.00 元/月", "乡镇人民政府（街道办事处）", "要带的材料", "户口簿", "data-print", "民发〔2010〕161号",
    ):  # fmt: skip
        assert words in page
    assert "父母的情况" in text(ask(step=3, back="1")), "one step back"
    assert "孩子的健康" in text(ask(step=4, back="1")), "back from the result"


def test_what_is_not_answered_is_asked_again_with_the_rest_kept() -> None:
    answer = ask(step=1, year="")
    assert (answer.status_code, "请选择一项" in text(answer)) == (422, True)
    assert ask(step=1, year="2026", month="12").status_code == 422, "not born yet"
    assert ask(step="zzz").status_code == 200  # type: ignore[arg-type]
    assert ask(father="<script>").status_code == 422
    assert "<script>" not in ask(father="<script>").content.decode().split("<main")[1]


def test_not_sure_is_not_no() -> None:
    """A family that does not know is told what to find out, and of both outcomes neither is taken from it."""
    page = text(ask(mother="prison", mother_long="unknown"))
    assert "还不能判断：事实无人抚养儿童补贴" in page
    assert "母亲的刑期（期限）是不是半年以上" in page
    assert "可能符合：事实无人抚养儿童补贴" in text(ask(mother="prison", mother_long="yes"))
    assert "还不能判断：孤儿基本生活费" in text(ask(mother="unknown"))
    lost = text(ask(mother="lost", mother_long="yes"))
    assert "还不能判断：事实无人抚养儿童补贴" in lost, "the police receipt decides"
    of_age = text(ask(year="2008", month="10"))
    assert "还不能判断：孤儿基本生活费" in of_age
    assert "孩子出生的具体日期" in of_age


@pytest.mark.parametrize(
    "said", [{"danger": ["hurt"]}, {"danger": ["left", "alone"]}, {"lives_with": "alone"}]
)
def test_danger_shows_help_before_anything_else(said: dict[str, Any]) -> None:
    page = text(ask(**said)).split("<main")[1]
    assert page.index("<b>110</b>") < page.index("可能符合")
    assert "12345" in page[: page.index("可能符合")]


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_whatever_is_answered_nobody_is_sent_away(data: st.DataObject) -> None:
    said: dict[str, Any] = {}
    with clock.frozen(TODAY):
        for _, kind in forms.STEPS:
            for name, field in kind().fields.items():
                keys = [key for key, _ in field.choices if key or not field.required]  # type: ignore[attr-defined]
                chosen = (
                    st.lists(st.sampled_from(keys), unique=True)
                    if name == "danger"
                    else st.sampled_from(keys)
                )
                said[name] = data.draw(chosen, label=name)
        said |= {"year": "2015"}
        found = answers.check(said, TODAY)
        page = text(ask(**said))
    assert page.count("可能符合：") == sum(one.likely.sure for one in found)
    assert "不符合" not in page
    assert "请和他们联系" in page
    assert all(one.needs or one.likely.sure or one.likely.values for one in found)


def test_nothing_is_kept(client_as: Any, caplog: pytest.LogCaptureFixture) -> None:
    """No statement reaches the database, no line the logs, no cookie the browser, no answer an address or a header; and an
    official's browser is nobody here."""
    caplog.set_level(logging.DEBUG)
    with CaptureQueriesContext(connection) as queries:
        for client in (Client(enforce_csrf_checks=True), client_as("director")):
            queries_before = len(queries.captured_queries)
            caplog.clear()
            for answer in (client.get(PAGE), ask(client), ask(client, year=""), ask(client, danger=["hurt"])):
                assert "sessionid" not in answer.cookies
                assert not answer.cookies
                assert answer.headers["Cache-Control"] == "no-store"
                said = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
                assert not any(value in said for value in ("grandparents", "dead", "2016"))
                assert "Location" not in answer.headers
                assert "柳村" not in text(answer)
            assert len(queries.captured_queries) == queries_before
            assert [
                one.getMessage() for one in caplog.records if one.name.startswith(("django", "hutong"))
            ] == []


def test_another_site_gets_no_answer_and_too_many_are_slowed_down(monkeypatch: pytest.MonkeyPatch) -> None:
    client = Client()
    foreign = client.post(PAGE, {**ORPHAN, "step": "3"}, headers={"Origin": "https://example.org"})
    assert (foreign.status_code, "孤儿基本生活费" in text(foreign)) == (403, False)
    assert (
        client.post(PAGE, {**ORPHAN, "step": "3"}, headers={"Origin": "http://testserver"}).status_code == 200
    )
    monkeypatch.setattr(self_check, "LIMITS", Limits(each=1))
    assert [ask().status_code, ask().status_code] == [200, 429]
    assert "12345" in text(ask())


def test_limits_forget() -> None:
    moment = [0.0]
    limits = Limits(each=2, all_together=3, now=lambda: moment[0])
    assert [limits.take("a"), limits.take("a"), limits.take("a"), limits.take("b"), limits.take("c")] == [
        True, True, False, True, False,
    ]  # fmt: skip
    moment[0] = SECONDS + 1.0
    assert limits.take("a")
    assert b"a" not in vars(limits)["_lately"], "only a digest is kept in mind"
