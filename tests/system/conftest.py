"""A whole running system for the browser tests: its own database, web server, worker, demo districts."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, sync_playwright
from playwright.sync_api import Error as PlaywrightError

BIN = Path(sys.executable).parent
ROOT = Path(__file__).resolve().parents[2]
SHOTS = ROOT / "docs" / "screenshots"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--lang=zh-CN",
]  # fmt: skip
PASSWORD = "Hutong-Demo-2026"


@dataclass
class Site:
    url: str
    var: Path
    environment: dict[str, str]

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [BIN / "hutong", *words], env=self.environment, capture_output=True, text=True, check=False
        )


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    """The site on loopback with some two thousand fictitious children, web and worker running."""
    if CHROMIUM is None:
        pytest.skip("NOT RUN: no Chromium on this machine (apt-get install chromium)")
    if running := os.environ.get("HUTONG_SYSTEM_URL"):  # a site already up, while working on these tests
        yield Site(running, Path(os.environ["HUTONG_SYSTEM_VAR"]), dict(os.environ))
        return
    # not under the test runner's own folder: the database runs as a user who may not enter it
    var = Path(tempfile.mkdtemp(prefix="hutong-site-"))
    var.chmod(0o755)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "HUTONG_DB_ROLE"}
    }
    environment |= {"HUTONG_VAR": str(var), "HUTONG_WORKERS": "1", "HUTONG_DEMO_CHILDREN": "2000"}
    words = [str(BIN / "hutong"), "demo", "--port", str(port)]
    with (var / "site.log").open("w") as log:
        process = subprocess.Popen(words, env=environment, stdout=log, stderr=subprocess.STDOUT, cwd=ROOT)
    try:
        _wait(f"http://127.0.0.1:{port}/health", process, var / "site.log")
        yield Site(f"http://127.0.0.1:{port}", var, environment)
    finally:
        process.terminate()
        process.wait(60)
        shutil.rmtree(var, ignore_errors=True)


def _wait(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(600):
        if process.poll() is not None:
            pytest.fail(f"the site did not start:\n{log.read_text()[-3000:]}")
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.3)
    pytest.fail(f"the site did not answer:\n{log.read_text()[-3000:]}")


@pytest.fixture(scope="session")
def browser(site: Site) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=CHROMIUM, args=FLAGS, env={**os.environ, "LANGUAGE": "zh_CN"}
        )
        yield started
        started.close()


Words = str | re.Pattern[str]


class Person:
    """Somebody at a screen. Says what they do, in the words of the pages."""

    def __init__(self, page: Page, site: Site) -> None:
        self.page, self.site = page, site
        self.main = page.locator("main")
        self.problems: list[str] = []
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.problems.append(str(error)))

    def _console(self, message: ConsoleMessage) -> None:
        refusal = re.search(r"status of (404|403|409|422|429)|ERR_INTERNET_DISCONNECTED", message.text)
        elsewhere = not self.page.url.startswith(self.site.url)  # a page of the unit's provider is not ours
        if message.type == "error" and not refusal and not elsewhere:
            self.problems.append(f"{self.page.url}: {message.text}")

    def signs_in(self, username: str, password: str = PASSWORD) -> Person:
        self.page.context.clear_cookies()
        return self.opens("/account/login/").fills(login=username, password=password).presses("登录")

    def opens(self, path: str) -> Person:
        """An address of the site, or a whole one copied from somebody else's screen."""
        self.page.goto(path if path.startswith("http") else self.site.url + path)
        return self._looks()

    def refused(self, path: str) -> str:
        """An address that is not theirs: 404, and the words of that page."""
        answer = self.page.goto(path if path.startswith("http") else self.site.url + path)
        assert answer is not None
        assert answer.status == 404, path
        return self.page.inner_text("main")

    def follows(self, words: Words) -> Person:
        self.main.get_by_role("link", name=words).first.click()
        return self._looks()

    def goes_to(self, words: str) -> Person:
        """By the navigation, which hides its last entries under 更多 on a phone."""
        self.page.get_by_role("navigation", name="主导航").get_by_role("link", name=words).first.click()
        return self._looks()

    def presses(self, words: Words) -> Person:
        self.main.get_by_role("button", name=words).first.click()
        return self._looks()

    def answers(self, words: Words) -> Person:
        """In the dialog that asks before something is done."""
        self.page.locator("dialog[open]").get_by_role("button", name=words).click()
        return self._looks()

    def in_the_drawer(self, words: Words, /, **given: str) -> Person:
        """Fills the form that opened at the side and presses its button."""
        drawer = self.page.locator("dialog#drawer[open]")
        drawer.wait_for()
        self._fills(drawer, given)
        drawer.get_by_role("button", name=words).last.click()
        return self._looks()

    def acts_as(self, post: Words) -> Person:
        """Changes to another post of theirs, in the menu of the account."""
        self.page.locator("header details.menu summary").click()
        self.page.locator("header").get_by_role("button", name=post).click()
        return self._looks()

    def fills(self, **given: str) -> Person:
        """Fields by their form name: text typed, tiles picked, files chosen."""
        self._fills(self.main, given)
        return self

    def _fills(self, where: Locator, given: dict[str, str]) -> None:
        for name, value in given.items():
            field = where.locator(f"[name={name}]").first
            kind = field.get_attribute("type")
            if kind in ("radio", "checkbox"):
                where.locator(f"[name={name}][value='{value}']").check()
            elif field.get_attribute("data-place-code") is not None:
                where.locator(f"[name={name}__label]").fill(value)
                where.get_by_role("option", name=value).first.click()
            elif kind == "file":
                field.set_input_files(value)
            elif field.evaluate("field => field.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)

    def says_why(self, words: str = "部门协查来函核对情况", code: str = "ASSIST") -> Person:
        """Asked why they open a file that none of their tasks explains: answers, once a day, and is led on to it."""
        if "先说明查阅理由" in self.page.inner_text("main"):
            self.fills(code=code, words=words).presses("继续打开")
        assert "先说明查阅理由" not in self.page.inner_text("main")
        return self

    def downloads(self, words: Words, to: Path) -> Path:
        with self.page.expect_download() as waiting:
            self.main.get_by_role("link", name=words).first.click()
        path = to / waiting.value.suggested_filename
        waiting.value.save_as(path)
        return path

    def sees(self, *words: Words, within: float = 15) -> Person:
        for one in words:
            self.page.get_by_text(one).locator("visible=true").first.wait_for(timeout=within * 1000)
        return self

    def does_not_see(self, *words: str) -> Person:
        text = self.page.inner_text("body")
        assert [one for one in words if one in text] == []
        return self

    def reads(self, where: str) -> str:
        return self.main.locator(where).first.inner_text()

    def photographs(self, name: str, *, tallest: int = 1200) -> Person:
        """A picture for the manual, when asked for; the window is made as tall as the page, within reason."""
        if os.environ.get("HUTONG_SCREENSHOTS"):
            size = self.page.viewport_size or {"width": 1280, "height": 900}
            height = int(self.page.evaluate("document.querySelector('main').scrollHeight")) + 150
            self.page.set_viewport_size({"width": size["width"], "height": max(600, min(height, tallest))})
            self.page.evaluate("scrollTo(0, 0)")
            self.page.wait_for_timeout(900 if self.page.locator("[data-chart]").count() else 150)
            SHOTS.mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=SHOTS / f"{name}.png", animations="disabled")
            self.page.set_viewport_size(size)
        return self

    def _looks(self) -> Person:
        """At the whole page: it is there, and nothing hangs over the right edge (no sideways scrolling)."""
        try:
            wide = self._overhang()
        except PlaywrightError:  # the page was on its way to another: that one is looked at
            wide = self._overhang()
        if wide > 1:
            self.problems.append(f"{self.page.url} is {wide} px wider than the screen")
        return self

    def _overhang(self) -> int:
        self.page.wait_for_load_state()
        return int(
            self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        )


@pytest.fixture
def at_desk(browser: Browser, site: Site) -> Iterator[Person]:
    yield from _person(browser, site, 1280, 900, phone=False)


@pytest.fixture
def on_phone(browser: Browser, site: Site) -> Iterator[Person]:
    yield from _person(browser, site, 390, 844, phone=True)


@pytest.fixture
def someone(browser: Browser, site: Site) -> Iterator[Person]:
    """A second person, at another desk, in the same test."""
    yield from _person(browser, site, 1280, 900, phone=False)


def _person(browser: Browser, site: Site, width: int, height: int, *, phone: bool) -> Iterator[Person]:
    context = browser.new_context(
        viewport={"width": width, "height": height}, has_touch=phone, is_mobile=phone, locale="zh-CN",
        timezone_id="Asia/Shanghai", accept_downloads=True,
    )  # fmt: skip
    context.set_default_timeout(15_000)
    person = Person(context.new_page(), site)
    yield person
    context.close()
    assert person.problems == []
