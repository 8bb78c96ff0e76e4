"""A passkey in a real Chromium, with the browser's own virtual authenticator: made, used three ways, lost, taken out."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from .conftest import PASSWORD, Person, Site
from .looking import faults

pytestmark = pytest.mark.browser

WHO = "qianjiang.security"
AGE = """
from django.contrib.sessions.models import Session
for one in Session.objects.all():
    data = one.get_decoded()
    if str(data.get("_auth_user_id")) == "{user}":
        for record in data["account_authentication_methods"]:
            record["at"] -= 3600
        one.session_data = Session.objects.encode(data)
        one.save()
"""


class Device:
    """What a laptop with a finger sensor does."""

    def __init__(self, person: Person) -> None:
        self.person = person
        # an address of numbers cannot have passkeys
        person.site = dataclasses.replace(person.site, url=person.site.url.replace("127.0.0.1", "localhost"))
        self.line = person.page.context.new_cdp_session(person.page)
        self.line.send("WebAuthn.enable")
        self.name = self._plug_in()

    def _plug_in(self) -> str:
        options = {
            "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
            "isUserVerified": True, "automaticPresenceSimulation": True,
        }  # fmt: skip
        added: dict[str, Any] = self.line.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        return str(added["authenticatorId"])

    def is_replaced(self) -> None:
        self.line.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": self.name})
        self.name = self._plug_in()

    def credentials(self) -> list[dict[str, Any]]:
        found: dict[str, Any] = self.line.send("WebAuthn.getCredentials", {"authenticatorId": self.name})
        return list(found["credentials"])


def signs_out(person: Person) -> Person:
    person.page.context.clear_cookies()
    return person.opens("/account/login/")


def time_passes(site: Site) -> None:
    """An hour since the last password, as far as the session knows."""
    code = (
        f"from hutong.foundation.accounts.models import User\nuser = User.objects.get(username='{WHO}').pk\n"
    )
    done = site.command("manage", "shell", "-c", code + AGE.replace('"{user}"', "str(user)"))
    assert done.returncode == 0, done.stderr


def test_a_passkey_from_its_making_to_its_loss(at_desk: Person, site: Site) -> None:
    device = Device(at_desk)
    keeper = at_desk.signs_in(WHO).opens("/account/").follows("设置两步验证").follows("登记通行密钥")
    keeper.fills(password=PASSWORD).presses("确认").sees("登记这台设备或钥匙")
    keeper.fills(name="办公室电脑").presses("登记这台设备或钥匙").sees("共 10 个")
    code = keeper.reads(".codes code").strip()
    assert [one["isResidentCredential"] for one in device.credentials()] == [True]

    # the key alone
    signs_out(keeper).presses("用通行密钥登录").sees("账号管理")

    # password first, the key as second step
    keeper.signs_in(WHO).sees("用验证码").presses("用通行密钥登录").sees("账号管理")

    # before what reaches far: what was typed is carried, the key answers
    keeper.opens("/access/people/").follows("新建账号").fills(name="赵新", username="zhao.passkey")
    time_passes(site)
    keeper.presses("建立账号").sees("这一操作影响较大").presses("用通行密钥确认并办理").sees(
        "初始密码只显示这一次"
    )

    # the device is gone: the new one has no key; a recovery code lets in, the old key goes out
    device.is_replaced()
    signs_out(keeper).presses("用通行密钥登录").sees("没有完成验证")
    keeper.signs_in(WHO).fills(code=code)
    keeper.main.get_by_role("button", name="登录", exact=True).click()
    keeper.sees("账号管理").opens("/account/2fa/").sees("还有 9 个没有用过")
    keeper.follows("管理通行密钥").sees("办公室电脑")
    assert faults(keeper.page, name="mfa_list_webauthn-one") == []
    keeper.follows("改名").fills(password=PASSWORD).presses("确认").sees("保存")
    assert faults(keeper.page, name="mfa_edit_webauthn") == []
    keeper.follows("取消").follows("移除").sees("移除")
    assert faults(keeper.page, name="mfa_remove_webauthn") == []
    keeper.presses("移除").sees("还没有登记通行密钥")
    assert keeper.problems == []


def test_an_address_of_numbers_says_why_there_is_no_passkey(at_desk: Person) -> None:
    at_desk.opens("/account/login/").presses("用通行密钥登录").sees("请用单位公布的域名访问")
