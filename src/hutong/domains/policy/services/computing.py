"""The figures of a scenario: a long job under the range of whoever drafted it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any, Final

from django.db import transaction
from django.urls import reverse

from hutong.domains.policy import machines as machine
from hutong.domains.policy.models import Effect, Scenario
from hutong.domains.policy.selectors import child_facts, records
from hutong.domains.policy.services import drafting
from hutong.domains.policy.services.errors import Refused
from hutong.domains.registry.models import Child
from hutong.domains.registry.transfer import STATES
from hutong.foundation.access.acting import Acting
from hutong.foundation.workflow import longjobs
from hutong.foundation.workflow import services as workflow
from hutong.kernel import areas, clock
from hutong.rulebook import simulate
from hutong.rulebook.expr import RuleError
from hutong.rulebook.simulate import Place, Side, Simulation

JOB: Final = "policy.simulate"
PART: Final = 20_000
Progress = Callable[[int, int, str], None]


def link(scenario: Scenario) -> str:
    return reverse("policy:scenario", args=[scenario.public_id])


@transaction.atomic
def order(scenario: Scenario, *, actor: Acting) -> None:
    """Start the job. Refused while there is nothing to compute or one is already under way."""
    actor.check("policy.simulate")
    if scenario.made_by_id != actor.user.pk or scenario.state not in machine.OPEN:
        raise Refused("只有起草人可以在报批之前测算；请复制为自己的情景。")
    if scenario.draft.empty:
        raise Refused("情景没有任何改动，测算不出变化；请先添加一行改动。")
    if scenario.job:
        raise Refused("这个情景正在测算，请等它完成。")
    job = workflow.start_job(
        kind=JOB,
        title=f"政策测算：{scenario.title}",
        actor=actor,
        params={"scenario": scenario.public_id},
        result_link=link(scenario),
    )
    Scenario.objects.filter(pk=scenario.pk).update(job=job.public_id)
    scenario.job = job.public_id


def run_job(handle: longjobs.LongJobHandle) -> str:
    scenario = Scenario.objects.get(public_id=handle.params["scenario"])
    if scenario.state not in machine.OPEN:
        raise longjobs.Failed("情景已报批或撤回，没有测算。")
    try:
        compute(scenario, actor=handle.actor, progress=handle.progress)
    except RuleError as error:
        raise longjobs.Failed(str(error)) from error
    return link(scenario)


def children_of(area: str) -> Iterator[tuple[Child, ...]]:
    """The children whose hukou is in a place, in parts, under the reader's range."""
    lo, hi = areas.bounds(area)
    found = Child.objects.filter(state__in=STATES, hukou_area__gte=lo, hukou_area__lt=hi).order_by("pk")
    last = 0
    while part := tuple(found.filter(pk__gt=last)[:PART]):
        yield part
        last = part[-1].pk


def facts_of(children: Iterable[Child]) -> Callable[[date], Any]:
    held = records.load_many(list(children))
    return lambda day: simulate.facts_table(child_facts.read(one, day).facts for one in held)


def compute(scenario: Scenario, *, actor: Acting, progress: Progress = lambda *_: None) -> Simulation:
    """Over all children of the place, here and now; result, effects and state are one transaction."""
    base = drafting.pack_of(scenario)
    done = Simulation(
        base, simulate.checked(base, scenario.draft, scenario.month), simulate.year_from(scenario.month)
    )
    lo, hi = areas.bounds(scenario.area_code)
    total = Child.objects.filter(state__in=STATES, hukou_area__gte=lo, hukou_area__lt=hi).count()
    keys: dict[str, int] = {}
    seen = 0
    for part in children_of(scenario.area_code):
        keys |= {child.file_no: child.pk for child in part}
        done.add(facts_of(part), _told(progress, seen, len(part), total, len(done.days)))
        seen += len(part)
    _keep(scenario, actor, done, keys)
    progress(total, total, "完成")
    return done


def _told(progress: Progress, before: int, size: int, total: int, days: int) -> Callable[[int], None]:
    return lambda day: progress(before + size * day // days, total, "逐月判定")


@transaction.atomic
def _keep(scenario: Scenario, actor: Acting, done: Simulation, keys: dict[str, int]) -> None:
    scenario.effects.all().delete()
    Effect.objects.bulk_create(
        [
            Effect(
                scenario=scenario, child_id=keys[one.child_id], township_area=f"{one.area[:9]}000", kind=one.kind,
                before=one.before, after=one.after, due_before=one.due_before, due_after=one.due_after,
            )
            for one in done.effects
        ],
        batch_size=1000,
    )  # fmt: skip
    fields = {
        "result": told(done),
        "base_version": done.packs[0].version,
        "computed_at": clock.now(),
        "job": "",
    }
    workflow.apply(scenario, "compute", actor=actor, fields=fields)


def told(done: Simulation) -> dict[str, Any]:
    """The figures as the row keeps them: counts and fen, by month and township, no child."""
    return {
        "children": done.children,
        "kinds": dict(done.kinds),
        "schemes": [dict(counted) for counted in done.schemes],
        "others": {name: dict(turns) for name, turns in done.others.items() if turns},
        "months": [
            [f"{day:%Y-%m}", _side(before), _side(after)] for day, (before, after) in done.months.items()
        ],
        "places": {code: _place(place) for code, place in sorted(done.places.items())},
    }


def _side(side: Side) -> list[int]:
    return [side.entitled, side.undecided, side.unpriced, side.fen]


def _place(place: Place) -> dict[str, Any]:
    return {"kinds": dict(place.kinds), "before": _side(place.before), "after": _side(place.after)}
