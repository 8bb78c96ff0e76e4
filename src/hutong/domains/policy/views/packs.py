"""Pages: the packs with their dated figures and sources; one child's explanation, to print for the family."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_GET, require_POST

from hutong.domains.policy import presenters, selectors, services
from hutong.domains.policy.models import Decision
from hutong.domains.registry import selectors as registry
from hutong.domains.registry.models import Child
from hutong.foundation.access.guards import ActingRequest, needs
from hutong.foundation.design import fragments
from hutong.foundation.network import selectors as network
from hutong.kernel import clock
from hutong.rulebook import PackError


def _day(request: ActingRequest, name: str = "on") -> date:
    """``?on=`` as a day within the years the platform knows; today otherwise."""
    try:
        asked = date.fromisoformat(request.GET.get(name, ""))
    except ValueError:
        return clock.today()
    return asked if date(2010, 1, 1) <= asked <= date(2100, 1, 1) else clock.today()


@require_GET
@needs("policy.view")
def packs(request: ActingRequest) -> HttpResponse:
    """Which pack rules where, and the one that rules the actor's own area today."""
    on = _day(request)
    context = {
        "on": on,
        "own": selectors.pack_for(request.acting.post.area_code, on),
        "packs": [selectors.pack_info(name, on) for name in selectors.list_packs()],
        "in_force": selectors.list_in_force(request.acting.post.area_code),
        "places": network.area_paths([one.area for one in selectors.list_assignments() if one.area]),
        "pad": lambda code: code.ljust(12, "0"),
    }
    return fragments.render(request, "policy/packs.html", context)


@require_GET
@needs("policy.view")
def pack(request: ActingRequest, name: str) -> HttpResponse:
    """Every parameter with the day it begins and its source; the line in force is marked."""
    if name not in selectors.list_packs():
        raise Http404
    on = _day(request)
    info = selectors.pack_info(name, on)
    context = {"on": on, "info": info, "groups": presenters.parameters(info)}
    return fragments.render(request, "policy/pack.html", context)


@require_GET
@needs("policy.view")
def compare(request: ActingRequest, name: str) -> HttpResponse:
    """The pack on a day against another one, or against itself on another day: what is added, removed, changed."""
    if name not in selectors.list_packs():
        raise Http404
    other, on, then = request.GET.get("with", ""), _day(request), _day(request, "then")
    found, problem = None, ""
    if other:
        try:
            found = selectors.compare_packs(name, on, other, then)
        except selectors.PackError as error:
            problem = str(error)
    context = {
        "info": selectors.pack_info(name, on), "packs": [(one, selectors.pack_info(one, on).label) for one in selectors.list_packs()],
        "other": other or name, "on": on, "then": then, "found": found, "problem": problem, "words": selectors.CHANGE_WORDS,
    }  # fmt: skip
    return fragments.render(request, "policy/compare.html", context)


@require_GET
@needs("child.view")
def child(request: ActingRequest, public_id: str) -> HttpResponse:
    """Why each category, amount and figure, for one child; what is still missing, and when it changes."""
    found = _opened(request, public_id, "类别与依据")
    context = presenters.assessment(selectors.explain(found, _day(request)), found)
    context |= {
        "kept": selectors.list_decisions(found),
        "labels": selectors.SCHEMES,
        "may_keep": request.acting.may("child.edit"),
    }
    return fragments.render(request, "policy/child.html", context)


@require_GET
@needs("child.view")
def letter(request: ActingRequest, public_id: str) -> HttpResponse:
    """The same for the family, in plain words on A4, with where to ask (experience 5)."""
    found = _opened(request, public_id, "给家庭的告知单")
    context = presenters.letter(selectors.explain(found, _day(request)), found)
    return fragments.render(request, "policy/letter.html", context)


@require_GET
@needs("child.view")
def replay(request: ActingRequest, public_id: str) -> HttpResponse:
    """The answer of another day by what was known on a day, beside hindsight and today (ADR 0034)."""
    found = _opened(request, public_id, "判定回放")
    as_of, known_on = _day(request), min(_day(request, "known"), clock.today())
    try:
        context = presenters.replay(selectors.replay(found, as_of, known_on))
    except PackError as error:
        context = {"trouble": str(error)}
    dates = {"child": found, "as_of": as_of, "known_on": known_on, "trouble": ""}
    return fragments.render(request, "policy/replay.html", {**dates, **context})


@require_POST
@needs("child.edit")
def keep(request: ActingRequest, public_id: str) -> HttpResponse:
    """Store today's answer with its facts and rule version."""
    found = _opened(request, public_id, "判定留存")
    made = services.keep(child=found, act="ASSESSED", actor=request.acting)
    messages.success(request, "已留存今天的判定、所依据的事实和规则版本。")
    return redirect("policy:decision", found.public_id, made.public_id)


@require_GET
@needs("child.view")
def decision(request: ActingRequest, public_id: str, decision: str) -> HttpResponse:
    """A kept decision, worked out again from its own facts; both answers where the rules have changed since."""
    found = _opened(request, public_id, "留存的判定")
    kept = get_object_or_404(Decision, child=found, public_id=decision)
    context = {"child": found, **presenters.decision(selectors.check(kept))}
    return fragments.render(request, "policy/decision.html", context)


def _opened(request: ActingRequest, public_id: str, what: str) -> Child:
    try:
        return registry.get_child(public_id, request.acting, what)
    except Child.DoesNotExist:
        raise Http404 from None
