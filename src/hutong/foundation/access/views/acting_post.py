"""Choosing the post one acts in."""

from __future__ import annotations

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from hutong.foundation.access.acting import SESSION_KEY, find_stand_in
from hutong.foundation.access.guards import ActingRequest, needs


@needs(None)
@require_POST
def switch(request: ActingRequest) -> HttpResponse:
    """Act in another post one holds or answers for today, from the next request on. POST ``post``: its id."""
    wanted = request.POST.get("post", "")
    acting = request.acting
    if not (wanted.isascii() and wanted.isdigit() and len(wanted) < 19):
        raise Http404
    held = tuple(one for one in acting.holdings if one.pk)
    if int(wanted) not in {one.post_id for one in held} and not find_stand_in(acting.user, held, int(wanted)):
        raise Http404
    request.session[SESSION_KEY] = int(wanted)
    return HttpResponseRedirect("/")
