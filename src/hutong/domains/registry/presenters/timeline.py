"""One line of time: steps of every kind about the child, facts, guardianship, rolls."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from hutong.domains.registry.machines import wording
from hutong.domains.registry.machines.child_file import CHILD_FILE
from hutong.domains.registry.models import (
    Child,
    Circumstance,
    GuardianshipRegime,
    GuardianshipStatus,
    RollEntry,
)
from hutong.foundation.workflow import machines
from hutong.foundation.workflow import selectors as workflow
from hutong.foundation.workflow.models import StatusChange
from hutong.kernel import clock

_MOST = 60


def of(
    child: Child, facts: Iterable[Circumstance], guards: Iterable[GuardianshipStatus],
    regimes: Iterable[GuardianshipRegime], roll: Iterable[RollEntry], absorbed: Iterable[Child] = (),
) -> list[dict[str, Any]]:  # fmt: skip
    """Newest first, for ``ui.timeline``; the history of files merged into this one runs along."""
    labels = {machine.name: machine for machine in machines.all_machines()} | {CHILD_FILE.name: CHILD_FILE}
    items = [_change(one, labels) for one in workflow.fetch_history_of_child(child.pk, _MOST)]
    for file in absorbed:
        history = workflow.fetch_history_of_child(file.pk, _MOST)
        items += [_change(one, labels, f"（{file.file_no}）") for one in history]
    items += [item for one in facts for item in _fact(one)]
    items += [
        _item(one.since, f"监护状况：{wording.GUARD[one.value]}", one.recorded_by_label, one.basis,
              "danger" if one.value in {"POOR", "ABSENT"} else "")
        for one in guards
    ]  # fmt: skip
    items += [
        _item(
            one.since,
            f"监护方式：{wording.REGIMES[one.kind]}",
            one.recorded_by_label,
            f"{one.who}；{one.basis}",
        )
        for one in regimes
    ]
    for entry in roll:
        items.append(_item(entry.since, f"列入：{wording.SCHEMES[entry.scheme]}"))
        if entry.until:
            items.append(_item(entry.until, f"退出：{wording.SCHEMES[entry.scheme]}"))
    return sorted(items, key=_when, reverse=True)[:_MOST]


def _item(at: date, title: str, actor: str = "", text: str = "", tone: str = "") -> dict[str, Any]:
    return {"at": at, "title": title, "actor": actor, "text": text, "tone": tone}


def _when(item: dict[str, Any]) -> datetime:
    at = item["at"]
    if isinstance(at, datetime):
        return at
    return datetime(at.year, at.month, at.day, tzinfo=clock.SHANGHAI)


def _change(change: StatusChange, labels: dict[str, Any], whose: str = "") -> dict[str, Any]:
    machine = labels.get(change.machine)
    if machine is None:
        title = {"reassign": "改派", "hand_over": "待办随转移移交"}.get(change.event, change.event)
    elif change.from_state:
        word = next((t.word for t in machine.transitions if t.event == change.event), change.event)
        title = f"{machine.label}：{word}"
    else:
        title = f"{machine.label}：{machine.states.get(change.to_state, change.to_state)}"
    return _item(change.at, title + whose, change.actor_label, change.reason)


def _fact(fact: Circumstance) -> list[dict[str, Any]]:
    words = f"{fact.get_subject_display()}：{fact.get_kind_display()}"
    text = "；".join(filter(None, [fact.detail, fact.evidence and f"依据 {fact.evidence}", fact.source]))
    if fact.superseded_at is not None:
        return [_item(fact.superseded_at, f"更正：{words}", "", fact.superseded_reason)]
    made = [_item(fact.since, words, fact.verified_by, text)]
    if fact.until is not None and fact.until <= clock.today():
        made.append(_item(fact.until, f"{words}（结束）"))
    return made
