"""Uploading, opening and withdrawing. Whoever cannot see the row gets 404."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hutong.foundation.access.guards import ActingRequest, needs
from hutong.foundation.design.fragments import render
from hutong.foundation.documents import selectors, services
from hutong.foundation.documents.forms import UploadForm
from hutong.foundation.documents.inspection import MAX_SIZE, TOO_LARGE, Refused
from hutong.foundation.documents.models import Document
from hutong.foundation.documents.tickets import open_ticket


@require_GET
@needs("document.view")
def download(request: ActingRequest, public_id: str) -> HttpResponse:
    """The file itself: pictures in the page, everything else saved; a child's document is recorded as read."""
    document = _document(request, public_id)
    response = HttpResponse(selectors.read(document, request.acting), content_type=document.mime)
    inline = document.kind == Document.Kind.IMAGE
    response["Content-Disposition"] = content_disposition_header(not inline, document.name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response


@require_http_methods(["GET", "POST"])
@needs("document.upload")
def upload(request: ActingRequest, ticket: str) -> HttpResponse:
    """The upload form of one thing (page, or block ``upload`` for a drawer); what was typed stays when refused."""
    place = open_ticket(ticket)
    if place is None or place.post_id != request.acting.post.pk:
        raise Http404
    form = UploadForm(request.POST or None, request.FILES or None, purpose=place.purpose)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        try:
            if chosen["file"].size > MAX_SIZE:
                raise Refused(TOO_LARGE)
            services.store(
                file=chosen["file"], actor=request.acting, child_id=place.child_id, area_code=place.area_code,
                purpose=chosen["purpose"], kinds=place.kinds or services.ALL_KINDS, once=chosen["once"].hex,
                subject_type=place.subject_type, subject_id=place.subject_id,
            )  # fmt: skip
            return redirect(place.back)
        except Refused as error:
            form.add_error("file", str(error))
    status = 422 if form.is_bound and form.errors else 200
    context = {"form": form, "ticket": ticket, "back": place.back}
    return render(request, "documents/upload.html", context, block="upload", status=status)


@require_POST
@needs("document.upload")
def withdraw(request: ActingRequest, public_id: str) -> HttpResponse:
    """Take a wrong upload back; the reason comes with the form, the way back is checked to be on this site."""
    services.withdraw(
        _document(request, public_id), actor=request.acting, reason=request.POST.get("reason", "")
    )
    back = request.POST.get("back", "")
    return redirect(back if back.startswith("/") and not back.startswith(("//", "/\\")) else "web:home")


def _document(request: ActingRequest, public_id: str) -> Document:
    try:
        return selectors.get_document(public_id, request.acting)
    except (Document.DoesNotExist, PermissionDenied):
        raise Http404 from None
