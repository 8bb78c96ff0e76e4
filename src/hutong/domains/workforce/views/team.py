"""The team of a place, as a list and as a file; and how one stands oneself."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from hutong.domains.workforce import selectors, services
from hutong.domains.workforce.forms.people import HandoutForm, ImportForm, TeamFilter
from hutong.domains.workforce.presenters import people as presenting
from hutong.domains.workforce.services.errors import Refused
from hutong.foundation.access.guards import ActingRequest, fresh, needs
from hutong.foundation.design import fragments
from hutong.foundation.design.listings import Column, listing
from hutong.foundation.network import selectors as network
from hutong.kernel import areas, clock

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
COLUMNS: Final = (
    Column("姓名", "name", ("user__name", "pk")), Column("岗位", "post", ("post__area_code", "pk")), Column("任职", "since", ("since", "pk")),
    Column("最近培训"), Column("考核合格"), Column("背景查询"), Column("情况"),
)  # fmt: skip


def _asked(request: ActingRequest, given: Any) -> tuple[TeamFilter, dict[str, str]]:
    """The filter as asked for; a place outside the range does not exist."""
    actor = request.acting
    form = TeamFilter(
        given if given else {"state": "need"},
        places=network.places_below(actor.post.area_code),
        roles=sorted(selectors.signing_roles()),
    )
    asked = form.cleaned_data if form.is_valid() else {}
    code = asked.get("area", "")
    if code and not areas.contains(actor.post.area_code, code):
        raise Http404
    return form, {
        "area_code": code, "role": asked.get("role", ""), "state": asked.get("state") or "all", "text": asked.get("q", ""),
    }  # fmt: skip


@require_safe
@needs("workforce.view")
def index(request: ActingRequest) -> HttpResponse:
    """Who needs something first; everybody when asked."""
    form, asked = _asked(request, request.GET)
    page = listing(request.GET, COLUMNS, selectors.list_team(request.acting, **asked), sort="post")
    context = {
        "form": form,
        "page": page,
        "lines": {holding.pk: presenting.line(holding) for holding in page.rows},
        "figures": selectors.figures(request.acting),
        "may_keep": request.acting.may("workforce.keep"),
        "query": request.GET.urlencode(),
    }
    return fragments.render(request, "workforce/index.html", context)


@require_safe
@needs("work.do")
def mine(request: ActingRequest) -> HttpResponse:
    """How one stands oneself, and what to do about it."""
    actor = request.acting
    asked = actor.role in selectors.signing_roles()
    context = {"asked": asked, "state": selectors.own_standing(actor) if asked else None}
    return fragments.render(request, "workforce/mine.html", context)


@require_http_methods(["GET", "POST"])
@needs("workforce.keep")
def bring_in(request: ActingRequest) -> HttpResponse:
    """A filled-in template; what is refused is named by line, and nothing is written unless asked for."""
    form = ImportForm(request.POST or None, request.FILES or None)
    result = None
    if request.method == "POST" and form.is_valid():
        try:
            result = services.import_list(
                actor=request.acting,
                content=form.cleaned_data["file"].read(),
                partial=form.cleaned_data["partial"],
            )
        except Refused as refused:
            form.add_error("file", str(refused))
    if result is not None and result.applied and not result.rejected:
        messages.success(request, f"已导入 {result.passed} 行。")
        return redirect("workforce:index")
    status = 422 if form.is_bound else 200
    return fragments.render(request, "workforce/import.html", {"form": form, "result": result}, status=status)


@require_safe
@needs("workforce.keep")
def template(request: ActingRequest) -> HttpResponse:
    return _file(services.template(), "实名名册模板.xlsx")


@require_http_methods(["GET", "POST"])
@needs("workforce.keep")
@fresh
def hand_out(request: ActingRequest) -> HttpResponse:
    """The list as filtered, as a file, with what it is for."""
    _, asked = _asked(request, request.GET)
    team = selectors.list_team(request.acting, **asked)
    form = HandoutForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        content = services.hand_out(actor=request.acting, team=team, purpose=form.cleaned_data["purpose"])
        return _file(content, f"实名名册 {clock.today()}.xlsx")
    context = {"form": form, "rows": team.count(), "query": request.GET.urlencode()}
    return fragments.render(request, "workforce/hand_out.html", context, status=422 if form.is_bound else 200)


def _file(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
