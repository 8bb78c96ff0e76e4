"""Accounts: made by the security administrator, first password changed, five wrong ones shut the door."""

from __future__ import annotations

import secrets
import time

import pytest

from .conftest import Person

pytestmark = pytest.mark.browser


def test_a_new_account_changes_its_first_password_before_anything_else(
    at_desk: Person, someone: Person
) -> None:
    """The first password is known to two people, so it opens nothing but its own change."""
    username = f"xin{secrets.token_hex(3)}"
    keeper = at_desk.signs_in("qianjiang.security").goes_to("账号管理").follows("新建账号")
    keeper.fills(name="新来的", username=username).presses("建立账号").sees("初始密码只显示这一次")
    first = keeper.reads(".secret code").strip()
    keeper.follows("完成").sees(username, "未修改").photographs("account")

    newcomer = someone.signs_in(username, first).sees("您正在使用初始密码")
    newcomer.opens("/children/").sees("您正在使用初始密码")
    chosen = f"Cun-{secrets.token_hex(6)}"
    newcomer.fills(oldpassword=first, password1=chosen, password2=chosen).presses("保存新密码")
    newcomer.does_not_see("您正在使用初始密码").sees("没有在岗岗位")


def test_five_wrong_passwords_lock_a_known_and_an_unknown_name_alike(
    at_desk: Person, someone: Person
) -> None:
    """Neither the words nor the moment of locking tell whether there is such an account."""

    def tries(person: Person, username: str) -> list[str]:
        said = []
        for _ in range(6):
            person.signs_in(username, f"wrong-{time.time()}")
            said.append(person.reads("[role=alert]"))
        return said

    known = tries(at_desk, "tiedong.rescue")
    unknown = tries(someone, f"nobody{secrets.token_hex(3)}")
    assert known == unknown
    assert "锁定 15 分钟" in known[-1]
    assert known[0] != known[-1]
    at_desk.signs_in("tiedong.rescue").sees("锁定 15 分钟")  # the right password does not help either


def test_the_system_administrator_sees_jobs_and_no_children(at_desk: Person) -> None:
    keeper = at_desk.signs_in("sysadmin").goes_to("后台任务").sees("后台任务")
    keeper.goes_to("事件投递").sees("没有未送达的事件")
    keeper.refused("/children/")


@pytest.mark.parametrize(
    "username",
    [
        "qianjiang.clerk",
        "qianjiang.rescue",
        "qianjiang.welfare",
        "qianjiang.office",
        "qianjiang.hotline",
        "chongqing.plan",
    ],
)
def test_every_entry_of_the_navigation_opens(at_desk: Person, username: str) -> None:
    """Nobody is offered a page that then refuses; and none has a console error or scrolls sideways."""
    person = at_desk.signs_in(username)
    links = person.page.get_by_role("navigation", name="主导航").get_by_role("link").all()
    for address in {link.get_attribute("href") or "" for link in links}:
        answer = person.page.goto(person.site.url + address)
        assert answer is not None
        assert answer.status == 200, address
