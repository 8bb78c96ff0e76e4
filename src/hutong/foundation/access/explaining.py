"""Why may this person open this file now? A task of theirs answers, else they are asked (ADR 0016; TM-03).

Apps register the tasks they know, as panels are registered: a piece of SQL that finds one of the actor's on the child.
All pieces are one UNION, so an answer costs at most one query, and none for the director in the own village.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Final

from django.db import connection
from django.http import HttpRequest, HttpResponse

from hutong.foundation.access import terms
from hutong.foundation.access.acting import Acting
from hutong.foundation.access.models import StatedReason
from hutong.foundation.accounts import rights
from hutong.kernel import clock

UNEXPLAINED: Final = ("reason", "act")
"""Openings no task explains: with words asked for, or in the middle of doing something. Supervisors see their list."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """``code`` names the kind of task, ``ref`` the task itself, ``said`` the words where somebody was asked."""

    code: str
    ref: str = ""
    said: str = ""


@dataclass(frozen=True, slots=True)
class Explainer:
    """``sql`` selects one text column, the ref; it may use ``%(child)s``, ``%(user)s``, ``%(post)s``, ``%(role)s``,
    ``%(level)s`` (of the role), ``%(day)s``, ``%(recently)s`` and must be answered from an index on the child or the
    actor. Lower ``order`` answers first."""

    code: str
    label: str
    order: int
    sql: str


class ReasonNeeded(Exception):
    """Nothing explains this opening: the page asks for a reason first."""

    def __init__(self, child_id: int) -> None:
        super().__init__("需要先说明查阅理由。")
        self.child_id = child_id


_LABELS: dict[str, str] = {
    "duty": "责任岗位",
    "glass": "紧急查阅",
    "reason": "说明理由",
    "act": "办理中",
    "export": "导出",
    "job": "后台任务",
}
_explainers: list[Explainer] = []
_askers: list[Callable[[HttpRequest, ReasonNeeded], HttpResponse]] = []


def register(explainer: Explainer) -> None:
    """Called from an app's ``ready``."""
    _explainers[:] = sorted(
        [one for one in _explainers if one.code != explainer.code] + [explainer], key=lambda one: one.order
    )
    _query.cache_clear()


def name(code: str, label: str) -> None:
    """The word for a code that callers give with ``because`` and no SQL finds."""
    _LABELS[code] = label


def ask_with(view: Callable[[HttpRequest, ReasonNeeded], HttpResponse]) -> None:
    """The page that asks; the app that knows children registers it."""
    _askers[:] = [view]


def ask(request: HttpRequest, needed: ReasonNeeded) -> HttpResponse:
    return _askers[0](request, needed)


def label(code: str) -> str:
    """The word users read for a code; '' for readings from before explanations were asked."""
    return _LABELS.get(code) or next((one.label for one in _explainers if one.code == code), code)


def explain(
    actor: Acting, *, child_id: int, places: tuple[str, ...], because: Explanation | None = None
) -> Explanation:
    """Why the actor may open the file of a child of these ``places``; ReasonNeeded where nothing says it."""
    if is_responsible(actor, places):
        return Explanation("duty", str(actor.post.pk))
    for grant in actor.grants:
        if grant.child_id == child_id:
            return Explanation(grant.kind, grant.ref)
    if because is not None:
        return because
    found = _find(actor, child_id)
    if found is not None:
        return found
    if actor.acts:
        return Explanation("act")
    raise ReasonNeeded(child_id)


def is_responsible(actor: Acting, places: tuple[str, ...]) -> bool:
    """Whether the actor's is a village post of one of the places: its children are what the post is for."""
    return _level(actor) == "village" and any(map(actor.scope.covers, places))


def _level(actor: Acting) -> str:
    role = rights.ROLES.get(actor.role)
    return role.level if role else ""


def _find(actor: Acting, child_id: int) -> Explanation | None:
    now = clock.now()
    recently = now - timedelta(days=terms.value("own_work_days", now.date()))
    facts: dict[str, int | str | date | datetime] = {
        "child": child_id, "user": actor.user.pk, "post": actor.post.pk, "role": actor.role, "level": _level(actor),
        "day": now.date(), "recently": recently,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_query(), facts)
        row = cursor.fetchone()
    return Explanation(*row) if row else None


@cache
def _query() -> str:
    """The pieces in their order; the planner stops at the first that answers."""
    parts = [
        f"(SELECT {at} AS place, '{one.code}' AS code, task.ref, '' AS said FROM ({one.sql} LIMIT 1) AS task(ref))"
        for at, one in enumerate(_explainers)
    ]
    stated = (
        f"(SELECT {len(parts)}, 'reason', public_id, said FROM access_statedreason WHERE user_id = %(user)s "
        "AND post_id = %(post)s AND child_id = %(child)s AND day = %(day)s)"
    )
    return (
        f"SELECT code, ref, said FROM ({' UNION ALL '.join([*parts, stated])}) AS why ORDER BY place LIMIT 1"
    )


def state_reason(*, actor: Acting, child_id: int, area_code: str, code: str, words: str) -> None:
    """Remember for today why the actor opens this file. ValueError with the sentence where the words do not do."""
    today = clock.today()
    known, words = terms.reasons(today), " ".join(words.split())
    if code not in known:
        raise ValueError("请选择查阅理由。")
    least = terms.value("least_words", today)
    if len(words) < least:
        raise ValueError(f"请写明具体事由（至少 {least} 个字），例如来访人、来文或会议名称。")
    StatedReason.objects.bulk_create(
        [
            StatedReason(
                user=actor.user, post=actor.post, child_id=child_id, area_code=area_code, day=today, code=code,
                said=f"{known[code]}：{words}"[:240], at=clock.now(),
            )
        ],
        ignore_conflicts=True,
    )  # fmt: skip
