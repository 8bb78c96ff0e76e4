"""What the scripts promise, in a real browser under the site's own content policy (issue 2, item 11)."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.conf import settings
from django.core.wsgi import get_wsgi_application

from hutong.foundation.design import assets
from hutong.foundation.design.tests import site

pytestmark = [pytest.mark.browser, pytest.mark.slow]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    assets.build()
    before = settings.ROOT_URLCONF
    settings.ROOT_URLCONF = site.__name__
    server = make_server("127.0.0.1", 0, get_wsgi_application(), server_class=_Server, handler_class=_Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    settings.ROOT_URLCONF = before


@pytest.fixture(scope="module")
def chromium():
    if CHROMIUM is None:
        pytest.skip("NOT RUN: no Chromium on this machine")
    from playwright.sync_api import sync_playwright

    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # the driver runs an event loop in this thread
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


def _opened(chromium, address: str, width: int):
    context = chromium.new_context(viewport={"width": width, "height": 844}, locale="zh-CN", base_url=address)
    page = context.new_page()
    page.set_default_timeout(5000)
    return page


@pytest.fixture
def page(chromium, address):
    page = _opened(chromium, address, 1280)
    yield page
    page.context.close()


@pytest.fixture(params=[1280, 390], ids=["desktop", "phone"])
def screen(chromium, address, request):
    page = _opened(chromium, address, request.param)
    yield page
    page.context.close()


def test_the_gallery_draws_its_charts_without_a_complaint_and_without_sideways_scrolling(screen):
    page, complaints = screen, []
    page.on(
        "console",
        lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None,
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto("/design/")
    for chart in page.locator("[data-chart]").all():
        chart.scroll_into_view_if_needed()
        chart.locator("canvas").first.wait_for()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.locator(".job.done", has_text="全区比对").wait_for(timeout=20_000)
    assert complaints == []


def test_what_is_tapped_is_large_enough(screen):
    screen.goto("/design/")
    small = screen.evaluate(
        """() => [...document.querySelectorAll(
               "button, .button, input, select, textarea, .tile, .nav a, .tabs a, .worklist a, summary")]
             .filter(one => !one.closest(".sr, .tile > input") && one.type !== "hidden" && !one.matches(".tile input"))
             .map(one => [one, one.getBoundingClientRect()])
             .filter(([one, box]) => box.width > 1 && (box.height < 43.5 || box.width < 40))
             .map(([one]) => one.outerHTML.slice(0, 80))"""
    )
    assert small == []


def test_the_drawer_opens_keeps_the_focus_and_returns_it(screen):
    screen.goto("/design/?only=drawer")
    screen.get_by_role("link", name="打开王小雨的档案摘要").focus()
    screen.keyboard.press("Enter")
    screen.locator("#drawer[open] h2").wait_for()
    for _ in range(25):
        screen.keyboard.press("Tab")
        assert screen.evaluate(
            "document.activeElement === document.body || !!document.activeElement.closest('#drawer')"
        )
    screen.keyboard.press("Escape")
    assert screen.locator("#drawer[open]").count() == 0
    assert screen.evaluate("document.activeElement.textContent") == "打开王小雨的档案摘要"


def test_a_place_is_picked_by_keyboard_and_only_a_picked_place_counts(page):
    page.goto("/form/")
    box = page.get_by_role("combobox", name="居住地")
    box.press_sequentially("石桥镇")
    page.get_by_role("option").nth(1).wait_for()
    page.get_by_role("option").nth(2).wait_for(state="detached")
    box.press("ArrowDown")
    box.press("ArrowDown")
    assert box.get_attribute("aria-activedescendant") == page.get_by_role("option").nth(1).get_attribute("id")
    box.press("Enter")
    assert page.locator("[name=area]").input_value() == "990101001202"
    assert box.input_value() == "示例市 › 临江区 › 石桥镇 › 上坪村"
    box.press("Backspace")
    assert page.locator("[name=area]").input_value() == ""


def test_a_question_comes_first_and_a_second_click_sends_nothing(page):
    page.goto("/form/")
    site.taken.clear()
    page.get_by_label("姓名").fill("王小雨")
    page.get_by_role("button", name="保存").click()
    page.get_by_role("button", name="再想想").click()
    assert site.taken == []
    page.evaluate(
        """() => { const form = document.querySelector("form[data-draft]"), button = form.querySelector("button");
                   button.dataset.confirmed = "1"; form.requestSubmit(button); form.requestSubmit(button); }"""
    )
    page.get_by_role("alert").wait_for()
    assert len(site.taken) == 1
    assert page.get_by_label("姓名").input_value() == "王小雨"
    assert page.evaluate("document.activeElement.getAttribute('role')") == "alert"


def test_a_draft_survives_a_reload_without_id_numbers_and_ends_when_saved(page):
    page.goto("/form/")
    page.get_by_label("姓名").fill("王小雨")
    page.get_by_label("证件号码").fill("500199201701010010")
    page.get_by_label("记录").fill("奶奶的号码 500199 19500101 0010")
    page.wait_for_timeout(600)
    stored = page.evaluate("JSON.stringify(sessionStorage)")
    assert "王小雨" in stored
    assert "0101001" not in stored.replace(" ", "")
    page.reload()
    page.get_by_text("已恢复上次未提交的内容").wait_for()
    assert page.get_by_label("姓名").input_value() == "王小雨"
    assert page.get_by_label("证件号码").input_value() == ""
    page.get_by_role("combobox", name="居住地").press_sequentially("双河")
    page.get_by_role("option", name="双河村").click()
    page.get_by_role("button", name="保存").click()
    page.get_by_role("button", name="确定").click()
    page.get_by_text("已保存。").wait_for()
    assert page.get_by_label("姓名").input_value() == ""
    assert page.evaluate("Object.keys(sessionStorage).filter(key => key.startsWith('hutong-draft'))") == []


@pytest.mark.parametrize(
    ("status", "words"),
    [(403, "没有办理此事的权限"), (404, "没有找到"), (409, "被他人修改"), (500, "暂时不能处理")],
)
def test_a_refusal_is_said_in_words(page, status: int, words: str):
    page.goto("/form/")
    page.get_by_role("button", name=f"要 {status}").click()
    page.locator(".toast", has_text=words).wait_for()
    assert page.url.endswith("/form/")  # the form is still there


def test_a_lost_connection_leaves_the_form_as_it_is(page):
    page.goto("/form/")
    page.get_by_label("姓名").fill("王小雨")
    page.context.set_offline(True)
    page.get_by_role("button", name="要 409").click()
    page.locator(".toast", has_text="网络中断，内容已保留，请稍后重试").wait_for()
    assert page.get_by_label("姓名").input_value() == "王小雨"


@pytest.mark.parametrize(
    ("typed", "method"),
    [
        ("zsf", "GET"),
        ("0028", "GET"),
        ("500199 20170101 001X", "POST"),
        ("５００１９９２０１７０１０１００１０", "POST"),
    ],
)
def test_a_whole_id_number_never_stands_in_an_address(page, typed: str, method: str):
    page.goto("/form/")
    page.get_by_role("searchbox").fill(typed)
    page.keyboard.press("Enter")
    page.wait_for_url("**/children/**")
    assert page.locator("body").inner_text().startswith(method)
    assert ("?q=" in page.url) == (method == "GET")
