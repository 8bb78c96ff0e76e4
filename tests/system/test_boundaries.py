"""What people must not see: another county's children, others' lists, the content behind a reading."""

from __future__ import annotations

import re

import pytest

from .conftest import Person

pytestmark = pytest.mark.browser


def a_child_of_qianjiang(person: Person) -> tuple[str, str]:
    """Name and address of a file, as the county's officer reads it."""
    person.signs_in("qianjiang.county").opens("/leads/all/")
    person.main.locator("table td a").first.click()
    person.says_why().follows("打开档案").sees("当前安全")
    return person.reads("h1").split()[0], person.page.url


def test_the_neighbouring_countys_director_finds_nothing(at_desk: Person, on_phone: Person) -> None:
    """R-46.01: neither by name nor by the whole address; and the page does not say that there is something."""
    name, address = a_child_of_qianjiang(at_desk)
    neighbour = on_phone.signs_in("yuzhong.director").opens("/children/").fills(q=name).presses("查找")
    assert neighbour.main.locator(f"a[href='{address.removeprefix(neighbour.site.url)}']").count() == 0
    refused = neighbour.refused(address)
    neighbour.sees("没有找到您要的内容").does_not_see(name).photographs("not-found", tallest=700)
    assert refused == neighbour.refused(re.sub(r"[^/]+/$", "aaaaaaaaaaaaaaaa/", address)), (
        "one that never was"
    )


def test_the_auditor_sees_who_looked_and_not_what_stood_there(at_desk: Person, someone: Person) -> None:
    """R-46.01: reader, post, file number, purpose; the child's name and the files themselves stay shut."""
    name, address = a_child_of_qianjiang(at_desk)
    auditor = someone.signs_in("qianjiang.auditor").goes_to("查阅和变更日志")
    auditor.sees("黔江区民政局儿童福利科", "档案", "部门协查来函核对情况").does_not_see(name).photographs(
        "audit-reads", tallest=900
    )
    auditor.refused(address)
    auditor.opens("/access/log/changes/").sees("变化的字段").does_not_see(name)


def test_a_departments_clerk_sees_only_its_own_lists(at_desk: Person) -> None:
    clerk = at_desk.signs_in("qianjiang.gongan").goes_to("数据清单").opens("/exchange/batches/")
    clerk.sees("死亡人员")
    texts = clerk.main.locator("tbody td:nth-child(3)").all_inner_texts()
    assert {text.strip() for text in texts} == {"公安"}
    for shut in ("/children/", "/leads/all/", "/work/supervise/", "/access/people/"):
        clerk.refused(shut)


def test_a_sealed_list_stays_with_its_keeper(at_desk: Person) -> None:
    """R-46.02: the police clerk's catalogue does not even name the sealed list."""
    at_desk.signs_in("qianjiang.gongan").goes_to("数据清单").sees("死亡人员").does_not_see("艾滋病")
