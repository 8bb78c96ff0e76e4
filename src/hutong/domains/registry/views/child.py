"""The child's page."""

from __future__ import annotations

from django.http import Http404, HttpResponse

from hutong.domains.registry import services
from hutong.domains.registry.models import Child
from hutong.foundation.access.guards import ActingRequest, needs
from hutong.foundation.design import fragments


def opened(request: ActingRequest, public_id: str) -> Child:
    """The child, recorded as read; 404 for whoever may not see her."""
    try:
        return services.open_file(public_id, actor=request.acting)
    except Child.DoesNotExist:
        raise Http404 from None


@needs("child.view")
def show(request: ActingRequest, public_id: str) -> HttpResponse:
    child = opened(request, public_id)
    return fragments.render(request, "registry/child.html", {"child": child})
