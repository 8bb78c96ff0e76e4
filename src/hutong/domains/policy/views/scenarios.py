"""Scenarios: the list, the editor, the figures, two side by side, the file."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hutong.domains.policy import forms, selectors, services
from hutong.domains.policy import machines as machine
from hutong.domains.policy.models import Scenario
from hutong.domains.policy.selectors import figures, scenarios
from hutong.domains.policy.services import handing_out, terms
from hutong.domains.policy.views import deciding
from hutong.foundation.access.guards import ActingRequest, fresh, needs
from hutong.foundation.design import fragments
from hutong.foundation.design.listings import Column, listing
from hutong.foundation.network import selectors as network
from hutong.foundation.workflow import presenters as workflow
from hutong.foundation.workflow import selectors as engine
from hutong.foundation.workflow.models import LongJob
from hutong.kernel import clock
from hutong.rulebook.simulate import KINDS
from hutong.rulebook.words import figure

COLUMNS = (Column("名称"), Column("地方"), Column("测算月份"), Column("进展"), Column("起草"))
TONES = {
    machine.COMPUTED: "info", machine.STALE: "warn", machine.PROPOSED: "warn", machine.SCHEDULED: "info", machine.ACTIVE: "ok",
}  # fmt: skip


def found(public_id: str) -> Scenario:
    try:
        return scenarios.get_scenario(public_id)
    except Scenario.DoesNotExist:
        raise Http404 from None


@require_safe
@needs("policy.simulate")
def index(request: ActingRequest) -> HttpResponse:
    page = listing(request.GET, COLUMNS, scenarios.list_scenarios(request.acting))
    context = {
        "listing": page,
        "paths": network.area_paths([one.area_code for one in page.rows]),
        "tones": TONES,
        "computed": [one for one in page.rows if one.result],
    }
    return fragments.render(request, "policy/scenarios.html", context)


@require_http_methods(["GET", "POST"])
@needs("policy.simulate")
def new(request: ActingRequest) -> HttpResponse:
    initial = {"area_code": request.acting.post.area_code}
    form = forms.ScenarioForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_bound and form.is_valid():
        try:
            made = services.create(actor=request.acting, **form.cleaned_data)
        except services.Refused as refused:
            form.add_error(None, str(refused))
        else:
            return redirect("policy:scenario", made.public_id)
    return fragments.render(
        request, "policy/scenario_new.html", {"form": form}, status=422 if form.is_bound else 200
    )


@require_safe
@needs("policy.simulate")
def show(request: ActingRequest, public_id: str) -> HttpResponse:
    """What is changed, how far it is, and, once computed, what it does."""
    scenario = found(public_id)
    own = scenario.made_by_id == request.user.pk
    exact = request.acting.may("child.view")
    small = terms.value("small_cell", clock.today())
    made = figures.figures(scenario, exact=exact, small=small) if scenario.result else None
    context = {
        "scenario": scenario,
        "tone": TONES.get(scenario.state, "plain"),
        "place": network.area_path(scenario.area_code),
        "pack": selectors.pack_label(scenario.pack),
        "lines": _lines(scenario),
        "rules": [(scenarios.rule_label(n), w) for w, ns in (("新设", scenario.adopts), ("停用", scenario.drops)) for n in ns],
        "may_change": own and scenario.state in machine.OPEN and not scenario.job,
        "own": own,
        "events": deciding.events(request, scenario),
        "job": _job(request, scenario),
        "made": made,
        "kinds": KINDS,
        "small": small,
        "chart": figures.place_chart(made) if made and made.places else None,
        "examples": _examples(scenario) if made and exact else [],
        "stale": services.find_staleness(scenario) if scenario.state in (machine.COMPUTED, machine.PROPOSED) else "",
        "words": {one.event: one.word for one in machine.MACHINE.transitions} | {"create": "起草"},
        "steps": reversed(list(engine.list_history("policy.scenario", scenario.pk))),
        "others": [one for one in scenarios.list_scenarios(request.acting)[:30] if one.result and one.pk != scenario.pk] if made else [],
    }  # fmt: skip
    return fragments.render(request, "policy/scenario.html", context)


def _lines(scenario: Scenario) -> list[dict[str, Any]]:
    now = {one.key: one for one in scenarios.list_choices(scenario)} if scenario.lines else {}
    places = network.area_paths([one["area"].ljust(12, "0") for one in scenario.lines if one["area"]])
    return [
        {
            "label": scenarios.key_label(one["key"]),
            "now": figure(scenarios.key_label(one["key"]), now[one["key"]].value)
            if one["key"] in now
            else "—",
            "key": services.line_key(one),
            "now_source": now[one["key"]].source if one["key"] in now else "",
            "value": figure(scenarios.key_label(one["key"]), one["value"]),
            "start": one["from"],
            "place": places.get(one["area"].ljust(12, "0"), "") if one["area"] else "",
            "source": one["source"],
        }
        for one in scenario.lines
    ]


def _job(request: ActingRequest, scenario: Scenario) -> Any:
    if not scenario.job:
        return None
    try:
        return workflow.job(engine.get_job(scenario.job, request.acting))
    except LongJob.DoesNotExist:
        return None


def _examples(scenario: Scenario) -> list[tuple[Any, ...]]:
    """Some of every kind, masked."""
    most = terms.value("examples", clock.today())
    found = [one for kind in KINDS for one in scenarios.list_effects(scenario, kind)[: max(2, most // 3)]]
    return handing_out.masked(found[:most])


@require_http_methods(["GET", "POST"])
@needs("policy.simulate")
def line(request: ActingRequest, public_id: str) -> HttpResponse:
    """One more changed value."""
    scenario = found(public_id)
    choices = scenarios.list_choices(scenario)
    form = forms.LineForm(
        choices, request.POST if request.method == "POST" else None, initial={"start": scenario.month}
    )
    add = lambda: services.add_line(scenario, actor=request.acting, **form.cleaned_data)  # noqa: E731
    if form.is_bound and form.is_valid() and deciding.attempt(form, add):
        return redirect("policy:scenario", public_id)
    now = [(one.label, figure(one.label, one.value), one.source) for one in choices]
    context = {"scenario": scenario, "form": form, "now": now}
    return fragments.render(
        request, "policy/scenario_line.html", context, status=422 if form.is_bound else 200
    )


@require_POST
@needs("policy.simulate")
def remove_line(request: ActingRequest, public_id: str) -> HttpResponse:
    return _done(
        request,
        public_id,
        lambda one: services.remove_line(one, actor=request.acting, line=request.POST.get("line", "")),
        "已删去一行。",
    )


@require_http_methods(["GET", "POST"])
@needs("policy.simulate")
def rules(request: ActingRequest, public_id: str) -> HttpResponse:
    """Which categories and benefits are newly in force or no longer."""
    scenario = found(public_id)
    initial = {"adopts": scenario.adopts, "drops": scenario.drops}
    form = forms.RulesForm(
        scenarios.list_rules(scenario), request.POST if request.method == "POST" else None, initial=initial
    )
    none: dict[str, list[str]] = {"adopts": [], "drops": []}
    put = lambda: services.set_rules(scenario, actor=request.acting, **none | form.cleaned_data)  # noqa: E731
    if form.is_bound and form.is_valid() and deciding.attempt(form, put):
        return redirect("policy:scenario", public_id)
    context = {"scenario": scenario, "form": form}
    return fragments.render(
        request, "policy/scenario_rules.html", context, status=422 if form.is_bound else 200
    )


@require_POST
@needs("policy.simulate")
def compute(request: ActingRequest, public_id: str) -> HttpResponse:
    return _done(
        request,
        public_id,
        lambda one: services.order(one, actor=request.acting),
        "正在测算，完成后本页显示结果。",
    )


@require_POST
@needs("policy.simulate")
def copy(request: ActingRequest, public_id: str) -> HttpResponse:
    try:
        made = services.copy(found(public_id), actor=request.acting)
    except services.Refused as refused:
        messages.error(request, str(refused))
        return redirect("policy:scenario", public_id)
    return redirect("policy:scenario", made.public_id)


def _done(request: ActingRequest, public_id: str, act: Any, words: str) -> HttpResponse:
    try:
        act(found(public_id))
    except (services.Refused, PermissionDenied) as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, words)
    return redirect("policy:scenario", public_id)


@require_safe
@needs("policy.simulate")
def compare(request: ActingRequest) -> HttpResponse:
    """Two scenarios side by side: ``?a=`` and ``?b=``."""
    if not (request.GET.get("a") and request.GET.get("b")):
        return redirect("policy:scenarios")
    two = [found(request.GET.get(name, "")) for name in ("a", "b")]
    if not all(one.result for one in two):
        raise Http404
    small = terms.value("small_cell", clock.today())
    made = [figures.figures(one, exact=request.acting.may("child.view"), small=small) for one in two]
    places = sorted({line.name for one in made for line in one.places})
    by_name = [{line.name: line for line in one.places} for one in made]
    context = {
        "two": list(
            zip(
                two,
                made,
                [network.area_path(one.area_code) for one in two],
                [_lines(one) for one in two],
                strict=True,
            )
        ),
        "kinds": KINDS,
        "rows_by_place": [(name, *(lines.get(name) for lines in by_name)) for name in places],
    }
    return fragments.render(request, "policy/scenario_compare.html", context)


@require_http_methods(["GET", "POST"])
@needs("policy.simulate")
@fresh
def take(request: ActingRequest, public_id: str) -> HttpResponse:
    """The workbook, for a purpose, each time with a line in the log."""
    scenario = found(public_id)
    form = forms.TakeForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            name, content = services.take(scenario, actor=request.acting, **form.cleaned_data)
        except services.Refused as refused:
            form.add_error(None, str(refused))
        else:
            response = HttpResponse(content, content_type=handing_out.MIME)
            response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
            response["X-Content-Type-Options"] = "nosniff"
            response["Cache-Control"] = "private, no-store"
            return response
    context = {"scenario": scenario, "form": form, "takings": list(scenario.takings.order_by("-at")[:20])}
    return fragments.render(
        request, "policy/scenario_take.html", context, status=422 if form.is_bound else 200
    )


@require_safe
@needs("policy.simulate")
def places_csv(request: ActingRequest, public_id: str) -> HttpResponse:
    """The rows of the chart: counts only; what is withheld on the page is not in it."""
    scenario = found(public_id)
    if not scenario.result:
        raise Http404
    exact = request.acting.may("child.view")
    made = figures.figures(scenario, exact=exact, small=terms.value("small_cell", clock.today()))
    response = HttpResponse(figures.place_chart(made).csv(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="scenario-places.csv"'
    return response
