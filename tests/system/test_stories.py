"""What each role does with the newer parts of the house, with a mistake on the way and the back button pressed once."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from .conftest import Person

pytestmark = pytest.mark.browser


def a_file(person: Person, username: str) -> tuple[str, str, str]:
    """Name, file number and address of a child of a lead, as somebody of the place reads them."""
    person.signs_in(username).opens("/leads/all/")
    person.main.locator("table td a").last.click()
    person.says_why().follows("打开档案").says_why().sees("当前安全")
    number = re.search(r"H\d{10,}", person.page.inner_text("main"))
    assert number
    return person.reads("h1").split()[0], number.group(), person.page.url


def test_an_emergency_opens_a_file_elsewhere_and_its_county_looks_into_it(
    at_desk: Person, someone: Person, on_phone: Person
) -> None:
    """R-46.04: name and number must fit, the file is only read, a banner stays until it is ended, and the child's own
    county reviews it; the auditor sees that it happened."""
    name, number, address = a_file(someone, "qianjiang.county")
    helper = at_desk.signs_in("tiedong.county").opens("/emergency/open/")
    helper.fills(
        reason="HOSPITAL", number=number, name="不是这个名字", words="在我区医院急诊，需要联系监护人"
    )
    helper.presses("立即打开").sees(re.compile("没有找到|不一致|不符"))
    helper.fills(name=name).presses("立即打开").sees(name, "当前安全", re.compile("紧急查阅.*至|紧急查阅"))
    assert helper.page.locator("main .banner.running").count() == 1, (
        "everybody at the screen sees that it is open"
    )
    opened = helper.page.url
    helper.opens("/").page.go_back()
    helper.sees("当前安全")
    helper.page.locator("main .banner.running").get_by_role("button", name="结束").click()
    helper.page.wait_for_load_state()
    helper.refused(opened)

    helper.opens("/emergency/").main.locator("tbody a").first.click()
    helper.sees("待复核", number)
    county = someone.opens(helper.page.url)
    county.presses("情况属实").sees("此项必填。")
    county.fills(words="已与医院社工核实，确需联系监护人。").presses("情况属实").sees("已与医院社工核实")
    auditor = on_phone.signs_in("qianjiang.auditor").opens("/emergency/").sees(number).does_not_see(name)
    auditor.refused(address)


def test_leave_that_ends_before_it_begins_is_refused(at_desk: Person) -> None:
    """R-14.05: the dates are checked, and what was typed stays."""
    director = at_desk.signs_in("qianjiang.rescue").opens("/handovers/")
    director.follows("请假或离任").sees("事项")
    begins = date.today() + timedelta(days=20)
    director.fills(since=str(begins), until=str(begins - timedelta(days=5)), reason="外出培训")
    director.presses(re.compile("提交|提出")).sees(re.compile("晚于|早于"))
    assert director.main.locator("[name=reason]").input_value() == "外出培训"


def test_the_city_reads_figures_and_rules_and_no_children(at_desk: Person) -> None:
    """R-45.02: the plan officer has figures down to a county, the policy packs, and no file."""
    officer = at_desk.signs_in("chongqing.plan").goes_to("线索统计").sees("漏斗")
    officer.goes_to("政策包").main.locator("a[href*='/policy/']").first.click()
    officer.sees("参数和标准").page.go_back()
    officer.sees("政策包")
    officer.refused("/children/")
    officer.refused("/leads/all/")


def test_nobody_is_named_for_a_sealed_list_without_a_reason(at_desk: Person, someone: Person) -> None:
    """R-46.02: an empty proposal names nobody; the security administrator keeps the list and sees nothing of it."""
    county = at_desk.signs_in("qianjiang.county").opens("/sealed/people/").follows("提名").sees("专管类别")
    county.presses(re.compile("提名|提交")).sees("未能保存")
    county.page.go_back()
    county.opens("/sealed/people/").sees("没有待确认的提名。")
    keeper = (
        someone.signs_in("qianjiang.security").opens("/sealed/people/").sees("在名单", "艾滋病病毒感染儿童")
    )
    keeper.refused("/sealed/")


def test_the_auditor_checks_the_chain_and_the_openings(at_desk: Person) -> None:
    """R-46.05: the log's checkpoints and who opened what, never the content."""
    auditor = (
        at_desk.signs_in("qianjiang.auditor").opens("/access/log/chain/").sees(re.compile("存证|校验|检查点"))
    )
    auditor.opens("/access/log/reads/").page.go_back()
    auditor.sees(re.compile("存证|校验|检查点"))
    auditor.refused("/children/")
