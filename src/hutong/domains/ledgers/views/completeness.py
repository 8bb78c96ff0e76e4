"""How complete the files of a place are, and which lack most."""

from __future__ import annotations

from typing import Final

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from hutong.domains.ledgers.data.required import items
from hutong.domains.ledgers.selectors import completeness
from hutong.domains.ledgers.views.ledger import tabs
from hutong.foundation.access.acting import Acting
from hutong.foundation.access.guards import ActingRequest, needs
from hutong.foundation.design import fragments
from hutong.foundation.network import selectors as network
from hutong.kernel import areas

MOST_PAGES: Final = 200


def _area(request: ActingRequest) -> str:
    """The place asked for, the own one by default; outside the range it does not exist."""
    text = request.GET.get("area", "")
    if not text:
        return request.acting.post.area_code
    if not (text.isascii() and text.isdigit() and len(text) in (6, 9, 12)):
        raise Http404
    if not request.acting.scope.holds(text):
        raise Http404
    return areas.pad(text)


@require_GET
@needs("ledger.view")
def places(request: ActingRequest) -> HttpResponse:
    """A line for each place directly below; a village leads to its files."""
    actor, area = request.acting, _area(request)
    found = completeness.by_place(actor, area)
    names = network.area_paths([place.code for place in found])
    own = network.area_path(area)
    context = {
        "tabs": tabs(actor, "completeness"),
        "place": own,
        "rows": found,
        "names": {place.code: names[place.code].removeprefix(own) or names[place.code] for place in found},
        "links": {place.code: _link(place.code, area) for place in found},
        "files_url": f"{reverse('ledgers:incomplete')}?area={area}",
        "above": _above(actor, area),
        "required": items(),
    }
    return fragments.render(request, "ledgers/completeness.html", context)


def _link(code: str, area: str) -> str:
    name = "incomplete" if code == area or areas.level(code) == "village" else "completeness"
    return f"{reverse(f'ledgers:{name}')}?area={code}"


def _above(actor: Acting, area: str) -> tuple[str, str] | None:
    up = areas.parent(area)
    if area == actor.post.area_code or up is None:
        return None
    return network.area_path(up), f"{reverse('ledgers:completeness')}?area={up}"


@require_GET
@needs("ledger.view")
def incomplete(request: ActingRequest) -> HttpResponse:
    """The files that lack something, worst first."""
    actor, area = request.acting, _area(request)
    text = request.GET.get("page", "1")
    page = min(max(int(text), 1), MOST_PAGES) if text.isascii() and text.isdigit() and len(text) < 5 else 1
    found, more = completeness.list_incomplete(actor, area, page)
    places_of = network.area_paths([one.child.residence_area for one in found])
    own = network.area_path(area)
    context = {
        "tabs": tabs(actor, "completeness"),
        "place": own,
        "area": area,
        "rows": found,
        "names": {code: path.removeprefix(own) for code, path in places_of.items()},
        "page": page,
        "more": more,
    }
    return fragments.render(request, "ledgers/incomplete.html", context)
