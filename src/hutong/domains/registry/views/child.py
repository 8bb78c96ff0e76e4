"""The child's page, and who looked at it. Every opening is recorded in the same transaction."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from hutong.domains.registry import panels, presenters, services
from hutong.domains.registry.models import Child
from hutong.foundation.access import explaining
from hutong.foundation.access.guards import ActingRequest, needs
from hutong.foundation.audit.models import Read
from hutong.foundation.design import fragments
from hutong.foundation.design.listings import Column, listing

VIEWERS = (Column("时间"), Column("谁"), Column("看了什么"), Column("为何打开"))


def opened(request: ActingRequest, public_id: str, what: str = "档案") -> Child:
    """The child, recorded as read; 404 for whoever may not see her."""
    try:
        return services.open_file(public_id, actor=request.acting, what=what)
    except Child.DoesNotExist:
        raise Http404 from None


def opened_to_change(request: ActingRequest, public_id: str, what: str) -> Child:
    """The same for the pages that change her; refused with words where she is only looked at."""
    child = opened(request, public_id, what)
    request.acting.check_changes(child.pk)
    return child


@needs("child.view")
def show(request: ActingRequest, public_id: str) -> HttpResponse:
    child = opened(request, public_id)
    if child.public_id != public_id:
        messages.info(request, "您要找的档案经两人确认为重复建档，已并入这一份。")
        return redirect("registry:child", child.public_id)
    if child.state == "MERGED":
        return fragments.render(request, "registry/merged_away.html", {"child": child})
    page = presenters.page(child, request.acting)
    context = {
        "child": child,
        "page": page,
        "panels": panels.shown(request.acting, child) + panels.shown_of_merged(request.acting, page.absorbed),
    }
    return fragments.render(request, "registry/child.html", context)


@needs("child.viewers")
def viewers(request: ActingRequest, public_id: str) -> HttpResponse:
    """Who opened this file, when and for what; looking at it is itself a reading."""
    child = opened(request, public_id, "谁看过")
    reads = Read.objects.filter(child_id=child.pk).order_by("-at", "-pk")
    context = {"child": child, "reads": listing(request.GET, VIEWERS, reads), "why": explaining.label}
    return fragments.render(request, "registry/viewers.html", context)
