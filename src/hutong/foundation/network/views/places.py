"""Places: the picker, and where the network has gaps."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from hutong.foundation.accounts.guards import needs
from hutong.foundation.design.listings import Column, listing
from hutong.foundation.network import coverage as covering
from hutong.foundation.network import finding, selectors
from hutong.foundation.network.models import Area
from hutong.kernel import areas

_GAPS = (Column("地区", "code", ("code",)), Column("全称", "path", ("path",)))


@require_safe
@needs(None)
def find_areas(request: HttpRequest) -> HttpResponse:
    """Options of the place picker for ``?q=``; without it the places used lately. Reference data: the whole country."""
    given = (value for name, value in request.GET.items() if name == "q" or name.endswith("__label"))
    typed = str(next(given, ""))
    if typed.strip():
        return render(request, "network/places.html", {"places": finding.find_areas(typed), "recent": False})
    recent = finding.recent(request.session)
    return render(request, "network/places.html", {"places": recent, "recent": True})


@require_safe
@needs("network.view")
def coverage(request: HttpRequest) -> HttpResponse:
    """Coverage of the acting area, or of a place inside it; ``?gap=`` lists the places without."""
    own = request.acting.post.area_code  # type: ignore[attr-defined]
    code = _inside(request.GET.get("area", ""), own)
    gap = request.GET.get("gap", "")
    lines = covering.coverage(code)
    context = {
        "place": selectors.area_path(code) or "全国",
        "code": code,
        "lines": lines,
        "gap": next((line for line in lines if line.key == gap), None),
        "gaps": listing(request.GET, _GAPS, covering.list_gaps(code, gap), sort="code"),
        "children": Area.objects.filter(parent_code=code, level__in=areas.LEVELS[:-1], valid_to__isnull=True)
        .exclude(code=code)
        .order_by("code"),
    }
    return render(request, "network/coverage.html", context)


def _inside(text: str, own: str) -> str:
    """The asked place if it lies in the acting area, else the acting area."""
    well_formed = text.isascii() and text.isdigit() and len(text) == 12
    return text if well_formed and areas.contains(own, text) else own
