"""Everything without a mouse (GB/T 37668): skip link, search, drawer."""

from __future__ import annotations

import pytest

from .conftest import Person

pytestmark = pytest.mark.browser

FOCUSED = "document.activeElement.id || document.activeElement.className"


def test_skip_link_search_and_drawer(at_desk: Person) -> None:
    officer = at_desk.signs_in("qianjiang.supervisor").opens("/leads/all/")
    name = officer.reads("table td a")
    officer.opens("/")
    keys = officer.page.keyboard
    keys.press("Tab")
    assert officer.page.evaluate(FOCUSED) == "skip"
    keys.press("Enter")
    assert officer.page.evaluate(FOCUSED) == "main"

    officer.opens("/")
    for _ in range(4):
        keys.press("Tab")
        if officer.page.evaluate(FOCUSED) == "global-search":
            break
    assert officer.page.evaluate(FOCUSED) == "global-search", "the search is among the first stops"
    keys.type(name)
    keys.press("Enter")
    officer.page.wait_for_url("**/children/**")
    officer.photographs("search", tallest=900)

    officer.main.locator("table a").first.press("Enter")
    officer.says_why().sees("居住与照护")
    opener = officer.main.locator("#living a").first
    opener.press("Enter")
    drawer = officer.page.locator("dialog#drawer[open]")
    drawer.wait_for()
    officer.photographs("drawer", tallest=900)
    keys.press("Escape")
    drawer.wait_for(state="hidden")
    assert officer.page.evaluate("document.querySelector('#living').contains(document.activeElement)")
