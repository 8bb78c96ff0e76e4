"""Numbers by place: what waits, what is late, how it ended. They lead to their rows for those who may see the rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from hutong.domains.outreach import selectors
from hutong.domains.outreach.selectors import ASKED, LATE, PROGRESS, Filter
from hutong.domains.outreach.services import terms
from hutong.domains.outreach.views import lists
from hutong.foundation.access.acting import Acting
from hutong.foundation.access.guards import ActingRequest, needs
from hutong.foundation.design import charts, fragments
from hutong.foundation.network import selectors as network
from hutong.kernel import clock
from hutong.kernel.withholding import withheld

COLUMNS: Final = {
    **{key: label for key, (label, _) in PROGRESS.items()},
    LATE: "其中逾期未办",
    ASKED: "尚不能判断（人）",
}
_PARTS: Final = ("found", "told", "helped")
ALL: Final = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A number with the address of its rows, or '＜5' without one."""

    value: int | str
    url: str = ""


def _figures(request: ActingRequest) -> tuple[str, dict[str, dict[str, Shown]], bool]:
    """Area, place → column → what is shown, whether something is withheld."""
    actor = request.acting
    area = Filter.from_query(request.GET).area
    rows = actor.may("child.view")
    if area and (not rows or not actor.scope.holds(area)):
        raise Http404
    found = selectors.figures(actor, area)
    found[ALL] = {key: sum(one[key] for one in found.values()) for key in COLUMNS}
    values: dict[tuple[str, ...], int] = {
        (place, key): found[place][key] for place in found for key in COLUMNS
    }
    small = terms.value("small_cell", clock.today())
    groups: list[list[tuple[str, ...]]] = [[(place, key) for place in found] for key in COLUMNS]
    hidden: set[tuple[str, ...]] = set() if rows else withheld(values, groups, small)

    def shown(place: str, key: str) -> Shown:
        count = found[place][key]
        if (place, key) in hidden:
            return Shown(f"＜{small}" if count < small else "—")
        return Shown(count, _url(actor, place or area, key) if rows and count else "")

    return area, {place: {key: shown(place, key) for key in COLUMNS} for place in found}, bool(hidden)


def _url(actor: Acting, place: str, key: str) -> str:
    where = place or actor.post.area_code
    if key == ASKED:
        return f"{reverse('outreach:questions')}?area={where}"
    chosen = Filter(area=where, late=True) if key == LATE else Filter(area=where, progress=key)
    return f"{reverse('outreach:all')}?{chosen.query()}"


@require_GET
@needs("outreach.figures")
def figures(request: ActingRequest) -> HttpResponse:
    area, rows, hidden = _figures(request)
    context: dict[str, Any] = {
        "tabs": lists.tabs(request.acting, "figures"),
        "place": network.area_path(area or request.acting.post.area_code),
        "names": _names(request.acting, area, list(rows)),
        "columns": COLUMNS,
        "headings": [(label, "number") for label in COLUMNS.values()],
        "rows": rows,
        "hidden": hidden,
        "small": terms.value("small_cell", clock.today()),
        "csv": f"{reverse('outreach:figures_csv')}?area={area}",
    }
    return fragments.render(request, "outreach/figures.html", context)


def _names(actor: Acting, area: str, codes: list[str]) -> dict[str, str]:
    above = network.area_path(area or actor.post.area_code)
    paths = network.area_paths([code for code in codes if code])
    return {code: path.removeprefix(above) or path for code, path in paths.items()} | {ALL: "合计"}


@require_GET
@needs("outreach.figures")
def download(request: ActingRequest) -> HttpResponse:
    """Counts only; what is withheld on the page is withheld here."""
    area, rows, _ = _figures(request)
    names = _names(request.acting, area, list(rows))
    lines = [(names[place], place, *(rows[place][key].value for key in COLUMNS)) for place in rows]
    table = charts.Chart("政策找人", {}, ("地方", "区划代码", *COLUMNS.values()), tuple(lines))
    response = HttpResponse(table.csv(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="outreach.csv"'
    return response
