"""Home."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from hutong.foundation.access.guards import ActingRequest, needs
from hutong.foundation.design.fragments import render
from hutong.foundation.design.listings import Column, listing
from hutong.foundation.workflow import elsewhere, presenters, selectors

MINE = (Column("事项"),)


@require_GET
@needs(None)
def home(request: ActingRequest) -> HttpResponse:
    """My work: what is late, due today, coming; everything else one tab away."""
    actor = request.acting
    if not actor.may("work.do"):
        return render(request, "web/home_without_work.html")
    page = listing(request.GET, MINE, selectors.fetch_mine(actor))
    counts = selectors.counts(actor)
    context = {
        "listing": page,
        "groups": list(presenters.by_urgency(page.rows, actor, counts)),
        "tabs": presenters.tabs(actor, "mine", {"mine": counts["open"], "waiting": counts["waiting"]}),
        "elsewhere": elsewhere.fetch(actor),
    }
    return render(request, "web/home.html", context)
