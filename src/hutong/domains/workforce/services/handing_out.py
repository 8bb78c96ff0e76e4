"""The real-name list as a file, each time with a line saying who took it (R-33.04)."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from hutong.domains.workforce.models import Handout
from hutong.domains.workforce.selectors.rules import standing
from hutong.domains.workforce.services.errors import Refused
from hutong.foundation.access.acting import Acting
from hutong.foundation.accounts import rights
from hutong.foundation.network import selectors as network
from hutong.foundation.network.models import Holding
from hutong.kernel import clock, sheets

HEADERS = (
    "姓名", "岗位", "角色", "地区", "身份证号码", "任职日期", "专业资格", "证书编号", "最近培训", "考核合格", "轮训到期", "背景查询",
    "查询到期", "能否签署", "说明",
)  # fmt: skip


@transaction.atomic
def hand_out(*, actor: Acting, team: Iterable[Holding], purpose: str) -> bytes:
    """An xlsx of these holders, ID numbers masked; who took it, for what and how many rows stays on record."""
    actor.check("workforce.keep")
    if not purpose.strip():
        raise Refused("请写明用途。", "purpose")
    held = list(team)
    paths = network.area_paths([holding.post.area_code for holding in held])
    rows = [_row(holding, paths) for holding in held]
    Handout.objects.create(
        at=clock.now(), actor=actor.user, actor_label=actor.label, area_code=actor.post.area_code, rows=len(rows),
        purpose=purpose.strip()[:200],
    )  # fmt: skip
    return sheets.xlsx_bytes(HEADERS, rows, title="实名名册")


def _row(holding: Holding, paths: dict[str, str]) -> tuple[object, ...]:
    post, worker = holding.post, getattr(holding.user, "worker", None)
    state = standing(
        worker,
        clock.today(),
        since=holding.since,
        suspended=holding.suspended,  # type: ignore[attr-defined]
    )
    first = (worker.name if worker else holding.user.name, post.title, rights.ROLES[post.role].label)
    place = (paths[post.area_code],)
    said = ("能" if state.may_sign else "不能", "；".join((*state.problems, *state.warnings)))
    if worker is None:
        return (*first, *place, "", holding.since, *[""] * 7, *said)
    facts = (
        worker.id_masked(), holding.since, worker.get_qualification_display(), worker.certificate, worker.trained_on,
        worker.examined_on, state.retrain_due, worker.checked_on, state.check_due,
    )  # fmt: skip
    return (*first, *place, *facts, *said)
