"""The lists of named persons: who, by whom, confirmed by whom, from–to, why."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hutong.domains.compartments import selectors, services
from hutong.domains.compartments.forms import ProposeForm
from hutong.domains.compartments.services.errors import Refused
from hutong.domains.compartments.views.cards import refuse
from hutong.foundation.access.guards import ActingRequest, fresh, needs
from hutong.foundation.access.models import ACTIVE, PROPOSED, NamedPerson
from hutong.foundation.design import fragments
from hutong.foundation.network import selectors as network
from hutong.foundation.workflow.errors import NotNow
from hutong.kernel import clock


@require_safe
@needs("sealed.people")
def people(request: ActingRequest) -> HttpResponse:
    rows = list(selectors.list_named(request.acting))
    past = list(selectors.list_past_named(request.acting)[:50])
    context = {
        "waiting": [one for one in rows if one.state == PROPOSED],
        "present": [one for one in rows if one.state == ACTIVE],
        "past": past,
        "paths": network.area_paths([one.area_code for one in (*rows, *past)]),
        "me": request.acting.user.pk,
    }
    return fragments.render(request, "compartments/people.html", context)


@require_http_methods(["GET", "POST"])
@needs("sealed.people")
@fresh
def propose(request: ActingRequest) -> HttpResponse:
    acting = request.acting
    initial = {"since": clock.today(), "area_code": acting.post.area_code}
    form = ProposeForm(request.POST if request.method == "POST" else None, initial=initial, actor=acting)
    if form.is_valid():
        try:
            made = services.propose(actor=acting, **form.cleaned_data)
        except Refused as refused:
            refuse(form, refused)
        except (NotNow, PermissionDenied) as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"已提名{made.user.name}，待另一人确认后进入名单。")
            return redirect("compartments:people")
    status = 422 if form.is_bound else 200
    return fragments.render(request, "compartments/propose.html", {"form": form}, status=status)


@require_POST
@needs("sealed.people")
@fresh
def decide(request: ActingRequest, public_id: str, event: str) -> HttpResponse:
    """Confirm or refuse a nomination, or take somebody off the list."""
    try:
        named = selectors.get_named(request.acting, public_id)
    except NamedPerson.DoesNotExist:
        raise Http404 from None
    reason = request.POST.get("reason", "")[:200]
    steps: dict[str, Any] = {
        "confirm": lambda: services.confirm(named, actor=request.acting),
        "refuse": lambda: services.refuse(named, actor=request.acting, reason=reason),
        "end": lambda: services.end(named, actor=request.acting, reason=reason),
    }
    if event not in steps:
        raise Http404
    try:
        steps[event]()
    except (NotNow, PermissionDenied) as refused:
        messages.error(request, str(refused))
    else:
        words = {"confirm": "已进入名单", "refuse": "未通过提名", "end": "已退出名单，即时生效"}[event]
        messages.success(request, f"{named.user.name}{words}。")
    return redirect("compartments:people")
