"""The fourteen lists: who provides them, what they mean, what arrived; templates to fill in."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse

from hutong.domains.exchange import forms, permissions, presenters, quarters, selectors
from hutong.domains.exchange.storage import workbooks
from hutong.domains.exchange.views.sealing import with_sealed
from hutong.foundation.access.guards import ActingRequest, needs
from hutong.foundation.design import fragments
from hutong.kernel import clock
from hutong.linkage.catalogue import LISTS

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def chosen_quarter(request: HttpRequest) -> quarters.Quarter:
    """``?quarter=``, else the present one; nonsense is the present one too."""
    try:
        return quarters.parse(request.GET.get("quarter", ""))
    except quarters.QuarterError:
        return quarters.of(clock.today())


@needs("exchange.view")
@with_sealed
def catalogue(request: ActingRequest) -> HttpResponse:
    """All lists with what arrived for the quarter. For county officers and department clerks."""
    quarter, actor = chosen_quarter(request), request.acting
    uploads = set(permissions.lists_for(actor)) if actor.may("exchange.upload") else set()
    whole = actor.may("exchange.confirm")
    rows = [
        presenters.arrival_row(one, quarter, whole=whole, own=one.code in uploads)
        for one in selectors.arrivals(actor, quarter)
    ]
    context = {
        "quarter": quarter,
        "quarters": forms.quarter_choices(),
        "rows": rows,
        "arrived": sum(1 for row in rows if row["used"]),
        "whole": whole,
        "uploads": uploads,
        "may_compare": actor.may("compare.run"),
    }
    return fragments.render(request, "exchange/catalogue.html", context)


@needs("exchange.view")
@with_sealed
def one_list(request: ActingRequest, code: str) -> HttpResponse:
    """One list: its columns and how to fill them."""
    if code not in permissions.shown_to(request.acting):
        raise Http404
    spec = LISTS[code]
    context = {
        "code": code,
        "spec": spec,
        "columns": workbooks.columns_of(spec),
        "providers": "、".join(map(presenters.department, spec.table.providers)),
        "may_upload": request.acting.may("exchange.upload") and code in permissions.lists_for(request.acting),
        "batches": [
            (one, presenters.batch_badge(one)) for one in selectors.list_batches(list_code=code)[:10]
        ],
    }
    return fragments.render(request, "exchange/list.html", context)


@needs("exchange.view")
@with_sealed
def template(request: ActingRequest, code: str, form: str) -> HttpResponse:
    """The empty sheet of a list, as xlsx or csv."""
    if code not in permissions.shown_to(request.acting) or form not in ("xlsx", "csv"):
        raise Http404
    content = workbooks.template_xlsx(code) if form == "xlsx" else workbooks.template_csv(code)
    kind = XLSX if form == "xlsx" else "text/csv; charset=utf-8"
    name = "密封清单" if LISTS[code].table.sealed else LISTS[code].table.title
    return attachment(content, f"{name}-模板.{form}", kind)


def attachment(content: bytes, name: str, kind: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response.headers["Content-Disposition"] = _disposition(name)
    response.headers["Cache-Control"] = "no-store"
    return response


def _disposition(name: str) -> str:
    from django.utils.http import content_disposition_header

    return content_disposition_header(True, name) or "attachment"
