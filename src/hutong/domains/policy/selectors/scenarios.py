"""Scenarios as their readers find them, and the parameters and rules a scenario may change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from hutong.domains.policy.models import Effect, Overlay, Scenario
from hutong.domains.policy.selectors import overlays
from hutong.foundation.access.acting import Acting
from hutong.kernel import areas, clock
from hutong.rulebook import simulate
from hutong.rulebook.packs import drafts
from hutong.rulebook.packs.keys import KEYS
from hutong.rulebook.ruleset import OPTIONAL_KINDS, RULES


@dataclass(frozen=True, slots=True)
class Choice:
    """One parameter that may be changed: what holds now, and whence."""

    key: str
    label: str
    value: Any
    source: str
    money: bool


def list_scenarios(actor: Acting) -> QuerySet[Scenario]:
    """Those of the actor's range, newest first; row security is the wall."""
    actor.check("policy.simulate")
    return Scenario.objects.select_related("made_post").order_by("-made_at", "-pk")


def get_scenario(public_id: str) -> Scenario:
    """Scenario.DoesNotExist where the reader's range does not hold it."""
    return Scenario.objects.select_related("made_post", "made_by").get(public_id=public_id)


def list_effects(scenario: Scenario, kind: str = "") -> QuerySet[Effect]:
    found = scenario.effects.select_related("child").order_by("township_area", "pk")
    return found.filter(kind=kind) if kind else found


def list_in_force(area_code: str) -> list[Overlay]:
    """What was put in force over any pack in a place, newest first."""
    found = Overlay.objects.filter(area_code__in=areas.ancestors(area_code), effective_on__lte=clock.today())
    return list(found.order_by("-effective_on", "-pk"))


def list_choices(scenario: Scenario) -> list[Choice]:
    """The parameters the rules of the pack read, with the value in force in the scenario's place and month."""
    on = scenario.month
    pack = overlays.pack_in(scenario.pack, scenario.area_code, max(on, clock.today()))
    deciding = simulate.keys_read(drafts.overlaid(pack, [scenario.draft]), on)
    area = areas.prefix(scenario.area_code)
    lines = {key: pack.line(key, on, area) for key in KEYS if key in deciding and key in pack.lines}
    return [Choice(k, KEYS[k].label, v.value, v.source, k in drafts.MONEY) for k, v in lines.items()]


def list_rules(scenario: Scenario) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """(rules that could be newly in force, rules that could cease), each as name and Chinese label."""
    pack = overlays.pack_in(scenario.pack, scenario.area_code, max(scenario.month, clock.today()))
    shown = {"category", "benefit"}
    every = [(n, r.label) for n, r in RULES.items() if r.kind in OPTIONAL_KINDS & shown and n != "ben_hiv"]
    return [one for one in every if one[0] not in pack.adopts], [
        one for one in every if one[0] in pack.adopts
    ]


def key_label(key: str) -> str:
    return KEYS[key].label if key in KEYS else key


def rule_label(name: str) -> str:
    return RULES[name].label if name in RULES else name
