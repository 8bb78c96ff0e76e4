"""A ledger on screen: asked for, page by page, and printed as it stands."""

from __future__ import annotations

from typing import Any, Final

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from hutong.domains.ledgers.data import catalogue
from hutong.domains.ledgers.forms.asking import LedgerForm
from hutong.domains.ledgers.models.exports import BASES
from hutong.domains.ledgers.papers.sheet import FOOT
from hutong.domains.ledgers.presenters import people
from hutong.domains.ledgers.presenters.columns import COLUMNS
from hutong.domains.ledgers.selectors.ledger import Asked, list_ledger
from hutong.foundation.access.acting import Acting
from hutong.foundation.access.guards import ActingRequest, needs
from hutong.foundation.design import fragments
from hutong.foundation.design.listings import Column, listing
from hutong.foundation.network import selectors as network
from hutong.foundation.network.models import Area
from hutong.kernel import clock

SIZE: Final = 50


def tabs(actor: Acting, active: str) -> list[dict[str, Any]]:
    made = [
        ("index", "台账", "ledger.view"),
        ("completeness", "档案完整度", "ledger.view"),
        ("exports", "导出申请", "ledger.export"),
        ("quarterly", "全国系统季度数据", "ledger.report"),
    ]
    return [
        {"label": label, "url": reverse(f"ledgers:{name}"), "active": name == active}
        for name, label, right in made
        if actor.may(right)
    ]


@require_GET
@needs("ledger.view")
def index(request: ActingRequest) -> HttpResponse:
    """Nothing until a ledger is asked for; then fifty rows at a time, of the acting range only."""
    actor = request.acting
    asked = Asked.from_query(request.GET, actor)
    if asked is not None and not asked.within(actor):
        raise Http404
    context: dict[str, Any] = {
        "tabs": tabs(actor, "index"),
        "form": LedgerForm(places(actor, asked), initial=_initial(asked)),
        "asked": asked,
        "page": None,
    }
    if asked is not None:
        context |= _page(request, asked)
    return fragments.render(request, "ledgers/index.html", context)


def _page(request: ActingRequest, asked: Asked) -> dict[str, Any]:
    kind = catalogue.kinds()[asked.kind]
    shown = [COLUMNS[code] for code in kind.columns if COLUMNS[code].screen]
    heads = [Column("序号", kind="number"), *(Column(column.label) for column in shown)]
    page = listing(request.GET, heads, list_ledger(asked), size=SIZE, count=True)
    lines = people.lines(page.rows, start=page.first, home=asked.area)
    place = network.area_path(asked.area)
    return {
        "kind": kind,
        "page": page,
        "columns": shown,
        "lines": {line.child.pk: line for line in lines},
        "title": f"{place}{kind.label}台账",
        "unit": request.acting.post.org.name,
        "basis": BASES[asked.basis],
        "foot": FOOT,
        "mark": f"内部资料，严禁外传　{request.acting.label}　{clock.now():%Y-%m-%d %H:%M}",
        "ask_url": f"{reverse('ledgers:ask')}?{asked.query()}" if request.acting.may("ledger.export") else "",
    }


def _initial(asked: Asked | None) -> dict[str, str]:
    return {"kind": asked.kind, "area": asked.area, "basis": asked.basis} if asked else {}


def places(actor: Acting, asked: Asked | None) -> list[tuple[str, str]]:
    """The own place, those directly below, and the one looked at with those below it."""
    home = actor.post.area_code
    wanted = [home] if asked is None or asked.area == home else [home, asked.area]
    below = Area.objects.filter(parent_code__in=wanted, valid_to__isnull=True).order_by("code")
    found = [(area.code, area.name) for area in below]
    first = [(home, f"本辖区（{network.area_path(home)}）")]
    if asked is not None and asked.area not in {home, *dict(found)}:
        first.append((asked.area, network.area_path(asked.area)))
    return first + found
