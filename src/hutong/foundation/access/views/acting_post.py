"""Choosing the post one acts in."""

from __future__ import annotations

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from hutong.foundation.access.acting import SESSION_KEY
from hutong.foundation.access.guards import ActingRequest, needs


@needs(None)
@require_POST
def switch(request: ActingRequest) -> HttpResponse:
    """Act in another post one holds today, from the next request on. POST ``post``: its id."""
    wanted = request.POST.get("post", "")
    if wanted not in {str(holding.post_id) for holding in request.acting.holdings}:
        raise Http404
    request.session[SESSION_KEY] = int(wanted)
    return HttpResponseRedirect("/")
