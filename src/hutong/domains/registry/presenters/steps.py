"""The steps to offer on a file: what the table allows, in the words of the buttons."""

from __future__ import annotations

from dataclasses import dataclass

from hutong.domains.registry.models import Child
from hutong.foundation.access.acting import Acting
from hutong.foundation.workflow import services as workflow

_KINDS = {"register": "primary", "approve": "primary", "void": "danger"}
_BY_THEMSELVES = frozenset(
    {"close", "move_out", "merge", *(f"unmerge_{one}" for one in ("draft", "registered", "active", "closed"))}
)
"""Steps of the file taken by an approved exit, a receipted move, a confirmed merge or its split, never by a button of their own."""
_INTROS = {
    "approve": "审核通过后档案转为在管。建档人不能审核自己建的档案。",
    "send_back": "退回后由村（社区）儿童主任补正，请写清需要补正什么。",
    "leave": "提请后由县级民政的另一人审核，在此之前档案仍为在管。",
    "come_back": "原档案恢复在管，接着办理。迁回后的住址请随后登记。",
    "void": "误建的草稿作废后保留可查，不会删除。",
    "register": "提交后由儿童督导员审核，审核通过转为在管。",
}


@dataclass(frozen=True, slots=True)
class Step:
    event: str
    word: str
    kind: str


def steps(child: Child, actor: Acting) -> list[Step]:
    """Buttons for this actor now."""
    found = [
        Step(one.event, one.word, _KINDS.get(one.event, "plain"))
        for one in workflow.allowed_events(child, actor)
        if one.event not in _BY_THEMSELVES
    ]
    if child.state == "ACTIVE" and actor.may("child.exit"):
        found.append(Step("leave", "提请退出", "plain"))
    return found


def may_move(child: Child, actor: Acting) -> bool:
    """Whether to offer a move: from the actor's places only."""
    own = actor.scope.covers(child.residence_area) or actor.scope.covers(child.hukou_area)
    return child.state == "ACTIVE" and own and actor.may("move.propose")


def step_label(child: Child, event: str, actor: Acting) -> str | None:
    """The word of a step, None where it is not offered."""
    return next((one.word for one in steps(child, actor) if one.event == event), None)


def step_intro(event: str) -> str:
    return _INTROS.get(event, "")
