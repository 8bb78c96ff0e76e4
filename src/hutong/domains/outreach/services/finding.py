"""Looking: which benefits are due and not had. The same for one child whose file changed and for a whole county at night."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from django.db import transaction
from django.db.models import Q

from hutong.domains.leads import selectors as leads
from hutong.domains.outreach.machines import offer as machine
from hutong.domains.outreach.models import Offer, Question
from hutong.domains.outreach.services import items, terms
from hutong.domains.policy import selectors as policy
from hutong.domains.policy.selectors import Due
from hutong.domains.registry.models import Child
from hutong.domains.registry.transfer import STATES
from hutong.foundation.access.scope import system_scope, use_scope
from hutong.foundation.workflow import services as workflow
from hutong.kernel import areas, clock

CHUNK: Final = 5000
RIGHT: Final = "outreach.find"
Key = tuple[int, str]


@dataclass(slots=True)
class _Known:
    """What the platform knows of some children's offers: live ones, the last answer, what a lead carries already."""

    live: dict[Key, Offer] = field(default_factory=dict)
    answered: dict[Key, Offer] = field(default_factory=dict)
    leads: dict[int, list[leads.Carried]] = field(default_factory=dict)
    asked: dict[int, Question] = field(default_factory=dict)


@dataclass(slots=True)
class _Result:
    made: list[Offer] = field(default_factory=list)
    refreshed: list[Offer] = field(default_factory=list)
    ended: list[tuple[Offer, str, str]] = field(default_factory=list)
    asked: list[Question] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)


def find_everywhere(area_code: str = "") -> dict[str, int]:
    """Every county (or what lies in ``area_code``), each in a transaction of its own: a killed night goes on the next."""
    within = Q()
    if area_code:
        lo, hi = areas.bounds(area_code)
        within = Q(residence_area__gte=lo, residence_area__lt=hi)
    with use_scope(system_scope("政策找人")):
        codes = Child.objects.filter(within).values_list("residence_area", flat=True).distinct()
        counties = sorted({areas.county(code) for code in codes})
    counts: Counter[str] = Counter()
    for county in counties:
        with use_scope(system_scope("政策找人")):
            lo, hi = areas.bounds(county)
            there = Child.objects.filter(within, residence_area__gte=lo, residence_area__lt=hi)
            wanted = there.filter(Q(state__in=STATES) | Q(offers__state__in=machine.LIVE))
            keys = list(wanted.order_by("pk").values_list("pk", flat=True).distinct())
            for start in range(0, len(keys), CHUNK):
                counts.update(find(keys[start : start + CHUNK]))
    return dict(counts)


@transaction.atomic
def find(child_ids: Sequence[int]) -> dict[str, int]:
    """Look at these children now, under a system scope. Returns counts: children, new, refreshed, ended, remembered, carried
    by a lead, children asked about.

    One offer a child and benefit: found again it is only refreshed; an answer is remembered (``_remembered``); what no longer
    holds, or stands on the roll, ends by itself. Undecided is neither: it becomes a question.
    """
    today = clock.today()
    children = list(Child.objects.filter(pk__in=child_ids, state__in=STATES))
    known = _known(child_ids)
    done = _Result(counts=Counter(children=len(children)))
    for due in policy.due_to(children, today):
        _of_child(due, known, done, today)
    there = {child.pk for child in children}
    for offer in known.live.values():
        if offer.child_id not in there:
            done.ended.append((offer, "lapse", "档案已退出或并入，不再办理"))
    for asked in known.asked.values():
        if asked.child_id not in there and asked.open:
            asked.open = False
            done.asked.append(asked)
    _write(done)
    return dict(done.counts)


def _known(child_ids: Iterable[int]) -> _Known:
    known = _Known(leads=leads.carried(child_ids))
    ours = Q(child__in=child_ids) | Q(child__merged_into__in=child_ids)
    for offer in Offer.objects.filter(ours).select_related("child").order_by("pk"):
        survivor = offer.child.merged_into_id or offer.child_id
        if offer.live and offer.child.merged_into_id is None:
            known.live[offer.child_id, offer.benefit] = offer
        elif offer.state in machine.ANSWERED:
            known.answered[survivor, offer.benefit] = offer
    known.asked = {one.child_id: one for one in Question.objects.filter(child__in=child_ids)}
    return known


