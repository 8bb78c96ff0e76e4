"""Search: a box first; nothing is listed until asked."""

from __future__ import annotations

from django.http import HttpResponse

from hutong.domains.registry import selectors
from hutong.domains.registry.search import finding
from hutong.foundation.access.guards import ActingRequest, needs
from hutong.foundation.design import fragments


@needs("child.search")
def search(request: ActingRequest) -> HttpResponse:
    """GET, or POST for a whole ID number, which must not stand in an address."""
    given = request.POST if request.method == "POST" else request.GET
    text, area, page = given.get("q", ""), _area(given.get("area", "")), _page(given.get("page", ""))
    found = finding.search(text, request.acting, area=area, page=page)
    context = {
        "found": found,
        "q": text,
        "area": area,
        "opened": [] if found.asked else selectors.list_opened(request.acting),
    }
    return fragments.render(request, "registry/search.html", context, block="results")


def _area(text: str) -> str:
    return text if text.isascii() and text.isdigit() and len(text) in (6, 9, 12) else ""


def _page(text: str) -> int:
    last = finding.MOST // finding.PAGE
    return min(max(int(text), 1), last) if text.isascii() and text.isdigit() and len(text) < 5 else 1
