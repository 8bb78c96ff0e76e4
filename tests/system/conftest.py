"""A whole running system for the browser tests: its own database, web server, worker, demo districts."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

BIN = Path(sys.executable).parent
ROOT = Path(__file__).resolve().parents[2]
SHOTS = ROOT / "docs" / "screenshots"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
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
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The site on loopback with some two thousand fictitious children, web and worker running."""
    if CHROMIUM is None:
        pytest.skip("NOT RUN: no Chromium on this machine (apt-get install chromium)")
    given = os.environ.get("HUTONG_SYSTEM_VAR")
    var = Path(given) if given else tmp_path_factory.mktemp("site")
    var.chmod(0o755)
    for parent in list(var.parents)[:3]:
        if os.access(parent, os.W_OK) and parent.owner() == var.owner() and parent != Path("/tmp"):
            parent.chmod(parent.stat().st_mode | 0o011)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "HUTONG_DB_ROLE"}
    }
    environment |= {"HUTONG_VAR": str(var), "HUTONG_WORKERS": "1", "HUTONG_DEMO_CHILDREN": "2000"}
    log = (var / "site.log").open("w")
    process = subprocess.Popen(
        [BIN / "hutong", "demo", "--port", str(port)],
        env=environment,
        stdout=log,
        stderr=subprocess.STDOUT,
        cwd=ROOT,
    )
    try:
        _wait(f"http://127.0.0.1:{port}/health", process, var / "site.log")
        yield Site(f"http://127.0.0.1:{port}", var, environment)
    finally:
        process.terminate()
        process.wait(60)


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
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        started.close()


class Person:
    """Somebody at a screen. Says what they do, in the words of the pages."""

    def __init__(self, page: Page, site: Site) -> None:
        self.page, self.site = page, site
        self.problems: list[str] = []
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.problems.append(str(error)))

    def _console(self, message: object) -> None:
        kind, text = getattr(message, "type", ""), getattr(message, "text", "")
        if kind == "error" and not re.search(r"status of (404|403|409|422|429)", text):
            self.problems.append(text)

    def signs_in(self, username: str, password: str = PASSWORD) -> Person:
        self.page.goto(f"{self.site.url}/account/login/")
        self.page.fill("input[name=login]", username)
        self.page.fill("input[name=password]", password)
        self.page.get_by_role("button", name="登录").click()
        self.page.wait_for_load_state()
        return self

    def opens(self, path: str) -> Person:
        self.page.goto(self.site.url + path)
        return self

    def follows(self, words: str | re.Pattern[str]) -> Person:
        self.page.get_by_role("link", name=words).first.click()
        self.page.wait_for_load_state()
        return self

    def presses(self, words: str | re.Pattern[str]) -> Person:
        self.page.get_by_role("button", name=words).first.click()
        self.page.wait_for_load_state()
        return self

    def sees(self, words: str, *, within: float = 10) -> Person:
        self.page.get_by_text(words).first.wait_for(timeout=within * 1000)
        return self

    def does_not_see(self, words: str) -> Person:
        assert words not in self.page.inner_text("body"), f"should not be seen: {words}"
        return self

    def photographs(self, name: str) -> Person:
        SHOTS.mkdir(parents=True, exist_ok=True)
        if os.environ.get("HUTONG_SCREENSHOTS"):
            self.page.screenshot(path=SHOTS / f"{name}.png", full_page=True)
        self.fits_the_screen()
        return self

    def fits_the_screen(self) -> None:
        """Nothing hangs over the right edge: no sideways scrolling, on the phone least of all."""
        wide = self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert wide <= 1, f"{self.page.url} is {wide} px wider than the screen"

    def found_no_problem(self) -> None:
        assert self.problems == []


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
    person.found_no_problem()
