"""The child's page as facts to draw: cards by urgency (experience.md 3, 4)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.urls import reverse

from hutong.domains.registry import selectors
from hutong.domains.registry.machines import wording
from hutong.domains.registry.models import (
    Child,
    Circumstance,
    Exit,
    GuardianshipRegime,
    GuardianshipStatus,
    HealthEpisode,
    Kinship,
    Move,
    RollEntry,
    SchoolEpisode,
)
from hutong.domains.registry.presenters import moves, pairs, proposals, timeline
from hutong.domains.registry.presenters.steps import Step, may_move, steps
from hutong.domains.registry.search import finding
from hutong.domains.registry.services import terms
from hutong.foundation.access.acting import Acting
from hutong.foundation.accounts import rights
from hutong.foundation.documents import selectors as documents
from hutong.foundation.documents import tickets
from hutong.foundation.network import selectors as network
from hutong.foundation.network.models import Post
from hutong.kernel import areas, clock, ids

_YES = {True: "是", False: "否", None: "未了解"}


@dataclass(frozen=True, slots=True)
class Duty:
    """A responsible post, what it answers for, who holds it, and how to reach the body."""

    role: str
    place: str
    post: Post | None
    holders: str
    contact: str
    tasks: str = ""


@dataclass(slots=True)
class Page:
    steps: list[Step]
    stages: list[dict[str, str]]
    alarms: list[tuple[str, str]]
    flags: tuple[tuple[str, str], ...]
    guard: GuardianshipStatus | None
    regime: GuardianshipRegime | None
    kin: list[Kinship]
    siblings: list[Child]
    facts: list[Circumstance]
    past_facts: list[Circumstance]
    roll: list[RollEntry]
    schooling: list[SchoolEpisode]
    health: list[HealthEpisode]
    duties: list[Duty]
    openers: tuple[int, str]
    payee: list[tuple[str, Any]]
    identity: list[tuple[str, Any]]
    living: list[tuple[str, Any]]
    timeline: list[dict[str, Any]]
    files: list[Any] = field(default_factory=list)
    upload_url: str = ""
    may_edit: bool = False
    may_propose: bool = False
    proposals: list[dict[str, str]] = field(default_factory=list)
    may_move: bool = False
    move: Move | None = None
    moves: list[Move] = field(default_factory=list)
    move_words: tuple[str, str] = ("", "")
    leaving: Exit | None = None
    split_source: str = ""
    absorbed: list[Child] = field(default_factory=list)
    merges: list[dict[str, str]] = field(default_factory=list)


def page(child: Child, actor: Acting) -> Page:
    """Everything the page shows of the registry itself; the rest are panels of higher apps."""
    of = selectors.SECTIONS
    guards, regimes = of.guards(child_id=child.pk), of.regimes(child_id=child.pk)
    every, roll = of.facts(child_id=child.pk), of.roll(child_id=child.pk)
    facts = [one for one in every if one.superseded_at is None]
    current_roll = [one for one in roll if one.until is None]
    paths = network.area_paths([child.hukou_area, child.residence_area])
    absorbed = of.absorbed(child_id=child.pk)
    files = [
        row
        for one in ([child, *absorbed] if actor.may("document.view") else [])
        for row in documents.rows_of_child(one.pk)
    ]
    may_change = actor.changes(child.pk)
    open_file = may_change and child.state not in {"CLOSED", "ARCHIVED", "MOVED_OUT"}
    moved = of.moves(child_id=child.pk)
    move = next((one for one in moved if one.live), None)
    split = terms.duties(clock.today()) if child.hukou_area != child.residence_area else None
    return Page(
        steps=steps(child, actor) if may_change else [],
        stages=_stages(child, current_roll),
        alarms=_alarms(child, facts, clock.today()),
        flags=finding.flags(child),
        guard=next((one for one in guards if one.until is None), None),
        regime=next((one for one in regimes if one.until is None), None),
        kin=of.kin(child_id=child.pk),
        siblings=of.siblings(child_id=child.pk),
        facts=facts,
        past_facts=[one for one in every if one.superseded_at is not None],
        roll=current_roll,
        schooling=of.schooling(child_id=child.pk),
        health=of.health(child_id=child.pk),
        duties=_duties(child, paths, move, split),
        openers=_openers(child),
        payee=_payee(child),
        identity=_identity(child, paths),
        living=_living(child, paths),
        timeline=timeline.of(child, every, guards, regimes, roll, absorbed),
        files=list(files),
        upload_url=_upload(child, actor) if open_file and actor.may("document.upload") else "",
        may_edit=open_file and actor.may("child.edit"),
        may_propose=may_change and child.state == "ACTIVE" and actor.may("child.propose"),
        proposals=_proposals(child, actor),
        may_move=may_change and move is None and may_move(child, actor),
        move=move,
        moves=[one for one in moved if not one.live],
        move_words=moves.situation(move) if move else ("", ""),
        leaving=of.leaving.first(child_id=child.pk) if child.state == "ACTIVE" else None,
        split_source=split.source if split else "",
        absorbed=absorbed,
        merges=pairs.merges(absorbed) if absorbed and actor.may("child.pair") else [],
    )


def _proposals(child: Child, actor: Acting) -> list[dict[str, str]]:
    if child.state != "ACTIVE" or not actor.may("child.propose"):
        return []
    if not selectors.SECTIONS.proposed(child_id=child.pk):
        return []
    return proposals.open_of(list(selectors.list_open_proposals(child)[:12]))


def _upload(child: Child, actor: Acting) -> str:
    return tickets.upload_url(
        post_id=actor.post.pk,
        area_code=child.residence_area,
        child_id=child.pk,
        subject_type="registry.child",
        subject_id=child.pk,
        back=reverse("registry:child", args=[child.public_id]),
    )


def _stages(child: Child, roll: list[RollEntry]) -> list[dict[str, str]]:
    """Found, determined, helped, revisited: derived, never stored."""
    if child.state in {"DRAFT", "REGISTERED"}:
        missing = "提交审核" if child.state == "DRAFT" else "儿童督导员审核"
        return [{"label": "发现", "state": "now", "missing": missing}] + [
            {"label": word, "state": "todo"} for word in ("认定", "帮扶", "回访")
        ]
    if child.state in {"CLOSED", "ARCHIVED", "MOVED_OUT"}:
        return [{"label": word, "state": "done"} for word in ("发现", "认定", "帮扶", "回访")]
    determined = bool(roll)
    return [
        {"label": "发现", "state": "done"},
        {
            "label": "认定",
            "state": "done" if determined else "now",
            "missing": "" if determined else "类别认定或列入名册",
        },
        {
            "label": "帮扶",
            "state": "now" if determined else "todo",
            "missing": "帮扶措施落实" if determined else "",
        },
        {"label": "回访", "state": "todo"},
    ]


def _alarms(child: Child, facts: list[Circumstance], today: date) -> list[tuple[str, str]]:
    """What must be looked at now, as (words, what to do)."""
    found = []
    if child.guard in {"POOR", "ABSENT"}:
        found.append(
            (f"监护状况{wording.GUARD[child.guard]}", "请尽快入户核实，落实临时照料，并向儿童督导员报告。")
        )
    if child.lives_with in {"alone", "none"}:
        todo = "未满八周岁不得独处，请立即联系监护人。" if child.age(today) < 8 else "请落实委托照护人。"
        found.append((f"{wording.LIVES_WITH[child.lives_with]}", todo))
    found += [
        (f"突发事件：{one.detail or '影响监护'}（{one.since} 起）", "请确认有人照料。")
        for one in facts
        if one.kind == "emergencies" and (one.until is None or one.until >= today)
    ]
    if child.id_kind == "NONE":
        found.append(("无户籍", "请协助监护人到公安机关办理户口登记。"))
    return found


def _duties(child: Child, paths: dict[str, str], move: Move | None, split: terms.Duties | None) -> list[Duty]:
    """Who answers for what: one side, two where the places differ (R-01.04), and who is about to take over."""
    places = [("居住地", child.residence_area, "、".join(split.residence) if split else "")]
    if split is not None:
        places.append(("户籍地", child.hukou_area, "、".join(split.hukou)))
    lines = [(role, code, network.find_responsible_post(code), tasks) for role, code, tasks in places]
    if move is not None and move.both_answer:
        lines.append(("转入方（待接收）", move.to_area, move.to_post, "接收前与转出方共同负责"))
        paths = paths | network.area_paths([move.to_area])
    holders = network.holder_names([post.pk for _, _, post, _ in lines if post])
    return [
        Duty(
            role,
            paths.get(areas.pad(code), code),
            post,
            "、".join(holders.get(post.pk, [])) if post else "",
            post.org.liaison if post else "",
            tasks,
        )
        for role, code, post, tasks in lines
    ]


def _openers(child: Child) -> tuple[int, str]:
    """How many people may open the file now, and who they are by role: a file everybody can open is nobody's secret."""
    found = selectors.list_openers(child)
    roles = Counter(one.role for one in found if one.way in ("post", "named"))
    words = [f"{rights.ROLES[role].label} {count} 人" for role, count in roles.most_common()]
    for way, label in (("assigned", "单独指派"), ("granted", "限时授权")):
        count = sum(one.way == way for one in found)
        words += [f"{label} {count} 人"] if count else []
    return len(found), "、".join(words)


