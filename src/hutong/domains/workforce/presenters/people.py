"""Lines of the team and the page of one person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from hutong.domains.workforce.machines import appointment as machine
from hutong.domains.workforce.models import BackgroundCheck, Training, Worker
from hutong.domains.workforce.models.people import FOUND
from hutong.domains.workforce.selectors.rules import Standing, standing
from hutong.foundation.network.models import Holding
from hutong.foundation.workflow.models import StatusChange
from hutong.kernel import clock

TONES: Final = {
    machine.ACTIVE: "ok",
    machine.RETRAIN_DUE: "warn",
    machine.SUSPENDED: "danger",
    machine.REPLACED: "plain",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One holder in the list. ``badge``: words and tone."""

    holding: Holding
    worker: Worker | None
    state: Standing
    badge: tuple[str, str]

    @property
    def name(self) -> str:
        return self.worker.name if self.worker else self.holding.user.name


def line(holding: Holding) -> Line:
    worker = getattr(holding.user, "worker", None)
    suspended = bool(holding.suspended)  # type: ignore[attr-defined]
    state = standing(worker, clock.today(), since=holding.since, suspended=suspended)
    return Line(holding, worker, state, badge(state))


def badge(state: Standing) -> tuple[str, str]:
    if not state.may_sign:
        return "不能签署", "danger"
    return ("即将到期", "warn") if state.warnings else ("资格有效", "ok")


def training(record: Training) -> dict[str, Any]:
    exam = "—"
    if record.examined_on is not None:
        exam = f"{record.examined_on} {'合格' if record.passed else '不合格'}"
    return {
        "id": record.public_id,
        "day": record.held_on,
        "what": "，".join(filter(None, (record.organiser, record.topic))),
        "hours": record.hours,
        "exam": exam,
        "certificate": record.certificate,
        "withdrawn": record.withdrawn_reason if record.withdrawn_at else "",
        "by": record.recorded_by.name,
    }


def check(record: BackgroundCheck) -> dict[str, Any]:
    return {
        "id": record.public_id,
        "day": record.done_on,
        "result": (record.get_result_display(), "danger" if record.result == FOUND else "ok"),
        "what": "，".join(filter(None, (record.done_by, record.reference))),
        "withdrawn": record.withdrawn_reason if record.withdrawn_at else "",
        "by": record.recorded_by.name,
    }


def step(change: StatusChange) -> dict[str, Any]:
    word = next((t.word for t in machine.MACHINE.transitions if t.event == change.event), "登记实名信息")
    said = change.reason if change.reason != word else ""
    return {"at": change.at, "title": word, "actor": change.actor_label, "text": said}
