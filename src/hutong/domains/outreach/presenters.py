"""Words, tones and rows of offers as pages show them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from hutong.domains.outreach.machines import offer as machine
from hutong.domains.outreach.models import Offer, Question
from hutong.domains.outreach.services import acting
from hutong.domains.policy import selectors as policy
from hutong.foundation.workflow.models import StatusChange
from hutong.kernel import clock, formats, money

TONES: Final = {
    machine.FOUND: "info", machine.TOLD: "warn", machine.HELPED: "warn", machine.GRANTED: "ok",
    machine.DECLINED: "plain", machine.NOT_MET: "plain", machine.LAPSED: "plain",
}  # fmt: skip
STEPS: Final = {
    "create": "按政策发现",
    "settle": "已在册，自动结束",
    "lapse": "情形已变，自动结束",
    **acting.EVENTS,
}


def badge(offer: Offer) -> tuple[str, str]:
    return offer.get_state_display(), TONES[offer.state]


def row(offer: Offer) -> dict[str, Any]:
    """One offer in a list or a panel."""
    return {
        "offer": offer,
        "badge": badge(offer),
        "done": f"{formats.date_zh(offer.acted_on)} {offer.words}" if offer.acted_on else offer.words,
    }


def card(offer: Offer, changes: Iterable[StatusChange], laid: policy.Laid) -> dict[str, Any]:
    """One offer on the child's page: what it is, why, the papers, where to go, the amount, what was done. ``laid``: what
    was put in force in the place of hukou."""
    book, today = laid.book(offer.pack, offer.as_of), clock.today()
    trees = policy.benefit_trees(book, offer.benefit, offer.facts)
    amount = policy.amount_due(book, offer.benefit, offer.facts)
    pack = laid.pack(policy.pack_for(offer.hukou_area, today), today)
    about = next(iter(policy.offers_of(offer.benefit, offer.hukou_area, today, pack)), None)
    standard = f"每月 {money.format_yuan(amount, grouped=True)} 元" if amount is not None else ""
    return {
        "offer": offer,
        "badge": badge(offer),
        "whys": [policy.why(tree) for tree in trees],
        "amount": standard or "；".join(about.amounts if about else ()) or policy.NOT_LOADED,
        "about": about,
        "before": before(offer),
        "steps": [_step(change) for change in changes],
    }


def before(offer: Offer) -> str:
    """How the same benefit ended last time; '' where there was none."""
    past = offer.repeat_of
    if past is None or past.ended_on is None:
        return ""
    return f"{formats.date_zh(past.ended_on)} 记录为“{past.get_state_display()}”：{past.words}"


def _step(change: StatusChange) -> dict[str, Any]:
    said = change.data or {}
    text = change.reason if not said.get("on") else f"{change.reason}（{said['on']}）"
    return {
        "at": change.at,
        "title": STEPS.get(change.event, change.event),
        "actor": change.actor_label,
        "text": text,
    }


def question(one: Question) -> dict[str, Any]:
    """What to find out, and what it may concern, in words."""
    given = {rule: label for rule, label in policy.benefit_labels().items() if rule in one.benefits}
    return {
        "question": one,
        "needs": [policy.whom_to_ask(name, clock.today()) for name in one.needs],
        "benefits": [given.get(rule, rule) for rule in one.benefits],
    }
