"""A file set right: corrected by two, moved by two, taken for another and parted again, closed to all but two."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from .conftest import Person
from .test_county_officer import picture

pytestmark = pytest.mark.browser

TODAY = date.today()


def files_of(director: Person, village: str) -> list[tuple[str, str]]:
    """Name and address of the files in care at a village, as its director finds them; none with something going on."""
    director.opens(f"/children/?area={village}").sees("查找结果")
    rows = director.main.locator("tbody tr", has_text="在管").all()
    links = [row.get_by_role("link").first for row in rows]
    return [(link.inner_text(), link.get_attribute("href") or "") for link in links]


def number(person: Person) -> str:
    """The file number of the page they have before them."""
    found = re.search(r"H\d{10,}", person.page.inner_text("main"))
    assert found
    return found.group()


def test_a_name_is_corrected_by_two_people(at_desk: Person, someone: Person, tmp_path: Path) -> None:
    """R-03.05: the paper first, then handed in; who proposed cannot agree, nor can the township; the county does."""
    director = at_desk.signs_in("qianjiang.cun001007")
    name, file = files_of(director, "500114001007")[0]
    director.opens(file).says_why().follows("申请更正")
    director.main.locator("[name=part][value=name]").check()
    director.presses("下一步：填写正确内容").fills(name=f"{name}华", reason="户口簿上还有一个字。")
    director.presses("保存，去核对和传材料").sees("还缺 1 份材料", f"{name}华")
    assert director.main.get_by_role("button", name="提交审批").count() == 0
    director.follows("上传户口簿").in_the_drawer("上传", file=picture(tmp_path / "户口簿.png"))
    director.sees("材料已齐").presses("提交审批").sees("已提交审批")
    assert director.main.get_by_role("button", name="同意更正").count() == 0, "not by who proposed"
    proposal = director.page.url

    county = someone.signs_in("qianjiang.supervisor").opens(proposal).says_why().sees(f"{name}华")
    assert county.main.get_by_role("button", name="同意更正").count() == 0, "identity is the county's"
    county.signs_in("qianjiang.county").opens(proposal).says_why().presses("同意更正").sees(
        "档案已改为申请的内容"
    )
    director.opens(file).sees(f"{name}华", "在管")


def test_a_child_moves_and_both_answer_until_she_is_received(at_desk: Person, someone: Person) -> None:
    """R-01.04, R-03.06: the sender proposes, the receiver confirms; until then both see the file, then only the receiver."""
    sender = at_desk.signs_in("qianjiang.cun001002")
    name, file = files_of(sender, "500114001002")[0]
    sender.opens(file).says_why().follows("办理转移").in_the_drawer(
        "提交",
        what="both",
        to_area="下坝社区",
        moved_on=str(TODAY),
        reason="PARENTS",
        words="随父母搬到下坝社区居住。",
    ).sees("待接收")
    move = sender.page.url

    receiver = someone.signs_in("qianjiang.cun001005").opens("/").sees(re.compile(name))
    receiver.opens(move).follows("打开档案").sees("当前安全")
    sender.opens(file).sees("当前安全")
    receiver.opens(move).follows("接收").in_the_drawer("接收").sees("现在由您负责")
    receiver.opens(file).sees("当前安全", "下坝社区")
    sender.refused(file)
    sender.opens(move).sees("档案已由接收方负责")


def test_two_files_of_one_child_are_made_one_and_two_again(at_desk: Person, someone: Person) -> None:
    """R-03.07: seen side by side, asked by one, confirmed by another; each address leads to the one kept; and back."""
    director = at_desk.signs_in("qianjiang.cun001006")
    name, file = files_of(director, "500114001006")[0]
    said = director.opens(file).says_why().reads("#identity")
    birth = re.search(r"\d{4}-\d{2}-\d{2}", said)
    assert birth
    director.opens("/children/").fills(q=name).presses("查找").presses("不在其中，新建")
    director.fills(name=name, sex="1" if "男" in said else "2", birth_date=birth.group(), id_kind="NONE")
    director.presses("保存并提交审核").sees("可能已有档案")
    for field in director.main.locator("input[name^=judge-]").all():
        field.fill("村民说是另一个孩子")
    director.presses("保存并提交审核").sees("待审核")
    twin = director.page.url
    director.opens("/children/pairs/?tab=different").main.get_by_role(
        "link", name=re.compile(name)
    ).first.click()
    pair = director.page.url

    county = someone.signs_in("qianjiang.county").opens(pair)
    county.main.locator("summary", has_text="判断有误").click()
    county.main.locator("#reason-reopen").fill("两份的出生日期和父母一致。")
    county.presses("重新核对").sees("待核对")
    director.opens(pair).sees("对照").main.locator("#reason-ask").fill("已见到本人，户口簿上只有一个孩子。")
    director.presses("同一人，申请合并").sees("等另一人确认")
    assert director.main.get_by_role("button", name="确认合并").count() == 0, "not by who asked"
    county.opens(pair).presses("确认合并").sees("已合并")
    assert len({number(director.opens(one)) for one in (file, twin)}) == 1

    county.opens(pair).main.locator("summary", has_text="合并错了").click()
    county.main.locator("#reason-split").fill("派出所查明是双胞胎，另有出生证明。")
    county.presses("拆分还原").sees("已拆分")
    assert len({number(director.opens(one)) for one in (file, twin)}) == 2


def finds_nothing(person: Person, name: str, *addresses: str) -> None:
    nothing = person.refused("/children/aaaaaaaaaaaaaaaa/")
    assert [person.refused(one) for one in addresses] == [nothing] * len(addresses)
    person.opens("/children/").fills(q=name).presses("查找")
    assert person.main.locator(f"a[href='{addresses[0]}']").count() == 0


def test_a_whole_file_is_closed_to_all_but_the_named(
    at_desk: Person, someone: Person, on_phone: Person
) -> None:
    """R-46.02, R-46.03, TM-01: the named person reads it; the director who knew her, a colleague who is not named and a
    stranger find nothing, by search, list or address, and are told no more than of a file that never was."""
    director = on_phone.signs_in("qianjiang.cun001005")
    name, file = files_of(director, "500114001005")[0]
    card = f"/sealed/of/{file.rstrip('/').rsplit('/', 1)[1]}/adoption/"

    named = at_desk.signs_in("qianjiang.county2").opens(file).says_why().sees("当前安全")
    named.opens(card).fills(purpose="CASE", words="收养登记核对").presses("查阅")
    named.follows("整份档案转入专管").fills(reason="已收养，原籍不得知悉。").presses("转入专管").sees(
        "已转入专管"
    )

    finds_nothing(director, name, file, card)
    assert file not in [address for _, address in files_of(director, "500114001005")]
    for username in ("qianjiang.supervisor", "yuzhong.county"):
        finds_nothing(someone.signs_in(username), name, file, card)

    named.opens(card).fills(purpose="CASE", words="安排走访").presses("查阅").sees(
        "整份专管", "监护方式", name
    )
    named.signs_in("qianjiang.county").opens(card).fills(purpose="CASE", words="复核").presses(
        "查阅"
    ).follows("解除")
    named.fills(reason="登记撤销，恢复日常管理。").presses("解除").sees("恢复日常管理")
    director.opens(file).sees(name)
