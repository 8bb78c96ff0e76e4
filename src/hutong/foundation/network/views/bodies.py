"""Bodies of the network: list, one body, editing."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from hutong.foundation.accounts.guards import needs
from hutong.foundation.design.listings import Column, listing
from hutong.foundation.network import catalogue, finding, selectors, services
from hutong.foundation.network.errors import NetworkRefused
from hutong.foundation.network.forms import STATUSES, BodyFilter, BodyForm, PostForm
from hutong.foundation.network.models import Org

_COLUMNS = (
    Column("名称", "name", ("name",)),
    Column("类别", "kind", ("kind", "name")),
    Column("地区", "area", ("area_code", "name")),
    Column("联络员"),
    Column("强制报告联系人"),
)


@require_safe
@needs("network.view")
def bodies(request: HttpRequest) -> HttpResponse:
    """Bodies of the acting area, filtered by place, kind and name."""
    own = request.acting.post.area_code  # type: ignore[attr-defined]
    form = BodyFilter(request.GET or None)
    asked = form.cleaned_data if form.is_bound and form.is_valid() else {}
    rows = selectors.list_orgs(
        within=own, area_code=asked.get("area", ""), kind=asked.get("kind", ""), text=asked.get("q", "")
    )
    page = listing(request.GET, _COLUMNS, rows, sort="area")
    context = {
        "form": form,
        "listing": page,
        "kinds": catalogue.kinds(),
        "paths": selectors.area_paths([org.area_code for org in page.rows]),
    }
    return render(request, "network/bodies.html", context)


@require_safe
@needs("network.view")
def body(request: HttpRequest, public_id: UUID) -> HttpResponse:
    org = get_object_or_404(Org, public_id=public_id)
    context = {
        "org": org,
        "kind": catalogue.kinds().get(org.kind),
        "status": dict(STATUSES).get(org.status, org.status),
        "path": selectors.area_path(org.area_code),
        "aliases": list(org.aliases.order_by("name").values_list("name", flat=True)),
        "posts": selectors.list_posts_with_holders(org),
        "may_manage": _may_manage(request, org),
    }
    return render(request, "network/body.html", context)


def _may_manage(request: HttpRequest, org: Org) -> bool:
    acting = request.acting  # type: ignore[attr-defined]
    return acting.may("network.manage") and acting.scope.covers(org.area_code)  # type: ignore[no-any-return]


@require_http_methods(["GET", "POST"])
@needs("network.manage")
def add_body(request: HttpRequest) -> HttpResponse:
    return _edit(request, None, {"status": "operating"})


@require_http_methods(["GET", "POST"])
@needs("network.manage")
def edit_body(request: HttpRequest, public_id: UUID) -> HttpResponse:
    org = get_object_or_404(Org, public_id=public_id)
    facts = {name: getattr(org, name) for name in services.EDITABLE}
    return _edit(request, org, facts | {"aliases": "\n".join(org.aliases.values_list("name", flat=True))})


def _edit(request: HttpRequest, org: Org | None, initial: dict[str, Any]) -> HttpResponse:
    form = BodyForm(request.POST or None, initial=initial, fixed_area=org is not None)
    if request.method == "POST" and form.is_valid():
        area = form.cleaned_data.get("area", "")
        try:
            saved = services.save_org(
                actor=request.acting,  # type: ignore[attr-defined]
                org=org,
                area_code=area,
                aliases=form.alias_lines(),
                **form.facts(),
            )
        except (NetworkRefused, PermissionDenied) as refusal:
            form.add_error(None, str(refusal))
        else:
            if area:
                finding.remember(request.session, area)
            messages.success(request, f"已保存“{saved.name}”。")
            return HttpResponseRedirect(reverse("network:body", args=[saved.public_id]))
    status = 422 if form.is_bound else 200
    return render(request, "network/edit_body.html", {"form": form, "org": org}, status=status)


@require_http_methods(["GET", "POST"])
@needs("network.manage")
def add_post(request: HttpRequest, public_id: UUID) -> HttpResponse:
    org = get_object_or_404(Org, public_id=public_id)
    form = PostForm(request.POST or None, initial={"area": org.area_code})
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        try:
            post = services.create_post(
                actor=request.acting,  # type: ignore[attr-defined]
                org=org,
                role=facts["role"],
                area_code=facts["area"],
                title=facts["title"],
            )
        except (NetworkRefused, PermissionDenied) as refusal:
            form.add_error(None, str(refusal))
        else:
            return HttpResponseRedirect(reverse("network:post", args=[post.public_id]))
    return render(
        request, "network/add_post.html", {"form": form, "org": org}, status=422 if form.is_bound else 200
    )
