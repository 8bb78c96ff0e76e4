"""May she sign, and what falls due when: plain functions of what is on record (R-34.02, R-34.03, law.md §18; WP-19, WP-20)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from hutong.domains.workforce.models.people import FOUND
from hutong.domains.workforce.selectors import terms
from hutong.kernel.ages import add_months


class Known(Protocol):
    """What is known of a worker."""

    trained_on: date | None
    examined_on: date | None
    checked_on: date | None
    check_result: str


@dataclass(frozen=True, slots=True)
class Standing:
    """``problems`` keep her from signing, ``warnings`` will soon; sentences, worst first. Days are None while unknown."""

    problems: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    retrain_due: date | None = None
    check_due: date | None = None

    @property
    def may_sign(self) -> bool:
        return not self.problems


def retrain_due(known: Known, on: date) -> date | None:
    """A year after the last training or passed examination."""
    last = max(filter(None, (known.trained_on, known.examined_on)), default=None)
    return add_months(last, terms.number("retrain_months", on)) if last else None


def check_due(known: Known, on: date) -> date | None:
    return add_months(known.checked_on, terms.number("check_months", on)) if known.checked_on else None


def standing(
    known: Known | None, on: date, *, since: date | None = None, suspended: bool = False
) -> Standing:
    """``known`` None: nobody registered her. ``since``: the day she took the post, for rules of transition."""
    if known is None:
        return Standing(("还没有登记实名信息",))
    problems = ["已停岗"] if suspended else []
    warnings: list[str] = []
    checks, training = check_due(known, on), retrain_due(known, on)
    _check(known, on, checks, problems, warnings)
    _training(known, on, training, since, problems, warnings)
    return Standing(tuple(problems), tuple(warnings), training, checks)


def _check(known: Known, on: date, due: date | None, problems: list[str], warnings: list[str]) -> None:
    if known.check_result == FOUND:
        problems.append("背景查询结果为不适合从事此项工作")
    elif due is None:
        problems.append("还没有背景查询结果")
    elif on > due + timedelta(days=terms.number("check_grace_days", on)):
        problems.append(f"背景查询已于 {due} 到期")
    elif on >= due - timedelta(days=terms.number("remind_days", on)):
        warnings.append(f"背景查询 {due} 到期")


def _training(
    known: Known, on: date, due: date | None, since: date | None, problems: list[str], warnings: list[str]
) -> None:
    if known.examined_on is None:
        grace = _transition(on, since)
        if grace is None:
            problems.append("岗前培训考核还没有合格")
        else:
            warnings.append(f"应在 {grace} 以前补考合格")
    elif due is not None and on > due + timedelta(days=terms.number("retrain_grace_days", on)):
        problems.append(f"年度轮训已于 {due} 到期")
    elif due is not None and on >= due - timedelta(days=terms.number("remind_days", on)):
        warnings.append(f"年度轮训 {due} 到期")


def _transition(on: date, since: date | None) -> date | None:
    """Until when somebody already in post when the rule came may sign without the first examination; None: not at all."""
    rule = terms.find("in_post_before", on)
    if rule and since is not None and since < rule["before"] and on <= rule["until"]:
        return rule["until"]  # type: ignore[no-any-return]
    return None
