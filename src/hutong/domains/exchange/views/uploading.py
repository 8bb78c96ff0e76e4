"""First act on pages: upload, say which column is which, check again."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from hutong.domains.exchange import forms, presenters, quarters, selectors, services
from hutong.domains.exchange.machines import batch as machine
from hutong.domains.exchange.models import Batch
from hutong.domains.exchange.services.errors import AlreadyDelivered, BadFile, NotPossible, Refused
from hutong.domains.exchange.views.catalogue import chosen_quarter
from hutong.domains.exchange.views.sealing import with_sealed
from hutong.foundation.access.guards import ActingRequest, needs
from hutong.foundation.design import fragments
from hutong.linkage.catalogue import LISTS


def get_batch(public_id: str) -> Batch:
    try:
        return selectors.get_batch(public_id)
    except Batch.DoesNotExist:
        raise Http404 from None


def _root(request: ActingRequest) -> Batch | None:
    public_id = request.POST.get("supplements") or request.GET.get("supplements")
    return get_batch(public_id) if public_id else None


@needs("exchange.upload")
@with_sealed
def upload(request: ActingRequest) -> HttpResponse:
    """Choose list, quarter and file. County officers for any list, department clerks for their own."""
    root = _root(request)
    if request.method != "POST":
        initial = {"list_code": request.GET.get("list", ""), "quarter": str(chosen_quarter(request))}
        form = forms.UploadForm(actor=request.acting, root=root, initial=initial)
        return _page(request, form, root)
    form = forms.UploadForm(request.POST, request.FILES, actor=request.acting, root=root)
    if not form.is_valid():
        return _page(request, form, root, status=422)
    earlier = ""
    try:
        batch = _deliver(request, form.cleaned_data, root)
    except AlreadyDelivered as error:
        form.add_error("file", str(error))
        earlier = error.public_id
    except (BadFile, Refused) as error:
        form.add_error("file", str(error))
    except (NotPossible, PermissionDenied) as error:
        form.add_error("provider" if "提供" in str(error) else None, str(error))
    else:
        step = "exchange:batch" if batch.job else "exchange:columns"
        return redirect(step, batch.public_id)
    return _page(request, form, root, status=422, earlier=earlier)


def _deliver(request: ActingRequest, data: dict[str, Any], root: Batch | None) -> Batch:
    return services.deliver(
        actor=request.acting, list_code=data["list_code"], quarter=quarters.parse(data["quarter"]),
        name=data["file"].name, source=data["file"].file, provider=data["provider"], supplements=root,
    )  # fmt: skip


def _page(
    request: ActingRequest,
    form: forms.UploadForm,
    root: Batch | None,
    *,
    status: int = 200,
    earlier: str = "",
) -> HttpResponse:
    context = {"form": form, "root": root, "earlier": earlier,
               "root_title": presenters.list_title(root.list_code) if root else ""}  # fmt: skip
    return fragments.render(request, "exchange/upload.html", context, status=status)


@needs("exchange.upload")
@with_sealed
def columns(request: ActingRequest, public_id: str) -> HttpResponse:
    """Headers nobody recognised: the sender says once what they are."""
    batch = get_batch(public_id)
    if batch.state not in (machine.UPLOADED, machine.FAILED):
        return redirect("exchange:batch", public_id)
    form = forms.ColumnsForm(request.POST or None, batch=batch)
    if request.method == "POST" and form.is_valid():
        mapping = form.mapping()
        if form.is_valid():
            try:
                services.map_columns(batch=batch, mapping=mapping, actor=request.acting)
            except NotPossible as error:
                form.add_error(None, str(error))
            else:
                return redirect("exchange:batch", public_id)
    used = set(batch.mapping)
    context = {
        "batch": batch,
        "form": form,
        "title": LISTS[batch.list_code].table.title,
        "missing": selectors.unmapped(batch),
        "unused": [header for header in batch.headers if header not in used],
    }
    return fragments.render(request, "exchange/columns.html", context, status=422 if form.errors else 200)


@needs("exchange.upload")
@require_POST
@with_sealed
def check(request: ActingRequest, public_id: str) -> HttpResponse:
    """Check again what could not be checked."""
    batch = get_batch(public_id)
    if selectors.unmapped(batch):
        return redirect("exchange:columns", public_id)
    if batch.state in (machine.UPLOADED, machine.FAILED) or selectors.is_stuck(batch):
        services.start_check(batch=batch, actor=request.acting)
    else:
        messages.info(request, "这一批已经检查过，不必重复检查。")
    return redirect("exchange:batch", public_id)
