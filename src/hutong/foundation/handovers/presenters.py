"""Hand-overs in words."""

from __future__ import annotations

from collections.abc import Iterable

from hutong.foundation.access.acting import Acting
from hutong.foundation.design.environment import url
from hutong.foundation.handovers import machines as machine
from hutong.foundation.handovers import permissions
from hutong.foundation.handovers.models import HandOver
from hutong.foundation.workflow.models import StatusChange
from hutong.foundation.workflow.presenters import Step

TONES = {
    machine.PROPOSED: "warn", machine.DECLINED: "danger", machine.ACCEPTED: "info", machine.RUNNING: "info",
    machine.STANDING: "danger", machine.ENDED: "ok", machine.HANDED: "ok", machine.WITHDRAWN: "plain",
}  # fmt: skip
STEPS = {
    "accept": "接手", "decline": "不能接手", "assign": "指定代班人", "back": "登记返岗", "withdraw": "撤回",
}  # fmt: skip
"""Event → button, in the order shown."""
EXPLAINED = {
    machine.PROPOSED: "等待接手人确认。到开始日期仍无人接手的，自动转上级代管，待办不会没有人管。",
    machine.DECLINED: "提名的接手人不能接手，已请上级另行指定。",
    machine.ACCEPTED: "到开始日期自动生效：岗位和当时未办结的全部待办一并交到接手人名下。",
    machine.RUNNING: "接手人在右上角切换到这个岗位办理；返岗日期一到，未办结的自动回到本人，已办结的保留。",
    machine.STANDING: "没有人接手，由上级在“我的工作”中代管，并可随时指定代班人。",
}


def period(found: HandOver) -> str:
    """The days as people say them; the day of return is not a day away."""
    end = f"至 {found.until:%Y-%m-%d} 返岗" if found.until else "起离任"
    return f"{found.since:%Y-%m-%d} {end}"


def buttons(found: HandOver, actor: Acting) -> list[tuple[str, str, str]]:
    """(address, word, kind of button) of the steps open to the actor."""
    offered = [event for event in STEPS if permissions.allowed(actor, found, event)]
    return [
        (url("handovers:step", found.public_id, event), STEPS[event], "primary" if event in ("accept", "assign") else "quiet")
        for event in offered
    ]  # fmt: skip


def history(found: HandOver, changes: Iterable[StatusChange]) -> list[Step]:
    """What happened, newest first."""
    words = {one.event: one.word for one in machine.HAND_OVER.transitions} | {"create": "提出"}
    steps = [
        Step(one.at, words.get(one.event, one.event), one.actor_label, one.reason if one.reason != words.get(one.event) else "")
        for one in changes
    ]  # fmt: skip
    return steps[::-1]
