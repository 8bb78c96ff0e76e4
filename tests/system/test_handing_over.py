"""A village's director leaves for good: the work is never between two people, and the new one signs once trained."""

from __future__ import annotations

import re
import secrets
from datetime import date

import pytest

from .conftest import Person

pytestmark = pytest.mark.browser

TODAY = date.today()
SAID = "入户见到祖母和孩子，情况与名单一致，已看过证明。"
CHOSEN = f"Cun-{secrets.token_hex(6)}"


def work_of_a_village(county: Person) -> tuple[str, str]:
    """What is to be done and the village whose director has it; not the one everybody else's stories use."""
    county.opens("/work/supervise/")
    row = county.main.locator("tr").filter(has_text="核实线索").filter(has_not_text="华一坡").first
    village = re.search(r"(\S+?)儿童主任", row.inner_text())
    assert village
    return row.get_by_role("link").first.inner_text(), village.group(1)


def username(keeper: Person, name: str) -> str:
    keeper.opens("/access/people/").fills(q=name).presses("筛选")
    return keeper.main.get_by_role("link", name=re.compile(r"^\w+\.(cun|du)\d+$")).first.inner_text()


def new_account(keeper: Person, name: str) -> tuple[str, str]:
    """Made by the security administrator; the first password is handed over."""
    login = f"xin{secrets.token_hex(3)}"
    keeper.opens("/access/people/").follows("新建账号").fills(name=name, username=login).presses("建立账号")
    return login, keeper.reads(".secret code").strip()


def test_a_post_is_handed_over_twice_without_a_gap(
    at_desk: Person, someone: Person, on_phone: Person
) -> None:
    """R-14.05, R-33.01, WP-19, WP-20: to whoever stands in, then to the one appointed; what was open comes along both
    times; who is not trained reads and does not sign, until the training is registered."""
    keeper = someone.signs_in("yuzhong.security")
    county = at_desk.signs_in("yuzhong.county")
    work, village = work_of_a_village(county)
    county.opens("/network/").fills(q=village).presses("筛选").main.locator("tbody a").first.click()
    leaving = county.main.locator("td[data-label=任职人]").first.inner_text()
    county.follows(f"{village}儿童主任").sees("在任")
    post = county.page.url
    leaver, newcomer = username(keeper, leaving), "新任主任"
    login, first = new_account(keeper, newcomer)

    director = on_phone.signs_in(leaver).follows(work).sees("要做什么")
    lead = director.page.url
    director.opens("/handovers/").follows("请假或离任")
    deputy = director.main.locator("[name=to] option", has_text="儿童督导员").first
    standing_in = re.sub(r"（.*", "", deputy.inner_text())
    director.fills(kind="leaving", since=str(TODAY), to=deputy.get_attribute("value") or "", reason="调离")
    director.presses("提出").sees("待接手", re.compile(r"随岗位移交的待办（[1-9]"))
    handed = director.page.url
    director.opens("/").sees(work)  # until somebody takes over, it is hers

    supervisor = (
        at_desk.signs_in(username(keeper, standing_in))
        .opens(handed)
        .follows("接手")
        .in_the_drawer("接手")
        .sees("已交接")
    )
    supervisor.acts_as(f"{village}儿童主任").opens("/").sees(work)
    director.opens("/").sees("没有在岗岗位")

    county = someone.signs_in("yuzhong.county").opens(post).sees("代理").follows("交接或代理")
    county.fills(person=login, since=str(TODAY), reason="公开招聘").presses("登记").sees(newcomer)

    director = on_phone.signs_in(login, first).sees("您正在使用初始密码")
    director.fills(oldpassword=first, password1=CHOSEN, password2=CHOSEN).presses("保存新密码").sees(work)
    director.opens(lead).sees("暂不能提交")
    assert director.main.get_by_role("button", name="提交核实结果").count() == 0

    supervisor.acts_as(re.compile("儿童督导员")).opens("/workforce/?state=barred").follows("登记").fills(
        name=newcomer
    ).presses("保存")
    supervisor.sees("现在不能签署走访和报告").follows("登记培训考核")
    supervisor.fills(held_on=str(TODAY), organiser="区民政局", examined_on=str(TODAY), passed="1").presses(
        "保存"
    )
    supervisor.follows("登记背景查询").fills(done_on=str(TODAY), result="CLEAR", done_by="区公安局").presses(
        "保存"
    )
    supervisor.sees("资格有效")
    director.opens(lead).fills(answer="TRUE", words=SAID, seen="祖母").presses("提交核实结果")
    director.sees(re.compile("已提交.*的核实结果"))
