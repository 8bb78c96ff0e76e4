"""One page looked at: axe-core's rules at two widths, one heading, a title, nothing over the edge (GB/T 37668; experience 18)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import axe_playwright_python
from playwright.sync_api import Page

# axe-core stays on the test side (MPL-2.0); it is evaluated, not linked, so the page's own policy is the shipped one
AXE = (Path(axe_playwright_python.__file__).with_name("axe.min.js")).read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
DESK, PHONE = (1280, 900), (390, 844)
RUN = """async ([rules, within]) => {
  const found = await axe.run(within || document, {runOnly: {type: "tag", values: rules}, resultTypes: ["violations"]});
  return found.violations.map((one) => `${one.id} (${one.help}) × ${one.nodes.length}: `
    + one.nodes.slice(0, 3).map((node) => node.target.join(" ") + " " + node.html.slice(0, 160)).join(" | "));
}"""
FRAME = """() => {
  const seen = (one) => one.checkVisibility({visibilityProperty: true});
  const heads = [...document.querySelectorAll("h1")].filter(seen).length;
  const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  const title = document.title.split("·")[0].trim();
  return [
    ...(heads === 1 ? [] : [`${heads} headings of the first rank`]),
    ...(wide > 1 ? [`${wide} px wider than the screen`] : []),
    ...(title && title !== "护童" ? [] : [`no title of its own: “${document.title}”`]),
  ];
}"""


def faults(
    page: Page, *, name: str = "", widths: tuple[tuple[int, int], ...] = (DESK, PHONE), within: str = ""
) -> list[str]:
    """What is wrong with the page as it stands, at each width, or with a part of it (a menu lies over the rest); the page
    is left at desk width."""
    found = [said for size in widths for said in _at(page, size, name, within)]
    page.set_viewport_size({"width": DESK[0], "height": DESK[1]})
    return found


def _at(page: Page, size: tuple[int, int], name: str, within: str) -> Iterator[str]:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.wait_for_timeout(250 if page.locator("[data-chart]").count() else 30)  # a chart is drawn anew
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE)
    for said in [*page.evaluate(FRAME), *page.evaluate(RUN, [RULES, within])]:
        yield f"{size[0]} px: {said}"
    if folder := os.environ.get("HUTONG_LOOK"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(
            path=Path(folder) / f"{name.replace(':', '-')}-{size[0]}.png",
            full_page=True,
            animations="disabled",
        )
