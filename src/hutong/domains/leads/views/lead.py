"""One lead: what to do, why, the verdict, and what follows from it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from hutong.domains.leads import permissions, selectors, services
from hutong.domains.leads.forms import DecisionForm, ReassignForm, ReviewForm, VerdictForm
from hutong.domains.leads.models import Lead
from hutong.domains.leads.presenters import leads as presenters
from hutong.domains.leads.services import decisions
from hutong.domains.policy import selectors as policy
from hutong.domains.registry import selectors as registry
from hutong.domains.workforce import services as workforce
from hutong.foundation.access.guards import ActingRequest, needs
from hutong.foundation.design import fragments
from hutong.foundation.documents import selectors as documents
from hutong.foundation.documents.inspection import Refused
from hutong.foundation.network import selectors as network
from hutong.foundation.workflow import selectors as workflow

SUBJECT = "leads.lead"


def found(request: ActingRequest, public_id: str) -> Lead:
    try:
        return selectors.get_lead(public_id, request.acting)
    except Lead.DoesNotExist:
        raise Http404 from None


@require_GET
@needs("lead.view")
def show(request: ActingRequest, public_id: str) -> HttpResponse:
    return _page(request, found(request, public_id))


def _page(request: ActingRequest, lead: Lead, status: int = 200, **forms: Form) -> HttpResponse:
    """The page with fresh forms, but for those given back with what was typed."""
    actor = request.acting
    verify, review = permissions.can_verify(actor, lead), permissions.can_review(actor, lead)
    bar = workforce.find_bar(actor) if verify or review else ""
    made: dict[str, Form | None] = {
        "verdict": VerdictForm() if verify and not bar else None,
        "decision": DecisionForm(lead) if permissions.can_decide(actor, lead) else None,
        "review": ReviewForm(lead) if review else None,
        "reassign": ReassignForm(lead, actor) if permissions.can_reassign(actor, lead) else None,
    }
    paths = network.area_paths([lead.area_code, lead.child.residence_area, lead.hukou_area])
    context: dict[str, Any] = {
        "lead": lead,
        "child": lead.child,
        "forms": made | forms,
        "bar": bar,
        "task": presenters.task(lead),
        "badge": presenters.badge(lead),
        "kind_words": presenters.kind_words(lead),
        "kind_tone": presenters.KIND_TONES[lead.kind],
        "evidence": presenters.evidence(lead),
        "before": presenters.before(lead),
        "why": policy.why(lead.why),
        "kin": [(one.get_relation_display(), one.person.name) for one in registry.list_kin(lead.child)],
        "residence": paths.get(lead.child.residence_area, ""),
        "hukou": paths.get(lead.hukou_area, ""),
        "area": paths.get(lead.area_code, ""),
        "scheme": policy.scheme_label(lead.scheme),
        "steps": presenters.history(workflow.list_history(SUBJECT, lead.pk)),
        "findings": list(selectors.list_findings(lead)),
        "files": documents.file_rows(documents.list_of_subject(SUBJECT, lead.pk)),
        "may_open": actor.may("child.view"),
    }
    return fragments.render(request, "leads/lead.html", context, status=status)


@require_POST
@needs("lead.verdict")
def verdict(request: ActingRequest, public_id: str) -> HttpResponse:
    """Record a verdict, then what else waits for the same household; the second of two clicks lands there too."""
    lead = found(request, public_id)
    form = VerdictForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, lead, 422, verdict=form)
    said = form.cleaned_data
    papers = said.pop("papers")
    try:
        services.verdict(lead=lead, actor=request.acting, files=papers, **said)
    except Refused as refused:
        form.add_error("papers", str(refused))
        return _page(request, lead, 422, verdict=form)
    except PermissionDenied as denied:
        form.add_error(None, str(denied))
        return _page(request, lead, 409, verdict=form)
    messages.success(request, f"已提交 {lead.child.name} 的核实结果：{lead.get_answer_display()}。")
    if selectors.list_beside(lead, request.acting).exists():
        return redirect("leads:after", public_id=lead.public_id)
    return redirect("web:home")


@require_GET
@needs("lead.verdict")
def after(request: ActingRequest, public_id: str) -> HttpResponse:
    """顺便: this household's other open tasks."""
    lead = found(request, public_id)
    items = [
        {
            "title": item.title,
            "who": item.summary,
            "url": item.link,
            "due": item.due_on,
            "flag": "紧急" if item.priority else "",
        }
        for item in selectors.list_beside(lead, request.acting)[:20]
    ]
    return fragments.render(request, "leads/after.html", {"lead": lead, "items": items})


@require_POST
@needs("lead.decide")
def decide(request: ActingRequest, public_id: str) -> HttpResponse:
    lead = found(request, public_id)
    form = DecisionForm(lead, request.POST)

    def run(said: dict[str, Any]) -> None:
        step = services.act if said["code"] in decisions.ACT_CODES else services.close
        step(lead=lead, code=said["code"], words=said["words"], actor=request.acting)

    return _step(request, lead, form, "decision", run, "已处理")


@require_POST
@needs("lead.review")
def review(request: ActingRequest, public_id: str) -> HttpResponse:
    lead = found(request, public_id)
    form = ReviewForm(lead, request.POST)

    def run(said: dict[str, Any]) -> None:
        if said["code"] == "BACK":
            services.send_back(lead=lead, words=said["words"], actor=request.acting)
        else:
            services.confirm_false(lead=lead, code=said["code"], words=said["words"], actor=request.acting)

    return _step(request, lead, form, "review", run, "已复核")


@require_POST
@needs("lead.reassign")
def reassign(request: ActingRequest, public_id: str) -> HttpResponse:
    lead = found(request, public_id)
    form = ReassignForm(lead, request.acting, request.POST)

    def run(said: dict[str, Any]) -> None:
        to = form.posts[said["to"]]
        services.reassign(lead=lead, to=to, reason=said["reason"], actor=request.acting)

    return _step(request, lead, form, "reassign", run, "已改派")


def _step(
    request: ActingRequest,
    lead: Lead,
    form: Form,
    name: str,
    run: Callable[[dict[str, Any]], None],
    done: str,
) -> HttpResponse:
    """One form, one step: refused with its sentence and what was typed, or done and back to the lead."""
    if not form.is_valid():
        return _page(request, lead, 422, **{name: form})
    try:
        run(form.cleaned_data)
    except PermissionDenied as denied:
        form.add_error(None, str(denied))
        return _page(request, lead, 409, **{name: form})
    messages.success(request, f"{done}：{lead.child.name}（{presenters.kind_words(lead)}）。")
    return redirect(reverse("leads:lead", args=[lead.public_id]))