def _of_child(due: Due, known: _Known, done: _Result, today: date) -> None:
    undecided: list[str] = []
    for benefit in due.benefits:
        key = (due.child.pk, benefit.rule)
        held, holds = known.live.get(key), due.holds[benefit.rule]
        if due.has(benefit.rule):
            if held is not None:
                done.ended.append((held, "settle", "已在册"))
        elif holds:
            _holds(due, benefit, held, known, done, today)
        else:
            if held is not None:
                reason = "有关情况现在没有记录，尚不能判断" if holds is None else "档案中的情形已不符合条件"
                done.ended.append((held, "lapse", reason))
            if holds is None:
                undecided.append(benefit.rule)
    rules = due.holds
    for (child_id, rule), held in known.live.items():
        if child_id == due.child.pk and rule not in rules:
            done.ended.append((held, "lapse", "户籍地的政策不设这项待遇"))
    _question(due, undecided, known.asked.get(due.child.pk), done, today)


def _holds(
    due: Due, benefit: policy.Benefit, held: Offer | None, known: _Known, done: _Result, today: date
) -> None:
    key = (due.child.pk, benefit.rule)
    grounds = policy.grounds(due, benefit.rule)
    digest = _digest(grounds)
    if held is not None:
        if (held.digest, held.version, held.pack) != (digest, due.book.version, due.book.pack.name):
            held.facts, held.digest = grounds, digest
            held.pack, held.version, held.as_of = due.book.pack.name, due.book.version, today
            done.refreshed.append(held)
        return
    before, lately = known.answered.get(key), terms.value("remember_months_declined", today)
    if before is not None and _remembered(before, digest, bool(benefit.roll), today):
        done.counts["remembered"] += 1
    elif any(one.about(benefit.roll, today, lately) for one in known.leads.get(due.child.pk, ())):
        done.counts["carried"] += 1
    else:
        done.made.append(_offer(due, benefit, grounds, digest, before, today))


def _remembered(before: Offer, digest: str, on_roll: bool, today: date) -> bool:
    """Whether an answer still stands. That the family has a benefit of the roll is told by the roll alone."""
    if before.state == machine.GRANTED and on_roll:
        return False
    assert before.ended_on is not None
    if today >= terms.remembered_until(before.state, before.ended_on):
        return False
    return before.state == machine.GRANTED or before.digest == digest


def _offer(
    due: Due, benefit: policy.Benefit, grounds: dict[str, Any], digest: str, before: Offer | None, today: date
) -> Offer:
    child = due.child
    return Offer(
        child=child, benefit=benefit.rule, label=benefit.label[:60], pack=due.book.pack.name, version=due.book.version, as_of=today,
        facts=grounds, digest=digest, area_code=child.residence_area, hukou_area=child.hukou_area, repeat_of=before,
        found_on=today, due_on=terms.due(machine.FOUND, today),
    )  # fmt: skip


def _question(due: Due, rules: list[str], before: Question | None, done: _Result, today: date) -> None:
    """What to find out before ``rules`` can be decided; the reasons are worked out only when something changed."""
    child = due.child
    digest = _digest([due.book.version, rules, [policy.grounds(due, rule) for rule in rules]])
    if before is not None and before.digest == digest and before.open == bool(rules):
        done.counts["asked"] += bool(rules)
        return
    if before is None and not rules:
        return
    needed = dict.fromkeys(name for rule in rules for name in policy.needs(due, rule))
    one = before or Question(child=child)
    one.area_code, one.hukou_area, one.digest = child.residence_area, child.hukou_area, digest
    one.needs, one.benefits, one.open, one.asked_on = list(needed), rules, bool(rules), today
    done.counts["asked"] += bool(rules)
    done.asked.append(one)


def _digest(said: Any) -> str:
    return hashlib.sha256(
        json.dumps(said, ensure_ascii=False, sort_keys=True, default=str).encode()
    ).hexdigest()


def _write(done: _Result) -> None:
    Offer.objects.bulk_create(done.made, batch_size=1000)
    workflow.begin_many(done.made, actor=None, right=RIGHT, reason="按政策规则判定可享而未享")
    Offer.objects.bulk_update(done.refreshed, ["facts", "digest", "pack", "version", "as_of"], batch_size=500)
    Question.objects.bulk_create([one for one in done.asked if one.pk is None], batch_size=1000)
    Question.objects.bulk_update(
        [one for one in done.asked if one.pk is not None],
        ["area_code", "hukou_area", "needs", "benefits", "digest", "open", "asked_on"],
        batch_size=500,
    )
    for offer, event, reason in done.ended:
        fields = {"ended_on": clock.today(), "words": reason}
        workflow.apply(offer, event, actor=None, reason=reason, fields=fields)
    done.counts.update(new=len(done.made), refreshed=len(done.refreshed), ended=len(done.ended))
    touched = {offer.child_id for offer in done.made} | {offer.child_id for offer, _, _ in done.ended}
    items.arrange(touched, tell=done.made)
