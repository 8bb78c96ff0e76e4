"""Wrong source rows: told to the department, answered, closed."""

from __future__ import annotations

from typing import Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods

from hutong.domains.leads import selectors, services
from hutong.domains.leads.forms import CorrectionForm
from hutong.domains.leads.machines import correction as machine
from hutong.domains.leads.models import Correction
from hutong.domains.leads.presenters import leads as presenters
from hutong.domains.leads.views import lists
from hutong.foundation.access.guards import ActingRequest, needs
from hutong.foundation.design import fragments
from hutong.foundation.design.listings import Column, listing
from hutong.foundation.network import selectors as network
from hutong.foundation.workflow import selectors as workflow

COLUMNS: Final = (Column("清单"), Column("儿童"), Column("核实情况"), Column("核实日期"), Column("进展"))


@require_GET
@needs("lead.decide")
def index(request: ActingRequest) -> HttpResponse:
    page = listing(request.GET, COLUMNS, selectors.list_corrections(request.acting), count=True)
    context = {"tabs": lists.tabs(request.acting, "corrections"), "page": page, "titles": presenters.LISTS}
    return fragments.render(request, "leads/corrections.html", context)


@require_http_methods(["GET", "POST"])
@needs("lead.decide")
def show(request: ActingRequest, public_id: str) -> HttpResponse:
    """The wrong row, who found it wrong, and what the department said."""
    try:
        one = selectors.get_correction(public_id, request.acting)
    except Correction.DoesNotExist:
        raise Http404 from None
    form = CorrectionForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                services.answer_correction(correction=one, actor=request.acting, **form.cleaned_data)
            except PermissionDenied as denied:
                form.add_error(None, str(denied))
                status = 409
            else:
                messages.success(request, "已记录。")
                return redirect("leads:correction", public_id=one.public_id)
    context = {
        "one": one,
        "row": presenters.evidence_row(one.row),
        "form": form if one.state in machine.LIVE else None,
        "steps": presenters.history(workflow.list_history("leads.correction", one.pk)),
        "area": network.area_path(one.area_code),
    }
    return fragments.render(request, "leads/correction.html", context, status=status)
