"""One child: what the family may have, why, the papers, where to go; and what was done about each."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from hutong.domains.outreach import presenters, selectors, services
from hutong.domains.outreach.forms import ActForm
from hutong.domains.outreach.machines import offer as machine
from hutong.domains.outreach.models import Offer
from hutong.domains.policy import selectors as policy
from hutong.domains.registry import selectors as registry
from hutong.domains.registry.models import Child
from hutong.domains.workforce import services as workforce
from hutong.foundation.access.guards import ActingRequest, needs
from hutong.foundation.design import fragments
from hutong.foundation.network import selectors as network
from hutong.foundation.workflow import selectors as workflow

SUBJECT = "outreach.offer"


@require_GET
@needs("outreach.view")
def show(request: ActingRequest, public_id: str) -> HttpResponse:
    """Printable: what the family takes along. Opening it is a reading of the child's file."""
    try:
        child = registry.get_child(public_id, request.acting, "可享待遇")
    except Child.DoesNotExist:
        raise Http404 from None
    return _page(request, child)


def _page(
    request: ActingRequest, child: Child, status: int = 200, given: ActForm | None = None
) -> HttpResponse:
    """Every offer with its form, but for the one given back with what was typed."""
    actor = request.acting
    offers = list(selectors.list_of_child(child))
    may = actor.may("outreach.act")
    bar = workforce.find_bar(actor) if may and offers else ""
    history = workflow.list_histories(SUBJECT, [one.pk for one in offers])
    laid = policy.of_place(child.hukou_area)
    cards = []
    for one in sorted(offers, key=lambda offer: not offer.live):
        form = given if given is not None and given.prefix == one.public_id else None
        offered = may and not bar and one.state != machine.LAPSED
        cards.append(
            presenters.card(one, history.get(one.pk, []), laid)
            | {"form": form or (ActForm(one) if offered else None)}
        )
    asked = selectors.find_question(child)
    context = {
        "child": child,
        "cards": cards,
        "asked": presenters.question(asked) if asked else None,
        "bar": bar,
        "area": network.area_path(child.residence_area),
    }
    return fragments.render(request, "outreach/child.html", context, status=status)


@require_POST
@needs("outreach.act")
def act(request: ActingRequest, public_id: str) -> HttpResponse:
    try:
        offer = selectors.get_offer(public_id, request.acting)
    except Offer.DoesNotExist:
        raise Http404 from None
    form = ActForm(offer, request.POST)
    if not form.is_valid():
        return _page(request, offer.child, 422, form)
    try:
        services.act(offer=offer, actor=request.acting, **form.cleaned_data)
    except PermissionDenied as denied:
        form.add_error(None, str(denied))
        return _page(request, offer.child, 409, form)
    messages.success(request, f"已记录：{offer.label}，{offer.get_state_display()}。")
    return redirect("outreach:child", public_id=offer.child.public_id)
