"""What waits for the named person, in neutral words; nobody else has this page."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from hutong.domains.compartments import presenters, selectors, services
from hutong.domains.compartments.forms import ReasonForm
from hutong.domains.compartments.models import Matter
from hutong.domains.compartments.services.errors import Refused
from hutong.foundation.access.guards import ActingRequest, needs
from hutong.foundation.design import fragments


@never_cache
@require_safe
@needs("sealed.view")
def mine(request: ActingRequest) -> HttpResponse:
    if not request.acting.sealed:
        raise Http404
    with services.opening(request.acting):
        context = {
            "titles": [(one, presenters.title(one)) for one in request.acting.sealed],
            "waiting": list(selectors.list_matters(request.acting)[:100]),
            "done": list(selectors.list_matters(request.acting, done=True)[:20]),
        }
        return fragments.render(request, "compartments/mine.html", context)


@never_cache
@require_POST
@needs("sealed.view")
def finish(request: ActingRequest, public_id: str) -> HttpResponse:
    if not request.acting.sealed:
        raise Http404
    with services.opening(request.acting):
        matter = Matter.objects.filter(public_id=public_id).first()
        if matter is None:
            raise Http404
        form = ReasonForm(request.POST)
        try:
            words = form.cleaned_data["reason"] if form.is_valid() else ""
            services.finish_matter(matter, actor=request.acting, outcome=words)
        except Refused as refused:
            messages.error(request, refused.sentence)
        else:
            messages.success(request, "已办结。")
    return redirect("compartments:mine")
