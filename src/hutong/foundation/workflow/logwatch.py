"""The log folded each minute and verified each night; the auditor is told when something does not fit (ADR 0017)."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.db import transaction
from django.urls import reverse

from hutong.foundation.access.scope import system_scope, use_scope
from hutong.foundation.audit import clocks, verification
from hutong.foundation.audit import services as audit
from hutong.foundation.audit.models import Check
from hutong.foundation.network import selectors as network
from hutong.foundation.workflow import services
from hutong.kernel import clock

KIND: Final = "audit.mismatch"
SUBJECT: Final = "audit.log"
ANSWER_WITHIN: Final = timedelta(days=1)
NUMBERS: Final = {Check.Kind.VERIFY: 1, Check.Kind.WITNESS: 2, Check.Kind.CLOCK: 3}
TITLES: Final = {
    Check.Kind.VERIFY: "日志核验不符，请立即核查",
    Check.Kind.WITNESS: "日志未能交存见证，请核查",
    Check.Kind.CLOCK: "时钟异常，请核查",
}
_mark: clocks.Mark | None = None


def fold() -> int:
    """One minute's work: fold, sign, hand to the witnesses, look at the clocks. Entries made."""
    global _mark
    with use_scope(system_scope("audit")):
        made = audit.fold()
    with use_scope(system_scope("audit")):
        _mark, told = clocks.look(_mark)
        _note(Check.Kind.CLOCK, told)
        _note(Check.Kind.WITNESS, audit.export_all())
    return made.rows


def check() -> bool:
    """The nightly verification of everything."""
    with use_scope(system_scope("audit")):
        report = audit.verify()
        if report.ok:
            _settle(Check.Kind.VERIFY, "核验相符")
        else:
            _alert(Check.Kind.VERIFY, verification.summary(report))
    return report.ok


def _note(kind: Check.Kind, told: list[str]) -> None:
    """Written down when it changes, not once a minute."""
    last = Check.objects.filter(kind=kind).order_by("-at", "-pk").first()
    before = [one["sentence"] for one in last.findings] if last else []
    if bool(told) == bool(before):
        return
    Check.objects.create(kind=kind, ok=not told, findings=[{"sentence": one} for one in told])
    if told:
        _alert(kind, told[0])
    else:
        _settle(kind, "已恢复正常")


@transaction.atomic
def _alert(kind: Check.Kind, words: str) -> None:
    """A worklist item and a notice for every auditor; the open item is not opened twice."""
    link, today = reverse("access:chain"), clock.today()
    for post in network.list_posts(role="AUDITOR"):
        services.open_item(
            kind=KIND, title=TITLES[kind], summary=words[:200], owner=post, subject_type=SUBJECT, subject_id=NUMBERS[kind],
            link=link, due_on=today + ANSWER_WITHIN, area_code=post.area_code, priority=1, actor=None,
        )  # fmt: skip
        services.announce(
            event="workflow.notice",
            payload={"post_id": post.pk, "title": TITLES[kind], "link": link, "body": words},
            key=f"audit:{kind}:{today}:{post.pk}",
        )


def _settle(kind: Check.Kind, outcome: str) -> None:
    services.close_items(
        subject_type=SUBJECT, subject_id=NUMBERS[kind], kind=KIND, actor=None, outcome=outcome
    )
