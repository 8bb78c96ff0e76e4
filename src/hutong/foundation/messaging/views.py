"""The bell: notices of the acting post."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from hutong.foundation.access.guards import ActingRequest, needs
from hutong.foundation.design.fragments import render
from hutong.foundation.design.listings import Column, listing
from hutong.foundation.messaging import selectors, services
from hutong.foundation.messaging.models import Notice

COLUMNS = (Column("通知"), Column("发送"), Column("时间"))


@require_GET
@needs(None)
def notices(request: ActingRequest) -> HttpResponse:
    page = listing(request.GET, COLUMNS, selectors.list_notices(request.acting))
    return render(request, "messaging/notices.html", {"listing": page})


@require_GET
@needs(None)
def open_notice(request: ActingRequest, notice_id: uuid.UUID) -> HttpResponse:
    """Go where the notice leads; having gone there is having read it."""
    try:
        notice = selectors.get_notice(notice_id, request.acting)
    except Notice.DoesNotExist:
        raise Http404 from None
    services.mark_read(notice, actor=request.acting)
    return redirect(notice.link or "messaging:notices")


@require_POST
@needs(None)
def read_all(request: ActingRequest) -> HttpResponse:
    services.mark_all_read(actor=request.acting)
    return redirect("messaging:notices")
