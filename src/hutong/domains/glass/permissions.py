"""Who may review; the sentences users see."""

from __future__ import annotations

from typing import Any

from hutong.domains.glass.models import Opening
from hutong.foundation.access.acting import Acting
from hutong.foundation.workflow import machines
from hutong.foundation.workflow.errors import NotNow


def may_review(opening: Opening, actor: Acting) -> bool:
    """On the child's side, and not whoever opened it."""
    return (
        actor.may("glass.review")
        and opening.user_id != actor.user.pk
        and actor.scope.covers(opening.area_code)
    )


@machines.guard("glass.review")
def review(opening: Opening, actor: Acting | None, data: dict[str, Any]) -> None:
    if actor is None:
        raise NotNow("紧急查阅须由人复核。")
    if opening.user_id == actor.user.pk:
        raise NotNow("本人不能复核自己的紧急查阅，请由儿童所在地的另一位工作人员办理。")
    if not actor.scope.covers(opening.area_code):
        raise NotNow("紧急查阅由儿童所在地复核。")
    if not str(data.get("words", "")).strip():
        raise NotNow("请写明复核意见：向谁核实了什么。")
