"""A policy came into force: whoever it takes in, puts out or moves becomes a lead; the roll and the money stay (ADR 0035).

For each county concerned a long job of the platform's own program, so that what it did stands under its name.
"""

from __future__ import annotations

import hashlib
from decimal import Decimal
from typing import Any, Final

from django.urls import reverse

from hutong.domains.leads.services import receiving
from hutong.domains.policy import selectors as policy
from hutong.domains.policy import services as acts
from hutong.foundation.access import systems
from hutong.foundation.access.acting import Acting
from hutong.foundation.network import selectors as network
from hutong.foundation.network.models import Post
from hutong.foundation.workflow import longjobs
from hutong.foundation.workflow import services as workflow
from hutong.kernel import areas

JOB: Final = "leads.policy"
CHECK: Final = "lead.payment"
PROGRAM: Final = "policy"
_RUN: Final = -(2**40)
"""Runs of activations count down from here: apart from comparisons (up from 1) and single pushes (down from -1)."""


def begin(scenario_id: int) -> None:
    """Order the recomputation of every county the policy holds in; under a system scope."""
    overlay = policy.get_overlay(scenario_id)
    for county, post in sorted(_counties(overlay.area_code).items()):
        actor = systems.set_up(
            kind=PROGRAM, number=county[:6], name=f"{post.org.name}政策启用核对", org=post.org, role="COMPARISON_SYSTEM",
            area_code=county,
        )  # fmt: skip
        workflow.start_job(
            kind=JOB, title=f"政策启用核对：{overlay.title}", actor=actor, params={"scenario": scenario_id}
        )


def _counties(area: str) -> dict[str, Post]:
    """The counties concerned, each with its civil affairs post."""
    inside = areas.LEVELS.index(areas.level(area)) >= areas.LEVELS.index("county")
    asked = areas.county(area) if inside else area
    found: dict[str, Post] = {}
    for post in network.list_posts(role="COUNTY_CA", area_code=asked, below=True):
        found.setdefault(areas.county(post.area_code), post)
    return found


def run_job(handle: longjobs.LongJobHandle) -> str:
    recompute(handle.params["scenario"], actor=handle.actor)
    return ""


def recompute(scenario_id: int, *, actor: Acting) -> dict[str, int]:
    """Leads of one county, and one task for the payments whose amount alone changes. Idempotent: the same again is the same."""
    overlay = policy.get_overlay(scenario_id)
    county = actor.post.area_code
    within = county if areas.contains(overlay.area_code, county) else overlay.area_code
    rows, amounts = [], 0
    for one in acts.differences(overlay, within):
        kind, scheme = _kind(one)
        amounts += one.effect.kind == "amount" and bool(one.roll)
        if kind:
            rows.append(_row(one, kind, scheme, overlay))
    counts = receiving.receive(
        rows=rows, run_id=_RUN - overlay.pk, as_of=overlay.effective_on, pack=overlay.pack, actor=actor,
        version=policy.book(overlay.pack, overlay.effective_on, within).version,
        run_label=f"政策启用：{overlay.title}"[:40],
    )  # fmt: skip
    if amounts:
        _ask_for_payments(overlay, amounts, county, actor)
    return counts | {"amounts": amounts}


def _kind(one: acts.Difference) -> tuple[str, str]:
    """The lead a change makes beside the roll: none where the roll already agrees, or nothing is certain."""
    after = one.effect.after
    if after is None or one.effect.kind == "amount":
        return "", ""
    if after:
        return ("", "") if after in one.roll else ("CHANGED" if one.roll else "SUSPECTED", after)
    return ("SHOULD_EXIT", next(iter(one.roll))) if one.roll else ("", "")


def _row(one: acts.Difference, kind: str, scheme: str, overlay: Any) -> dict[str, Any]:
    """In the columns of the data contract, section 3; the ground is the policy itself."""
    number = hashlib.sha256(f"{overlay.public_id}|{one.child.file_no}|{kind}".encode()).hexdigest()[:20]
    paid = [fen for fen in one.roll.values() if fen is not None]
    ground = {
        "list": "policy", "title": f"政策调整：{overlay.title}", "subject": "child", "fact": "policy", "detail": overlay.source,
        "from": overlay.effective_on.isoformat(), "link": "exact",
    }  # fmt: skip
    return {
        "lead_id": f"L{number}", "child_id": one.child.file_no, "kind": kind, "scheme": scheme,
        "monthly_now": _yuan(sum(paid)) if paid else None, "monthly_due": _yuan(one.effect.due_after),
        "area_code": one.child.residence_area, "certain": True, "probability": 1.0, "evidence": [ground], "why": one.why,
    }  # fmt: skip


def _yuan(fen: int | None) -> Decimal | None:
    return None if fen is None else Decimal(fen) / 100


def _ask_for_payments(overlay: Any, amounts: int, county: str, actor: Acting) -> None:
    post = network.find_post("COUNTY_CA", county)
    if post is None:
        return
    workflow.open_item(
        kind=CHECK, title=f"核对新标准的发放：{overlay.title}", owner=post, subject_type="policy.overlay", subject_id=overlay.pk,
        link=reverse("policy:packs"), due_on=policy.due_day("CHANGED", pack=overlay.pack, start=overlay.effective_on),
        area_code=county, summary=f"{overlay.effective_on} 起在册 {amounts} 人应发金额改变，系统没有改动在册标准，请按新标准办理。",
        actor=actor,
    )  # fmt: skip
