"""Every page of the site in Chromium at two widths, by axe-core's rules (WCAG 2.2 A and AA, best practice; GB/T 37668).

One page alone, while working on it: ``HUTONG_PAGES=registry:child make test-browser ARGS="-k every_page"``; with
``HUTONG_LOOK=<folder>`` every page looked at is also kept there as a picture at both widths.
"""

from __future__ import annotations

import json
import os
import re
from collections import defaultdict
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from access.routes import KEY, ROWS

from .conftest import Person, Site
from .crawling import Walk
from .looking import PHONE, faults

pytestmark = pytest.mark.browser

FILES = {
    "leads:figures_csv", "outreach:figures_csv", "exchange:template", "exchange:rejected", "workforce:template", "documents:download", "policy:scenario_places",
    "mfa_download_recovery_codes",
}  # fmt: skip
FRAGMENTS = {
    "network:find_areas",
    "mfa_login_webauthn",
    "mfa_reauthenticate_webauthn",
}  # asked for by a script
FOR_MACHINES = {"web:health", "web:ready", "web:metrics", "library:find"} | {
    row.name for row in ROWS if row.name.startswith(("api:", "api_trial:"))
}
LEAD_ON = {
    "messaging:open": "leads on to what the notice is about",
    "account_oidc_callback": "leads on to where the person was going, or to the sign-in page with the reason",
    "registry:proposal_step": "a refused step reloaded leads on to the proposal",
    "registry:pair_step": "a refused answer reloaded leads on to the pair",
}
NO_PAGE = FILES | FRAGMENTS | FOR_MACHINES | set(LEAD_ON)
ELSEWHERE = {
    "registry:new": "test_the_pages_behind_a_button: answers a POST only",
    "mfa_edit_webauthn": "test_passkeys: of a key that a browser made",
    "mfa_remove_webauthn": "test_passkeys: of a key that a browser made",
}
PAGES = {row.name for row in ROWS if "GET" in row.methods and row.right != KEY} - NO_PAGE - set(ELSEWHERE)

CAREFUL = "tiedong.security"  # has every second step there is
PEOPLE = (
    "qianjiang.county", "qianjiang.county2", "qianjiang.supervisor", "qianjiang.director", "qianjiang.clerk", "qianjiang.gongan",
    "qianjiang.rescue", "qianjiang.office", "qianjiang.hotline", "qianjiang.auditor", "qianjiang.security", "chongqing.plan", "sysadmin",
    "yuzhong.county", CAREFUL,
)  # fmt: skip
OWN = ("/account/inactive/", "/account/logout/", "/account/reauthenticate/", "/account/2fa/reauthenticate/")


class Begun:
    """What ``states.py`` began on the site: addresses by who opens them, and codes for a second step."""

    def __init__(self, site: Site) -> None:
        kept = (
            site.var / "begun.txt"
        )  # a site kept running while working on these tests has begun it all already
        if not kept.exists():
            done = site.command("manage", "shell", "-c", Path(__file__).with_name("states.py").read_text())
            assert done.returncode == 0, done.stderr[-2000:]
            kept.write_text(done.stdout)
        said = dict(re.findall(r"^(CODES|ADDRESSES) (.*)$", kept.read_text(), re.MULTILINE))
        self.codes: list[str] = json.loads(said["CODES"])
        self.addresses: dict[str, list[str]] = defaultdict(list)
        for username, address in json.loads(said["ADDRESSES"]):
            self.addresses[username].append(address)


@pytest.fixture(scope="module")
def begun(site: Site) -> Begun:
    return Begun(site)


def test_every_page(browser: Browser, site: Site, begun: Begun) -> None:
    """0 violations, one h1, a title, nothing over the edge, no console error; and no route with a page is left out."""
    only = set(os.environ.get("HUTONG_PAGES", "").split()) & PAGES
    walk = Walk(browser, site, frozenset(NO_PAGE), only)
    walk.by("", ["/account/inactive/"])
    for username in PEOPLE:
        if not only or only - walk.reached:
            walk.by(username, [*begun.addresses[username], *OWN], begun.codes)
    print(f"{len(walk.reached)} pages, looked at {walk.pages} times")
    wrong = [f"{where}: {one}" for where, said in walk.wrong.items() for one in said]
    wrong += [
        f"{name}: nobody got here. Link it, begin it in states.py, or say above why it is no page"
        for name in sorted((only or PAGES) - walk.reached)
    ]
    assert not wrong, "\n".join(wrong)


@pytest.fixture
def looks(at_desk: Person) -> Looks:
    return Looks(at_desk)


class Looks:
    """The same look, at moments no address leads to."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.wrong: list[str] = []

    def at(self, what: str, *, phone: bool = True) -> None:
        sizes = {} if phone else {"widths": ((1280, 900),)}
        self.wrong += [f"{what}: {said}" for said in faults(self.person.page, name=what, **sizes)]


def test_the_pages_that_refuse(looks: Looks, site: Site) -> None:
    """Not found and out of date say what to do, with and without a sign-in."""
    person = looks.person
    person.refused("/no/such/page/")
    looks.at("404-signed-out")
    person.signs_in("qianjiang.director").refused("/children/zzzzzzzzzzzzzzzz/")
    looks.at("404")
    person.opens("/children/").page.evaluate("document.cookie = 'csrftoken=; Max-Age=0; path=/'")
    person.page.context.clear_cookies(name=re.compile("csrf"))
    person.page.evaluate(
        "document.querySelector('main').innerHTML = '<form method=post><button>送出</button></form>'"
    )
    person.presses("送出")
    looks.at("403")
    assert looks.wrong == []


def test_the_pages_behind_a_button(looks: Looks) -> None:
    """New file, sealed card after its purpose, once more the password: reached by pressing, not by an address."""
    person = looks.person.signs_in("qianjiang.director").opens("/children/").fills(q="无此人名")
    person.presses("查找").presses("不在其中，新建").sees("新建儿童档案")
    looks.at("registry-new")
    person.presses("保存并提交审核")
    looks.at("registry-new-refused")
    assert looks.wrong == []


def test_drawer_dialog_and_menus(looks: Looks) -> None:
    """What opens above a page obeys the same rules."""
    person = looks.person.signs_in("qianjiang.director").opens("/leads/")
    person.main.locator("ul.worklist a").first.click()
    person.follows("打开档案").main.locator("#living a").first.click()
    person.page.locator("dialog#drawer[open]").wait_for()
    looks.at("drawer-open")
    person.page.keyboard.press("Escape")
    person.page.locator("header details.menu summary").click()
    looks.wrong += faults(person.page, name="account-menu-open", within="header")
    person.page.keyboard.press("Escape")
    person.page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    person.page.locator("nav .more summary").click()
    looks.wrong += faults(person.page, name="more-menu-open", widths=(PHONE,), within="nav")
    assert looks.wrong == []


def test_a_sealed_card_after_its_purpose(looks: Looks, begun: Begun) -> None:
    """R-46.02: the card of a compartment, which only a stated purpose opens."""
    address = next(one for one in begun.addresses["qianjiang.county2"] if one.endswith("/adoption/"))
    person = looks.person.signs_in("qianjiang.county2").opens(address)
    person.main.locator("[name=purpose]").first.wait_for()
    purpose = person.main.locator("select[name=purpose]")
    if purpose.count():
        purpose.select_option(index=1)
    else:
        person.main.locator("[name=purpose]").first.check()
    person.fills(words="办理收养登记核对").main.get_by_role("button").first.click()
    person.page.wait_for_load_state()
    person.sees("登记")
    looks.at("sealed-card")
    assert looks.wrong == []
