"""What comes in and goes out at the desks: a ledger taken, a department's list, its key, a year's list of places."""

from __future__ import annotations

import csv
import re
import secrets
from datetime import date, timedelta
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from hutong.kernel import ids

from .conftest import ROOT, Person
from .test_county_officer import stat, written

pytestmark = pytest.mark.browser

TODAY = date.today()
PLACES = ROOT / "src/hutong/foundation/network/data/demo_areas.csv"


def test_a_ledger_leaves_with_a_purpose_and_a_second_yes(
    at_desk: Person, someone: Person, tmp_path: Path
) -> None:
    """R-03.03, TM-06: above the cap another person approves; the file names who took it on every page; the auditor reads who
    took how many for what, and no child."""
    county = at_desk.signs_in("qianjiang.county").opens("/ledgers/")
    county.fills(kind="all").presses("查看").sees(re.compile("共 [0-9,]+ 人"))
    child = county.main.locator("tbody a").first.inner_text()
    county.follows("导出整本").sees("须由另一人批准").presses("提交申请").sees("请写明用途说明。")
    purpose = f"季度会商核对{secrets.token_hex(3)}"
    county.fills(form="xlsx", purpose="MEETING", words=purpose).presses("提交申请").sees("待批准", purpose)
    assert county.main.get_by_role("button", name="下载文件").count() == 0
    request = county.page.url
    number = county.reads("h1").split()[-1]

    second = someone.signs_in("qianjiang.county2").opens(request)
    second.fills(event="approve", note="用途属实").presses("提交")
    for _ in range(60):
        if county.opens(request).main.get_by_role("button", name="下载文件").count():
            break
        county.page.wait_for_timeout(1000)
    with county.page.expect_download() as waiting:
        county.main.get_by_role("button", name="下载文件").click()
    waiting.value.save_as(tmp_path / "台账.xlsx")
    sheet = CalamineWorkbook.from_path(str(tmp_path / "台账.xlsx")).get_sheet_by_index(0).to_python()
    text = "\n".join(str(cell) for row in sheet for cell in row)
    assert child in text
    assert number in text, "whose copy it is stands in it"
    assert not re.search(r"\b\d{17}[\dX]\b", text), "numbers are masked"
    county.opens(request).sees("取件记录").does_not_see("还没有人取件")

    auditor = someone.signs_in("qianjiang.auditor").opens("/access/log/reads/").sees(number)
    auditor.does_not_see(child)
    auditor.refused(request)


def test_a_clerk_delivers_a_list_and_another_lets_it_in(
    at_desk: Person, someone: Person, tmp_path: Path
) -> None:
    """R-24.01: the department's own template, one good and one bad line; the county confirms, the clerk sees the receipt."""
    clerk = at_desk.signs_in("qianjiang.gongan").opens("/exchange/")
    row = clerk.main.locator("tr", has_text="死亡人员")
    with clerk.page.expect_download() as waiting:
        row.get_by_role("link", name="xlsx").click()
    waiting.value.save_as(tmp_path / "模板.xlsx")
    head, example = (
        CalamineWorkbook.from_path(str(tmp_path / "模板.xlsx")).get_sheet_by_index(0).to_python()[:2]
    )
    good = dict(zip(map(str, head), map(str, example), strict=True))
    good |= {
        "姓名": "试报甲",
        "身份证号": ids.make("500199", date(1980, 5, 1), secrets.randbelow(999)),
        "性别": "",
        "出生日期": "1980-05-01",
    }
    bad = good | {"姓名": "", "身份证号": "", "出生日期": "1980-05-02"}
    clerk.opens("/exchange/upload/?list=deaths")
    clerk.fills(file=written(tmp_path / "死亡人员.xlsx", [good, bad])).presses("上传并检查")
    clerk.sees("待确认", within=60)
    assert (stat(clerk, "通过"), stat(clerk, "退回")) == (1, 1)
    assert clerk.main.get_by_role("button", name=re.compile("确认导入")).count() == 0
    county = someone.signs_in("qianjiang.county").opens(clerk.page.url)
    county.presses(re.compile("确认导入 1 行")).sees("已确认")
    clerk.opens(clerk.page.url).sees("已确认")


def test_a_department_gets_a_key_that_is_shown_once(at_desk: Person, someone: Person) -> None:
    """R-24.02, TM-09: agreed, asked for, let in by the security administrator; shown once; cut off at once."""
    county = at_desk.signs_in("qianjiang.county").opens("/door/").follows("登记部门系统")
    county.presses("登记").sees("请选择部门。")
    system = f"户籍注销系统{secrets.token_hex(3)}"
    county.main.locator("[name=org]").select_option(label="黔江区公安局")
    county.fills(
        name=system, lists="deaths", purpose="儿童福利季度比对", basis="民发〔2020〕125号", agreement="协 7",
        until=str(TODAY + timedelta(days=300)),
    ).presses("登记").sees("还没有密钥。")  # fmt: skip
    page = county.page.url
    county.presses("提交申请").sees("私钥只显示这一次")
    secret = county.reads("pre.secret")
    county.page.reload()  # sends the form once more
    county.sees("已有一把密钥待批准").opens(page).does_not_see(secret.splitlines()[-2]).sees("待批准")
    assert county.main.get_by_role("button", name="批准启用").count() == 0, "not by who asked"

    keeper = (
        someone.signs_in("qianjiang.security").opens(page).presses("批准启用").answers("确定").sees("已启用")
    )
    county.opens(page).main.locator("summary", has_text="吊销").click()
    county.main.locator("[name=reason]:visible").fill("对方服务器遗失。")
    county.presses("立即吊销").answers("确定").sees("已吊销")
    keeper.opens(page).sees("已吊销", "对方服务器遗失")
    someone.signs_in("yuzhong.county").refused(page)


def test_the_years_list_of_places_is_a_difference_two_people_apply(
    at_desk: Person, someone: Person, tmp_path: Path
) -> None:
    """N12, R-01.03: loaded as a difference, decided line by line, confirmed by another, then in force everywhere."""
    town, village = "500114251000", "500114251201"
    with PLACES.open(encoding="utf-8") as file:
        rows = [
            one
            for one in csv.DictReader(line for line in file if line[0] != "#")
            if one["code"][:9] == town[:9]
        ]
    new = f"龙桥{secrets.choice('东西南北中')}{secrets.choice('一二三四五六七')}村"
    listed = tmp_path / "区划.csv"
    lines = [f"{one['code']},{new if one['code'] == village else one['name']}" for one in rows]
    listed.write_text("\n".join(["code,name", *lines, "500114251288,新设村"]) + "\n", encoding="utf-8")

    county = at_desk.signs_in("qianjiang.county").opens("/places/").follows("比对新清单")
    county.fills(
        file=str(listed),
        within="水田乡",
        title="年度区划",
        source="示例民〔2026〕9 号",
        effective_on=str(TODAY),
    ).presses("比对").sees(new, "新设村", "待决定")
    change = county.page.url
    county.follows("提交").in_the_drawer("提交").sees(re.compile("请逐行处理|还有|待决定"))
    county.opens(change).presses("采纳没有疑问的建议").sees("更名", "新设")
    county.follows("提交").in_the_drawer("提交")
    assert county.opens(change).main.get_by_role("link", name="确认").count() == 0, "not by who decided"

    second = (
        someone.signs_in("qianjiang.county2")
        .opens(change)
        .follows("确认")
        .in_the_drawer("确认")
        .sees("已生效")
    )
    second.opens(f"/places/of/{village}/").sees(new, "龙桥")
