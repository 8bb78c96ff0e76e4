"""The unit's own identity provider in a real Chromium: linked, used with a second step, taken out, refused, down (ADR 0031)."""

from __future__ import annotations

import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import replace

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time

from hutong.foundation.accounts.tests.provider import CLIENT, SECRET, Provider, running

from .conftest import BIN, PASSWORD, ROOT, Person, Site

pytestmark = pytest.mark.browser

WHO, UNIT = "tiedong.security", "统一身份认证"


@pytest.fixture
def with_unit(site: Site) -> Iterator[tuple[Site, Provider]]:
    """A second web process over the same data, for which a provider is configured."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    secret = site.var / "oidc-secret"
    secret.write_text(SECRET)
    with running(f"{url}/account/oidc/callback/") as provider:
        environment = site.environment | {
            "HUTONG_OIDC_ISSUER": provider.issuer, "HUTONG_OIDC_CLIENT": CLIENT, "HUTONG_OIDC_NAME": UNIT,
            "HUTONG_OIDC_SECRET_FILE": str(secret), "HUTONG_TRACEBACKS": "0",
        }  # fmt: skip
        words = [str(BIN / "granian"), "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
                 "--no-access-log", "--log-level", "warning", "hutong.config.wsgi:application"]  # fmt: skip
        process = subprocess.Popen(words, env=environment, cwd=ROOT)
        try:
            _wait(f"{url}/health", process)
            yield replace(site, url=url, environment=environment), provider
        finally:
            process.terminate()
            process.wait(30)


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        assert process.poll() is None
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    pytest.fail("the second web process did not answer")


def goes_there(person: Person, button: str) -> None:
    """The page that leads on to the provider is gone before it can be looked at."""
    person.main.get_by_role("button", name=button).first.click()
    person.page.wait_for_url("**/interaction/**")


def signs_in_there(person: Person, name: str) -> Person:
    """On the provider's own pages: her name, any password, and that we may be told who she is."""
    page = person.page
    page.fill("[name=login]", name)
    page.fill("[name=password]", "any")
    page.click("[type=submit]")
    page.wait_for_load_state()
    page.click("[type=submit]")
    page.wait_for_url(f"{person.site.url}/**")
    return person


def code(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time()))))


def test_linked_used_and_taken_out(at_desk: Person, with_unit: tuple[Site, Provider]) -> None:
    at_desk.site, _ = with_unit
    keeper = at_desk.signs_in(WHO).opens("/account/").photographs("account-unlinked")
    goes_there(keeper, f"绑定{UNIT}")
    signs_in_there(keeper, "wang").sees("已绑定", "解除绑定")

    # the second step is asked as after a password
    keeper.opens("/account/2fa/totp/activate/")
    if keeper.main.locator("[name=password]").count():
        keeper.fills(password=PASSWORD).presses("确认")
    keeper.fills(code=code(keeper.reads("code").replace(" ", ""))).presses("启用").sees("恢复码")
    recovery = keeper.reads(".codes code").strip()
    keeper.page.context.clear_cookies()
    goes_there(keeper.opens("/account/login/").photographs("login-unit"), f"用{UNIT}登录")
    signs_in_there(keeper, "wang").sees("验证码").fills(code=recovery)
    keeper.main.get_by_role("button", name="登录", exact=True).click()
    keeper.sees("账号管理")

    # taken out: she is a stranger there again
    keeper.opens("/account/").photographs("account-linked").presses("解除绑定").answers("确定").sees("已解除")
    keeper.page.context.clear_cookies()
    goes_there(keeper.opens("/account/login/"), f"用{UNIT}登录")
    signs_in_there(keeper, "wang").sees("还没有绑定本系统的账号")
    assert keeper.problems == []


def test_somebody_not_linked_is_told_how(at_desk: Person, with_unit: tuple[Site, Provider]) -> None:
    at_desk.site, provider = with_unit
    goes_there(at_desk.opens("/account/login/"), f"用{UNIT}登录")
    signs_in_there(at_desk, "li").sees("还没有绑定本系统的账号", "请先用用户名和密码登录")
    provider.stop()
    at_desk.opens("/account/login/").presses(f"用{UNIT}登录").sees("现在没有正常应答")
    at_desk.signs_in("qianjiang.auditor").sees("审计")
    assert at_desk.problems == []
