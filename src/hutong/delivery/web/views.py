"""Home, and the page for what is refused."""

from __future__ import annotations

from urllib.parse import quote

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from hutong.foundation.access.guards import ActingRequest, needs
from hutong.foundation.design.fragments import render
from hutong.foundation.design.listings import Column, listing
from hutong.foundation.workflow import elsewhere, presenters, selectors
from hutong.foundation.workflow.errors import NotNow

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


def refused(request: HttpRequest, exception: Exception) -> HttpResponse:
    """``handler403``: the sentence of what was refused; 409 when somebody else was faster. Nothing is half saved."""
    late = isinstance(exception, NotNow)
    sentence = str(exception) or "您没有办理这件事的权限。如工作需要，请联系本单位管理员。"
    title = "现在不能办理" if late else "没有权限"
    context = {"title": title, "sentence": sentence}
    response = render(request, "403.html", context, status=409 if late else 403)
    response["X-Message"] = quote(sentence)  # shown as a toast where htmx asked
    if transaction.get_connection().in_atomic_block:  # after the page: its frame still counts what waits
        transaction.set_rollback(True)
    return response
