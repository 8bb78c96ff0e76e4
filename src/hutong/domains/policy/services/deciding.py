"""From figures to a day: proposed by its author, approved by somebody else, undone before the day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.urls import reverse

from hutong.domains.policy import machines as machine
from hutong.domains.policy import permissions
from hutong.domains.policy.models import Scenario
from hutong.domains.policy.selectors import packs
from hutong.domains.policy.services import drafting, terms
from hutong.domains.policy.services.errors import Refused
from hutong.foundation.access.acting import Acting
from hutong.foundation.accounts import rights
from hutong.foundation.network import selectors as network
from hutong.foundation.network.models import Holding, Post
from hutong.foundation.workflow import services as workflow
from hutong.kernel import areas, clock

SUBJECT: Final = "policy.scenario"
APPROVE, REVISE, CHECK = "policy.approve", "policy.revise", "policy.check"
WORK: Final = {APPROVE: "批准政策情景", REVISE: "修改政策情景", CHECK: "核对启用后的发放"}


def find_move(scenario: Scenario) -> str:
    """Whether the pack underneath has moved since the figures were made, as a sentence; '' while it has not."""
    if scenario.base_version != drafting.pack_of(scenario).version:
        return "政策包已有变动，测算所依据的标准不再是现行标准，请重新测算。"
    return ""


def find_staleness(scenario: Scenario) -> str:
    """Why the figures can no longer be decided on; '' while they can."""
    moved = find_move(scenario)
    if moved:
        return moved
    days = terms.value("figures_days", clock.today())
    if scenario.computed_at and scenario.computed_at.date() + timedelta(days=days) < clock.today():
        return f"测算结果已超过 {days} 天，档案多有变化，请重新测算。"
    return ""


@transaction.atomic
def propose(scenario: Scenario, *, actor: Acting, effective_on: date, source: str) -> Scenario:
    """Ask a second person to put it in force on a day to come."""
    _check_day(scenario, effective_on)
    stale = find_staleness(scenario)
    if scenario.state == machine.COMPUTED and stale:
        raise Refused(stale)
    fields = {"effective_on": effective_on, "source": source.strip()[:200], "answer": ""}
    workflow.apply(scenario, "propose", actor=actor, reason=source, fields=fields)
    _done(scenario, actor, "已报批")
    post = _other_post(scenario)
    if post is not None:
        due = min(
            workflow.working_due(clock.today(), terms.value("approve_working_days", clock.today())),
            effective_on,
        )
        _ask(scenario, APPROVE, f"批准政策情景：{scenario.title}", post, source, actor, due)
    return scenario


def _check_day(scenario: Scenario, day: date) -> None:
    if day <= clock.today():
        raise Refused("启用日期应在今天之后，留出批准的时间；请改为以后的日期。")
    last = max((one["from"] for one in scenario.lines), default="")
    if last and day < date.fromisoformat(last):
        raise Refused(
            f"有一行自 {last} 起施行，启用日期不能更早；请改为 {last} 或以后，或修改那一行的起始日期。"
        )
    pack = packs.pack_for(scenario.area_code, day)
    if pack != scenario.pack:
        raise Refused(
            f"{day} 适用的政策包是 {pack}，不是测算所用的 {scenario.pack}；请按新的政策包重做情景。"
        )


@transaction.atomic
def approve(scenario: Scenario, *, actor: Acting, reason: str = "") -> Scenario:
    """The second person. In force from its day, not before; refused when the figures no longer stand."""
    permissions.check_second(actor, scenario)
    stale = find_staleness(scenario)
    if stale:
        raise Refused(stale)
    if scenario.effective_on is None or scenario.effective_on <= clock.today():
        raise Refused("启用日期已到，不能再批准；请退回起草人另定日期。")
    fields = {"decided_by": actor.user, "decided_label": actor.label, "answer": reason.strip()[:300]}
    workflow.apply(scenario, "approve", actor=actor, reason=reason, fields=fields)
    _done(scenario, actor, "已批准")
    return scenario


@transaction.atomic
def send_back(scenario: Scenario, *, actor: Acting, reason: str) -> Scenario:
    """To its author, also after approval as long as the day has not come."""
    permissions.check_second(actor, scenario)
    fields = {"answer": reason.strip()[:300], "decided_by": None, "decided_label": "", "effective_on": None}
    workflow.apply(scenario, "send_back", actor=actor, reason=reason, fields=fields)
    _done(scenario, actor, "已退回")
    to_author(scenario, reason, actor)
    return scenario


@transaction.atomic
def withdraw(scenario: Scenario, *, actor: Acting, reason: str) -> Scenario:
    workflow.apply(scenario, "withdraw", actor=actor, reason=reason, fields={"job": ""})
    _done(scenario, actor, "已撤回")
    return scenario


def to_author(scenario: Scenario, words: str, actor: Acting | None) -> None:
    _ask(
        scenario,
        REVISE,
        f"修改政策情景：{scenario.title}",
        scenario.made_post,
        words,
        actor,
        clock.today() + timedelta(days=14),
    )


def _done(scenario: Scenario, actor: Acting | None, outcome: str) -> None:
    workflow.close_items(subject_type=SUBJECT, subject_id=scenario.pk, actor=actor, outcome=outcome)


def close(scenario: Scenario, outcome: str) -> None:
    """By the platform."""
    _done(scenario, None, outcome)


def _ask(
    scenario: Scenario, kind: str, title: str, post: Post, words: str, actor: Acting | None, due: date
) -> None:
    workflow.open_item(
        kind=kind, title=title, owner=post, subject_type=SUBJECT, subject_id=scenario.pk,
        link=reverse("policy:scenario", args=[scenario.public_id]), due_on=due, area_code=scenario.area_code,
        summary=words[:200], actor=actor,
    )  # fmt: skip


def _other_post(scenario: Scenario) -> Post | None:
    """The nearest other post that may approve and is held by somebody else."""
    roles = [code for code, role in rights.ROLES.items() if "policy.approve" in role.rights]
    others = Holding.objects.filter(network.current(clock.today()), post=OuterRef("pk")).exclude(
        user_id=scenario.made_by_id
    )
    posts = Post.objects.filter(
        active=True, role__in=roles, area_code__in=areas.ancestors(scenario.area_code)
    )
    return max(
        posts.exclude(pk=scenario.made_post_id).filter(Exists(others)),
        key=lambda post: (areas.LEVELS.index(areas.level(post.area_code)), -post.pk), default=None,
    )  # fmt: skip