def _identity(child: Child, paths: dict[str, str]) -> list[tuple[str, Any]]:
    return [
        ("证件", wording.ID_KINDS[child.id_kind] if not child.id_sealed else child.masked_id),
        ("性别", wording.SEXES[child.sex]),
        ("出生日期", f"{child.birth_date}（{child.age()} 周岁）"),
        ("民族", child.ethnic),
        ("户籍地", paths.get(child.hukou_area, child.hukou_area)),
        ("档案号", child.file_no),
        ("来源", child.intake.title if child.intake else "本地建档"),
    ]


def _payee(child: Child) -> list[tuple[str, Any]]:
    """Where the money goes, the number masked; nothing where no account is known."""
    if not child.payee_name:
        return []
    return [
        ("收款户名", child.payee_name),
        ("开户银行", child.payee_bank),
        ("银行账号", ids.mask(child.payee_account)),
    ]


def _living(child: Child, paths: dict[str, str]) -> list[tuple[str, Any]]:
    return [
        ("居住地", paths.get(child.residence_area, child.residence_area)),
        ("详细地址", child.address),
        ("联系电话", child.phone),
        ("同住人", wording.LIVES_WITH.get(child.lives_with, "")),
        ("安置方式", wording.PLACES[child.place]),
        ("农村", _YES[child.rural]),
        ("单亲", _YES[child.single]),
        ("委托照护协议", {True: "已签", False: "未签", None: "未了解"}[child.entrusted]),
    ]
