"""Asking why, before a file is shown that no task of the reader explains (ADR 0016; TM-03)."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from hutong.domains.registry.forms.reason import ReasonForm
from hutong.domains.registry.models import Child
from hutong.foundation.access import explaining
from hutong.foundation.access.guards import ActingRequest, needs
from hutong.foundation.design import fragments

DRAWER = "drawer-body"


def ask(request: HttpRequest, needed: explaining.ReasonNeeded) -> HttpResponse:
    """The question, in place of the page asked for and at its address: going back and reloading do no harm."""
    child = Child.objects.get(pk=needed.child_id)
    if fragments.wants_fragment(request) and request.headers.get("HX-Target") != DRAWER:
        answer = HttpResponse()  # a part of a page has no room for a question: the whole page asks
        answer["HX-Redirect"] = request.get_full_path()
        return answer
    return _page(request, child, ReasonForm(initial={"next": request.get_full_path()}))


@require_POST
@needs("child.view")
def state(request: ActingRequest, public_id: str) -> HttpResponse:
    """Remember the reason for today and go on to the page that was asked for."""
    child = Child.objects.filter(public_id=public_id).first()
    if child is None:
        raise Http404
    form = ReasonForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            explaining.state_reason(
                actor=request.acting, child_id=child.pk, area_code=child.residence_area, code=given["code"],
                words=given["words"],
            )  # fmt: skip
        except ValueError as refused:
            form.add_error("words", str(refused))
        else:
            return HttpResponseRedirect(_next(given["next"], child))
    return _page(request, child, form, status=422)


def _next(wanted: str, child: Child) -> str:
    """The address asked for, if it is one of this site."""
    here = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if here else reverse("registry:child", args=[child.public_id])


def _page(request: HttpRequest, child: Child, form: ReasonForm, status: int = 200) -> HttpResponse:
    context = {"child": child, "form": form, "in_drawer": fragments.wants_fragment(request)}
    answer = fragments.render(request, "registry/reason.html", context, block="drawer", status=status)
    answer["Cache-Control"] = "private, no-store"
    return answer
