"""The village's child director, on a phone: from the lead on the home page to the verdict."""

from __future__ import annotations

import re

import pytest

from .conftest import Person

pytestmark = pytest.mark.browser

SAID = "入户见到祖母和孩子，父亲死亡证明已看过，母亲在外地治病，孩子现由祖母照料。"


def open_lead(person: Person, kind: str) -> str:
    """Opens a lead of this kind that waits for a verdict; the child's name."""
    person.page.goto(f"{person.site.url}/leads/")
    person.main.locator("ul.worklist a", has_text=kind).first.click()
    person.sees("要做什么")
    return person.reads("h1").split("：")[0].strip()


def test_a_lead_is_found_understood_and_answered(on_phone: Person, someone: Person) -> None:
    """R-02.01, R-24.04: home → lead → why → file → back → verdict; once, whatever the fingers do."""
    director = on_phone.signs_in("qianjiang.director").sees("我的工作").photographs("home")
    name = open_lead(director, "疑似应保未保")
    lead = director.page.url
    director.main.locator("details.why summary").click()
    director.sees("符合", re.compile("渝民|民发|国发|办法|通知|意见")).photographs(
        "director-lead", tallest=1900
    )

    director.follows("打开档案").sees("当前安全", "监护人和联系").photographs("child-on-phone")
    director.page.go_back()
    director.sees("要做什么")

    director.fills(answer="TRUE", words=SAID).presses("提交核实结果")
    director.sees("请写明见到了谁。")
    assert director.main.locator("[name=words]").input_value() == SAID, "what was typed is still there"
    assert director.main.locator("[name=answer][value=TRUE]").is_checked()

    director.page.reload()
    assert director.page.url == lead, "the page it was typed on, nothing to send again"
    assert director.main.locator("[name=words]").input_value() == SAID, "reloading loses nothing"

    director.fills(seen="祖母和儿童本人")
    director.main.get_by_role("button", name="提交核实结果").dblclick()
    director.page.wait_for_url(lambda url: url != lead and "/verdict/" not in url)
    director.sees(f"已提交 {name} 的核实结果：属实。")

    director.page.go_back()
    if (again := director.main.get_by_role("button", name="提交核实结果")).count():
        again.click()
        director.page.wait_for_load_state()
    director.opens(lead).sees("核实结果：属实", SAID)
    assert director.reads("#history").count("属实") == 1, "one verdict, not two"

    decided_by_the_county(someone, lead)
    director.opens(lead).sees("已通知家庭准备材料")


def decided_by_the_county(officer: Person, lead: str) -> None:
    """R-24.04: what was confirmed is decided, with the way it goes on."""
    officer.signs_in("qianjiang.county").opens(lead).sees(SAID)
    officer.fills(code="APPLY", words="已通知家庭准备材料，由街道受理。").presses("提交处理")
    officer.sees("已处理", "已通知家庭准备材料")


def test_a_lost_connection_keeps_the_form_and_says_so(on_phone: Person) -> None:
    director = on_phone.signs_in("qianjiang.director")
    open_lead(director, "急需关爱")
    director.fills(answer="PENDING", words="信号不好，先记下：邻居说孩子在外婆家。", seen="邻居")
    director.page.context.set_offline(True)
    director.presses("提交核实结果").sees("网络中断，内容已保留，请稍后重试。")
    assert "外婆家" in director.main.locator("[name=words]").input_value()
    director.page.context.set_offline(False)

    director.page.reload()  # the phone was put away, the page came back
    director.sees("已恢复上次未提交的内容")
    assert "外婆家" in director.main.locator("[name=words]").input_value()
    director.presses("提交核实结果").sees("请填写下次核实日期")


def test_the_directors_pages_fit_a_phone(on_phone: Person) -> None:
    """Nothing scrolls sideways at 390 points."""
    director = on_phone.signs_in("qianjiang.director")
    for path in (
        "/",
        "/leads/",
        "/leads/all/",
        "/children/",
        "/messages/",
        "/network/",
        "/policy/",
        "/account/",
    ):
        assert director.opens(path).page.url.endswith(
            path
        )  # `opens` also looks that nothing hangs over the edge
