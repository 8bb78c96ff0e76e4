"""Every page of the site, found as people find it: from the home page of each role along the links."""

from __future__ import annotations

import html
import random
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.urls import Resolver404, resolve
from playwright.sync_api import Browser, BrowserContext, Page

from .conftest import PASSWORD, Person, Site
from .looking import PHONE, faults

HREF = re.compile(r'<a\b[^>]*?\bhref="([^"#]+)')
AGAIN = {"account_reauthenticate", "mfa_reauthenticate"}
SAME = 2  # addresses of one kind followed for their links: a page offers by its state, not all offer the same
ANEW = {"web:home", "registry:child", "leads:lead", "exchange:batch"}  # each role reads these differently
EMPTY_FORM = """(own) => {
  const empty = (field) => !field.value || (field.type === "radio" && !field.form.querySelector(`[name='${field.name}']:checked`));
  const form = [...document.querySelectorAll("main form[method=post]")].find((one) =>
    new URL(one.action).pathname === own && [...one.elements].some((field) => field.required && empty(field)));
  if (!form) return false;
  form.noValidate = true;
  form.setAttribute("data-empty", "");
  return true;
}"""
"""A form of the page's own address that lacks something it asks for: sent as it is, it must be refused."""


def named(path: str) -> str:
    try:
        return resolve(urlsplit(path).path).view_name
    except Resolver404:
        return ""


@dataclass
class Walk:
    """What has been reached so far, by which route name, and what was wrong there."""

    browser: Browser
    site: Site
    left_out: frozenset[str]
    only: set[str] = field(default_factory=set)
    """Look at these alone; the others are only passed through."""
    pages: int = 0
    reached: set[str] = field(default_factory=set)
    wrong: dict[str, list[str]] = field(default_factory=dict)

    def by(self, username: str, addresses: Iterable[str] = (), codes: list[str] | None = None) -> None:
        """Somebody signs in and follows what they are offered; ``addresses`` are where something was begun for them,
        ``codes`` answer a second step."""
        context = self.browser.new_context(
            viewport={"width": 1280, "height": 900}, locale="zh-CN", timezone_id="Asia/Shanghai"
        )
        context.set_default_timeout(15_000)
        person = Person(context.new_page(), self.site)
        if username:
            person.signs_in(username)
            if named(person.page.url) == "mfa_authenticate" and codes:
                self.reached.add("mfa_authenticate")
                self._check(person.page, "mfa_authenticate", username)
                person.fills(code=random.choice(codes))
                person.main.get_by_role("button", name="登录", exact=True).click()
                person.page.wait_for_load_state()
        self._follow(person, context, username, ["/" if username else "/account/login/", *addresses])
        context.close()
        for said in person.problems:
            self._say("console", said)

    def _follow(self, person: Person, context: BrowserContext, username: str, waiting: list[str]) -> None:
        asked: dict[str, int] = {}
        own: set[str] = set()
        known = set(waiting)
        while waiting:
            path = waiting.pop(0)
            name = named(path)
            if not name or name in self.left_out or asked.get(name, 0) >= SAME:
                continue
            asked[name] = asked.get(name, 0) + 1
            wanted = name not in self.reached or (name in ANEW and name not in own)
            if wanted and (not self.only or name in self.only):
                own.add(name)
                text = self._look(person, path, name, username)
            else:
                text = context.request.get(self.site.url + path).text()
            for link in links(text, self.site.url + path):
                if link not in known:
                    known.add(link)
                    waiting.append(link)

    def _look(self, person: Person, path: str, name: str, username: str) -> str:
        page = person.page
        answer = page.goto(self.site.url + path)
        if answer is None or answer.status != 200:
            if answer is not None and answer.status != 404:
                self._say(f"{name} as {username}", f"{path} answered {answer.status}")
            return ""
        if "先说明查阅理由" in page.inner_text("main"):
            self._check(page, "registry:reason", username)
            person.says_why()
        if named(page.url) in AGAIN and name not in AGAIN:
            person.fills(password=PASSWORD).presses("确认")
        where = named(page.url)
        if where not in (name, "registry:child"):
            return page.content()  # led on to somewhere else: that page is met under its own name
        self.reached.add(name)
        self._check(page, name, username)
        text = page.content()
        own = urlsplit(page.url).path
        if page.evaluate(EMPTY_FORM, own):
            self._send_empty(page, name, username)
        return text

    def _send_empty(self, page: Page, name: str, username: str) -> None:
        page.evaluate("document.querySelector('form[data-empty]').requestSubmit()")
        page.wait_for_load_state()
        page.wait_for_timeout(100)
        if not page.locator("main [aria-invalid=true], main [role=alert], main .errors").count():
            self._say(f"{name} sent empty as {username}", "no word about what is missing")
        said = faults(page, name=f"{name}-empty", widths=(PHONE,))
        self.pages += 1
        for one in said:
            self._say(f"{name} sent empty as {username}", one)

    def _check(self, page: Page, name: str, username: str) -> None:
        self.pages += 2
        for said in faults(page, name=f"{name}-{username}" if name in ANEW else name):
            self._say(f"{name} as {username}", said)

    def _say(self, where: str, words: str) -> None:
        self.wrong.setdefault(where, []).append(words)


def links(text: str, base: str) -> Iterator[str]:
    """Addresses of the site that the page leads to."""
    for found in HREF.findall(text):
        target = html.unescape(found)
        if target.startswith("/"):
            yield target
        elif target.startswith("?"):
            yield urlsplit(base).path + target
