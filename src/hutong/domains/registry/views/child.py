"""The child's page, and who looked at it. Every opening is recorded in the same transaction."""

from __future__ import annotations

from django.http import Http404, HttpResponse

from hutong.domains.registry import panels, presenters, services
from hutong.domains.registry.models import Child
from hutong.foundation.access.guards import ActingRequest, needs
from hutong.foundation.audit.models import Read
from hutong.foundation.design import fragments
from hutong.foundation.design.listings import Column, listing

VIEWERS = (Column("时间"), Column("谁"), Column("看了什么"), Column("目的"))


def opened(request: ActingRequest, public_id: str, what: str = "档案") -> Child:
    """The child, recorded as read; 404 for whoever may not see her."""
    try:
        return services.open_file(public_id, actor=request.acting, what=what)
    except Child.DoesNotExist:
        raise Http404 from None


@needs("child.view")
def show(request: ActingRequest, public_id: str) -> HttpResponse:
    child = opened(request, public_id)
    context = {
        "child": child,
        "page": presenters.page(child, request.acting),
        "panels": panels.shown(request.acting, child),
    }
    return fragments.render(request, "registry/child.html", context)


@needs("child.viewers")
def viewers(request: ActingRequest, public_id: str) -> HttpResponse:
    """Who opened this file, when and for what; looking at it is itself a reading."""
    child = opened(request, public_id, "谁看过")
    reads = Read.objects.filter(child_id=child.pk).order_by("-at", "-pk")
    context = {"child": child, "reads": listing(request.GET, VIEWERS, reads)}
    return fragments.render(request, "registry/viewers.html", context)
