"""Pages: the packs with their dated figures and sources; one child's explanation, to print for the family."""

from __future__ import annotations

from datetime import date

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_GET

from hutong.domains.policy import presenters, selectors
from hutong.domains.registry import selectors as registry
from hutong.domains.registry.models import Child
from hutong.foundation.access.guards import ActingRequest, needs
from hutong.foundation.design import fragments
from hutong.foundation.network import selectors as network
from hutong.kernel import clock


def _day(request: ActingRequest) -> date:
    """``?on=`` as a day within the years the platform knows; today otherwise."""
    try:
        asked = date.fromisoformat(request.GET.get("on", ""))
    except ValueError:
        return clock.today()
    return asked if date(2010, 1, 1) <= asked <= date(2100, 1, 1) else clock.today()


@require_GET
@needs("policy.view")
def packs(request: ActingRequest) -> HttpResponse:
    """Which pack rules where, and the one that rules the actor's own area today."""
    on = _day(request)
    context = {
        "on": on,
        "own": selectors.pack_for(request.acting.post.area_code, on),
        "packs": [selectors.pack_info(name, on) for name in selectors.list_packs()],
        "places": network.area_paths([one.area for one in selectors.list_assignments() if one.area]),
        "pad": lambda code: code.ljust(12, "0"),
    }
    return fragments.render(request, "policy/packs.html", context)


@require_GET
@needs("policy.view")
def pack(request: ActingRequest, name: str) -> HttpResponse:
    """Every parameter with the day it begins and its source; the line in force is marked."""
    if name not in selectors.list_packs():
        raise Http404
    on = _day(request)
    info = selectors.pack_info(name, on)
    context = {"on": on, "info": info, "groups": presenters.parameters(info)}
    return fragments.render(request, "policy/pack.html", context)


@require_GET
@needs("child.view")
def child(request: ActingRequest, public_id: str) -> HttpResponse:
    """Why each category, amount and figure, for one child; what is still missing, and when it changes."""
    try:
        found = registry.get_child(public_id, request.acting, "类别与依据")
    except Child.DoesNotExist:
        raise Http404 from None
    context = presenters.assessment(selectors.explain(found, _day(request)), found)
    return fragments.render(request, "policy/child.html", context)


@require_GET
@needs("child.view")
def letter(request: ActingRequest, public_id: str) -> HttpResponse:
    """The same for the family, in plain words on A4, with where to ask (experience 5)."""
    try:
        found = registry.get_child(public_id, request.acting, "给家庭的告知单")
    except Child.DoesNotExist:
        raise Http404 from None
    context = presenters.letter(selectors.explain(found, _day(request)), found)
    return fragments.render(request, "policy/letter.html", context)
