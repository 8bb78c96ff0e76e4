"""Lists: families this post is to tell, offers of the range, what is to be found out first."""

from __future__ import annotations

from typing import Any, Final

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_GET

from hutong.domains.outreach import presenters, selectors
from hutong.domains.outreach.forms import FilterForm
from hutong.domains.outreach.selectors import Filter
from hutong.foundation.access.acting import Acting
from hutong.foundation.access.guards import ActingRequest, needs
from hutong.foundation.design import fragments
from hutong.foundation.design.environment import url
from hutong.foundation.design.listings import MOST_COUNTED, Column, listing
from hutong.foundation.network import selectors as network

COLUMNS: Final = (
    Column("儿童"), Column("待遇"), Column("责任村（居）"), Column("进展"),
    Column("办理情况"), Column("截止", "due", ("due_on", "pk")),
)  # fmt: skip
ASKED: Final = (Column("儿童"), Column("责任村（居）"), Column("先要弄清"), Column("可能有关的待遇"))


def tabs(actor: Acting, active: str) -> list[dict[str, Any]]:
    """Views of offers the actor may open."""
    made = [("mine", "待我告知", "outreach.view"), ("all", "辖区可享待遇", "outreach.view"),
            ("questions", "尚不能判断", "outreach.view"), ("figures", "统计", "outreach.figures")]  # fmt: skip
    return [
        {"label": label, "url": url(f"outreach:{name}"), "active": name == active}
        for name, label, right in made
        if actor.may(right)
    ]


@require_GET
@needs("outreach.view")
def mine(request: ActingRequest) -> HttpResponse:
    """Families this post is to tell or to help next."""
    rows = [
        {
            "title": item.title,
            "who": item.summary,
            "where": "",
            "url": item.link,
            "due": item.due_on,
            "flag": "",
        }
        for item in selectors.list_mine(request.acting)[:200]
    ]
    return fragments.render(
        request, "outreach/mine.html", {"tabs": tabs(request.acting, "mine"), "rows": rows}
    )


@require_GET
@needs("outreach.view")
def everything(request: ActingRequest) -> HttpResponse:
    """Offers of the range; the address a number leads to shows exactly the rows it counted."""
    actor = request.acting
    chosen = Filter.from_query(request.GET)
    _check_inside(actor, chosen.area)
    page = listing(
        request.GET,
        COLUMNS,
        selectors.fetch_offers(actor, chosen),
        count=lambda: selectors.count_offers(actor, chosen, MOST_COUNTED + 1),
        sort="due",
    )
    context = {
        "tabs": tabs(actor, "all"),
        "page": page,
        "rows": {one.pk: presenters.row(one) for one in page.rows},
        "paths": network.paths_below(actor.post.area_code, [one.area_code for one in page.rows]),
        "form": FilterForm(
            network.places_to_choose(actor.post.area_code, chosen.area), initial=_initial(chosen)
        ),
    }
    return fragments.render(request, "outreach/list.html", context)


@require_GET
@needs("outreach.view")
def questions(request: ActingRequest) -> HttpResponse:
    """Children about whom something is to be found out before the rules can say anything: not findings."""
    actor = request.acting
    area = Filter.from_query(request.GET).area
    _check_inside(actor, area)
    page = listing(request.GET, ASKED, selectors.list_questions(actor, area), count=True)
    context = {
        "tabs": tabs(actor, "questions"),
        "page": page,
        "asked": {one.pk: presenters.question(one) for one in page.rows},
        "paths": network.paths_below(actor.post.area_code, [one.area_code for one in page.rows]),
    }
    return fragments.render(request, "outreach/questions.html", context)


def _check_inside(actor: Acting, area: str) -> None:
    if area and not actor.scope.holds(area):
        raise Http404


def _initial(chosen: Filter) -> dict[str, str]:
    return {
        "area": chosen.area,
        "progress": chosen.progress,
        "benefit": chosen.benefit,
        "late": "1" if chosen.late else "",
    }
