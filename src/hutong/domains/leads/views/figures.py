"""Funnel and ageing by place; numbers lead to their rows, or stand alone and withheld for those who see counts only."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from hutong.domains.leads import selectors
from hutong.domains.leads.models import KINDS
from hutong.domains.leads.presenters import figures
from hutong.domains.leads.selectors import LATE, PROGRESS, STAGES, FunnelView
from hutong.domains.leads.services import terms
from hutong.domains.leads.views import lists
from hutong.foundation.access.acting import Acting
from hutong.foundation.access.guards import ActingRequest, needs
from hutong.foundation.design import fragments
from hutong.foundation.network import selectors as network
from hutong.kernel import areas, clock


def _view(request: ActingRequest) -> tuple[FunnelView, figures.Figures]:
    """The figures of the actor's own area, or of a place inside it for those who may see the rows."""
    actor = request.acting
    area = selectors.Filter.from_query(request.GET).area
    if area and (not actor.scope.holds(area) or not actor.may("lead.view")):
        raise Http404
    view = selectors.funnel(actor, area)
    small = terms.value("small_cell", clock.today())
    return view, figures.figures(view, links=actor.may("lead.view"), small=small)


@require_GET
@needs("lead.funnel")
def funnel(request: ActingRequest) -> HttpResponse:
    actor = request.acting
    view, made = _view(request)
    links = actor.may("lead.view")
    names = network.area_paths(list(view.places))
    context = {
        "tabs": lists.tabs(actor, "funnel"),
        "made": made,
        "place": network.area_path(view.area),
        "above": _above(actor, view.area) if links else None,
        "names": {code: _short(name, view.area) for code, name in names.items()},
        "place_urls": {code: _place_url(code, view.area) if links else "" for code in view.places},
        "kinds": {**KINDS, "": "合计"},
        "stages": {key: label for key, (label, _) in STAGES.items()},
        "progress": {key: label for key, (label, _) in PROGRESS.items()},
        "ages": figures.AGE_COLUMNS,
        "stage_headings": [(label, "number") for label, _ in STAGES.values()],
        "age_headings": [(label, "number") for label in figures.AGE_COLUMNS.values()],
        "late": LATE,
        "small": terms.value("small_cell", clock.today()),
        "funnel_chart": figures.funnel_chart(made),
        "flow_chart": figures.flow_chart(view) if links and view.outcomes else None,
        "csv": {what: f"{reverse('leads:figures_csv', args=[what])}?area={view.area if links else ''}"
                for what in ("kinds", "ages", "flows")},
    }  # fmt: skip
    return fragments.render(request, "leads/funnel.html", context)


@require_GET
@needs("lead.funnel")
def download(request: ActingRequest, which: str) -> HttpResponse:
    """Counts only, never names; what is withheld on the page is withheld here."""
    view, made = _view(request)
    if which == "flows" and request.acting.may("lead.view"):
        table = figures.flow_chart(view)
    elif which == "ages":
        table = figures.age_table(made, network.area_paths(list(view.places)))
    elif which == "kinds":
        table = figures.kind_table(made)
    else:
        raise Http404
    response = HttpResponse(table.csv(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="leads-{which}-{view.area}.csv"'
    return response


def _short(path: str, area: str) -> str:
    """The name below the place looked at: its own path is said once above."""
    above = network.area_path(area)
    return path.removeprefix(above) or path


def _place_url(code: str, area: str) -> str:
    """A wider place opens its own figures; a village has none below."""
    return "" if code == area or areas.level(code) == "village" else f"{reverse('leads:funnel')}?area={code}"


def _above(actor: Acting, area: str) -> tuple[str, str] | None:
    """(name, address) of the place above, while it lies in the actor's range."""
    if area == actor.post.area_code:
        return None
    up = areas.parent(area)
    if up is None or not actor.scope.holds(up):
        return None
    return network.area_path(up), f"{reverse('leads:funnel')}?area={up}"
