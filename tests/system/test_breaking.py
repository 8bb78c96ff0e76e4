"""The pages for what goes wrong, looked at like every other: served by a process that has lost its database."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from .looking import faults

pytestmark = pytest.mark.browser

SERVER = """
import sys, django
django.setup()
from django.conf import settings
settings.ROOT_URLCONF = "hutong.delivery.web.tests.breaking"
from wsgiref.simple_server import make_server
from hutong.config.wsgi import application
make_server("127.0.0.1", int(sys.argv[1]), application).serve_forever()
"""
PAGES = {
    "/breaking/400/": (400, "请求读不出来"),
    "/breaking/403/": (403, "没有权限"),
    "/breaking/404/": (404, "没有找到"),
    "/messages/read/": (405, "不能直接打开"),
    "/breaking/409/": (409, "现在不能办理"),
    "/breaking/413/": (413, "内容过大"),
    "/breaking/429/": (429, "操作过于频繁"),
    "/breaking/500/": (500, "系统出错"),
}


@pytest.fixture
def without_database() -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    environment = os.environ | {
        "DATABASE_URL": "postgresql://hutong_web:x@127.0.0.1:1/hutong", "DJANGO_SETTINGS_MODULE": "hutong.config.settings",
        "HUTONG_TRACEBACKS": "0",
    }  # fmt: skip
    process = subprocess.Popen(
        [sys.executable, "-c", SERVER, port],
        env=environment,
        stderr=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(200):
            try:
                urllib.request.urlopen(url + "/account/inactive/", timeout=5)
                break
            except OSError:
                assert process.poll() is None, "the server ended"
                time.sleep(0.1)
        yield url
    finally:
        process.terminate()
        process.wait(20)


def test_every_page_that_says_what_went_wrong(browser: Browser, without_database: str) -> None:
    """GB/T 37668: clean by axe-core at both widths, one sentence, a way on, and no word from inside."""
    context = browser.new_context(locale="zh-CN")
    page = context.new_page()
    wrong = [one for address, told in PAGES.items() for one in _look(page, without_database + address, *told)]
    page.goto(without_database + "/account/inactive/")
    page.evaluate(
        "document.querySelector('main').innerHTML = '<form method=post><button>送出</button></form>'"
    )
    with page.expect_navigation():
        page.click("main button")
    wrong += _words(page, "页面已过期")
    context.add_cookies([{"name": "sessionid", "value": "s" * 32, "url": without_database}])
    wrong += _look(page, without_database + "/", 503, "系统暂时不能使用")
    context.close()
    assert wrong == []


def _look(page: Page, address: str, status: int, title: str) -> list[str]:
    answer = page.goto(address)
    assert answer is not None
    assert answer.status == status, address
    return _words(page, title)


def _words(page: Page, title: str) -> list[str]:
    assert page.inner_text("h1") == title
    said = page.inner_text("main")
    assert not re.search(r"[A-Za-z]{4,}", said), said
    assert page.get_by_role("link", name="回到我的工作").count() == 1
    return [f"{title}: {one}" for one in faults(page, name=f"refusal-{title}")]
