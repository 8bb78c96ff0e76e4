from __future__ import annotations

from django.http import Http404, HttpResponse

from hutong.foundation.access.guards import ActingRequest, needs


@needs("lead.view")
def mine(request: ActingRequest) -> HttpResponse:
    raise Http404


@needs("lead.view")
def lead(request: ActingRequest, public_id: str) -> HttpResponse:
    raise Http404
