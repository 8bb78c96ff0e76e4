"""Lists of leads: mine, and those of the range."""

from __future__ import annotations

from typing import Any, Final

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_GET

from hutong.domains.leads import selectors
from hutong.domains.leads.forms import FilterForm
from hutong.domains.leads.models import Lead
from hutong.domains.leads.presenters import leads as presenters
from hutong.domains.leads.selectors import AGES, STAGES, Filter
from hutong.domains.policy import selectors as policy
from hutong.foundation.access.acting import Acting
from hutong.foundation.access.guards import ActingRequest, needs
from hutong.foundation.design import fragments
from hutong.foundation.design.environment import url
from hutong.foundation.design.listings import MOST_COUNTED, Column, listing
from hutong.foundation.network import selectors as network

COLUMNS: Final = (
    Column("儿童"), Column("种类"), Column("责任村（居）"), Column("承办"),
    Column("进展"), Column("截止", "due", ("due_on", "pk")),
)  # fmt: skip


def tabs(actor: Acting, active: str) -> list[dict[str, Any]]:
    """Views of leads the actor may open."""
    made = [("mine", "待我办理", "lead.view"), ("all", "辖区线索", "lead.view"), ("funnel", "统计", "lead.funnel"),
            ("corrections", "源数据纠正", "lead.decide")]  # fmt: skip
    return [
        {"label": label, "url": url(f"leads:{name}"), "active": name == active}
        for name, label, right in made
        if actor.may(right)
    ]


@require_GET
@needs("lead.view")
def mine(request: ActingRequest) -> HttpResponse:
    """What waits for this post; emergencies apart, in red, on top."""
    rows = selectors.fetch_mine(request.acting)
    urgent = [_card(lead) for lead in rows if lead.kind == "EMERGENCY"]
    others = [_card(lead) for lead in rows if lead.kind != "EMERGENCY"]
    context = {"tabs": tabs(request.acting, "mine"), "urgent": urgent, "others": others}
    return fragments.render(request, "leads/mine.html", context)


def _card(lead: Lead) -> dict[str, Any]:
    what = {"OPEN": "核实", "PENDING": "再次核实", "VERIFIED_FALSE": "复核不属实"}.get(lead.state, "处理")
    return {
        "title": f"{what}：{lead.child.name}",
        "who": presenters.kind_words(lead),
        "where": "",
        "url": url("leads:lead", lead.public_id),
        "due": lead.due_on,
        "flag": "急" if lead.kind == "EMERGENCY" else "",
    }


@require_GET
@needs("lead.view")
def everything(request: ActingRequest) -> HttpResponse:
    """Leads of the range, narrowed; the address a number leads to shows exactly the rows it counted."""
    actor = request.acting
    chosen = Filter.from_query(request.GET)
    if chosen.area and not actor.scope.holds(chosen.area):
        raise Http404
    page = listing(
        request.GET,
        COLUMNS,
        selectors.fetch_leads(actor, chosen),
        count=lambda: selectors.count_leads(actor, chosen, MOST_COUNTED + 1),
        sort="due",
    )
    home = actor.post.area_code
    context = {
        "tabs": tabs(actor, "all"),
        "page": page,
        "paths": network.paths_below(home, [lead.area_code for lead in page.rows]),
        "form": FilterForm(network.places_to_choose(home, chosen.area), initial=_initial(chosen)),
        "narrowed": _narrowed(chosen),
        "badges": {lead.pk: presenters.badge(lead) for lead in page.rows},
        "tones": presenters.KIND_TONES,
        "schemes": {lead.pk: policy.scheme_label(lead.scheme) for lead in page.rows},
    }
    return fragments.render(request, "leads/list.html", context)


def _initial(chosen: Filter) -> dict[str, str]:
    return {
        "area": chosen.area,
        "kind": chosen.kind,
        "progress": chosen.progress,
        "late": "1" if chosen.late else "",
    }


def _narrowed(chosen: Filter) -> list[str]:
    """What the address asks for beyond the filters shown."""
    said = []
    if chosen.stage:
        said.append(STAGES[chosen.stage][0])
    if chosen.age:
        said.append(f"未办结 {AGES[chosen.age][0]}")
    return said
