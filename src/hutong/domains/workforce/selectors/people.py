"""The team of a place: whoever holds a post that signs, on the list or not, and how each stands.

The conditions here and ``standing`` are the same rules, once as SQL for lists and once as sentences; a test compares them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from hutong.domains.workforce.machines import appointment as machine
from hutong.domains.workforce.models import Appointment, BackgroundCheck, Training, Worker
from hutong.domains.workforce.models.people import FOUND
from hutong.domains.workforce.selectors import terms
from hutong.domains.workforce.selectors.rules import Standing, standing
from hutong.foundation.access.acting import Acting
from hutong.foundation.network import selectors as network
from hutong.foundation.network.models import Holding
from hutong.kernel import areas, clock
from hutong.kernel.ages import add_months

STATES: Final = {
    "need": "需要办理",
    "barred": "不能签署",
    "soon": "即将到期",
    "ok": "资格有效",
    "all": "全部",
}


def earliest(months: int, target: date) -> date:
    """The first day from which so many months lead to ``target`` or beyond (month ends make this one of several)."""
    day = add_months(target, -months) - timedelta(days=4)
    while add_months(day, months) < target:
        day += timedelta(days=1)
    return day


def warn_from(on: date) -> date:
    """What falls due up to here is told today."""
    return on + timedelta(days=terms.number("remind_days", on))


def list_signing_holdings(on: date | None = None) -> QuerySet[Holding]:
    """Who holds a post whose role signs, on the day, deputies too."""
    day = on or clock.today()
    roles = sorted(terms.signing_roles(day))
    return Holding.objects.filter(network.current(day), post__active=True, post__role__in=roles)


def _since(name: str, day: date) -> Q:
    return Q((f"user__worker__{name}__gte", day))


def _trained_since(day: date) -> Q:
    return _since("trained_on", day) | _since("examined_on", day)


def may_sign(on: date) -> Q:
    """Condition on holdings (with ``suspended`` from ``_with_suspended``): nothing keeps her from signing."""
    trained = _trained_since(_cut("retrain_months", on, -terms.number("retrain_grace_days", on)))
    checked = _since("checked_on", _cut("check_months", on, -terms.number("check_grace_days", on)))
    examined = Q(user__worker__examined_on__isnull=False) & trained
    rule = terms.find("in_post_before", on)
    if rule and on <= rule["until"]:
        examined |= Q(user__worker__examined_on__isnull=True, since__lt=rule["before"])
    fit = Q(user__worker__isnull=False) & ~Q(user__worker__check_result=FOUND)
    return fit & checked & examined & Q(suspended=False)


def lasting(on: date) -> Q:
    """Condition: and nothing falls due within the days of warning."""
    ahead = terms.number("remind_days", on) + 1
    trained = _trained_since(_cut("retrain_months", on, ahead))
    return (
        trained
        & _since("checked_on", _cut("check_months", on, ahead))
        & Q(user__worker__examined_on__isnull=False)
    )


def _cut(term: str, on: date, days: int) -> date:
    return earliest(terms.number(term, on), on + timedelta(days=days))


def _with_suspended(holdings: QuerySet[Holding]) -> QuerySet[Holding]:
    stopped = Appointment.objects.filter(
        worker__user=OuterRef("user"), post=OuterRef("post"), state=machine.SUSPENDED
    )
    return holdings.annotate(suspended=Exists(stopped))


def narrowed(holdings: QuerySet[Holding], state: str, on: date) -> QuerySet[Holding]:
    """Only those in this state of ``STATES``."""
    rows = _with_suspended(holdings)
    able, safe = may_sign(on), lasting(on)
    match state:
        case "need":
            return rows.exclude(able & safe)
        case "barred":
            return rows.exclude(able)
        case "soon":
            return rows.filter(able).exclude(safe)
        case "ok":
            return rows.filter(able & safe)
        case _:
            return rows


def list_needing(holdings: QuerySet[Holding], on: date) -> QuerySet[Holding]:
    return narrowed(holdings, "need", on)


def list_team(
    actor: Acting, *, area_code: str = "", role: str = "", state: str = "all", text: str = ""
) -> QuerySet[Holding]:
    """Holders within the acting range, narrowed; ``suspended`` on each."""
    today = clock.today()
    rows = list_signing_holdings(today).filter(
        post__area_code__gte=actor.scope.lo, post__area_code__lt=actor.scope.hi
    )
    if area_code:
        lo, hi = areas.bounds(area_code)
        rows = rows.filter(post__area_code__gte=lo, post__area_code__lt=hi)
    if role:
        rows = rows.filter(post__role=role)
    if text.strip():
        rows = rows.filter(
            Q(user__name__contains=text.strip()) | Q(user__worker__name__contains=text.strip())
        )
    return narrowed(rows, state, today).select_related("post", "user", "user__worker")


@dataclass(frozen=True, slots=True)
class Figures:
    """Of ``people`` holding such posts in the range: how many are registered, examined, trained this year, checked, may sign."""

    people: int
    registered: int
    examined: int
    trained: int
    checked: int
    able: int

    def share(self, number: int) -> str:
        return f"{number * 100 / self.people:.0f}%" if self.people else "—"


def figures(actor: Acting) -> Figures:
    """R-34.07: coverage of training, in one query."""
    today = clock.today()
    rows = _with_suspended(list_signing_holdings(today).filter(deputy=False)).filter(
        post__area_code__gte=actor.scope.lo, post__area_code__lt=actor.scope.hi
    )
    known = Q(user__worker__isnull=False)
    counted = rows.aggregate(
        people=Count("pk"),
        registered=Count("pk", filter=known),
        examined=Count("pk", filter=known & Q(user__worker__examined_on__isnull=False)),
        trained=Count("pk", filter=_trained_since(_cut("retrain_months", today, 1))),
        checked=Count("pk", filter=_since("checked_on", _cut("check_months", today, 1)) & ~Q(user__worker__check_result=FOUND)),
        able=Count("pk", filter=may_sign(today)),
    )  # fmt: skip
    return Figures(**counted)


def own_standing(actor: Acting) -> Standing:
    """How the acting person stands in the acting post, in one query."""
    stopped = Appointment.objects.filter(worker=OuterRef("pk"), post=actor.post, state=machine.SUSPENDED)
    found = Worker.objects.filter(user=actor.user).annotate(suspended=Exists(stopped)).first()
    since = next((one.since for one in actor.holdings if one.post_id == actor.post.pk), None)
    stopped_now = bool(found is not None and found.suspended)
    return standing(found, clock.today(), since=since, suspended=stopped_now)


def get_worker(actor: Acting, public_id: str) -> Worker:
    """One of the range (row security). Raises Worker.DoesNotExist."""
    actor.check("workforce.view")
    return Worker.objects.select_related("user").get(public_id=public_id)


def get_holding(actor: Acting, public_id: str) -> Holding:
    """A signing post held within the range. Raises Holding.DoesNotExist."""
    rows = list_signing_holdings().filter(
        post__area_code__gte=actor.scope.lo, post__area_code__lt=actor.scope.hi
    )
    return rows.select_related("post", "post__org", "user").get(public_id=public_id)


def get_record(worker: Worker, kind: str, public_id: str) -> Any:
    """A record of this worker. Raises ObjectDoesNotExist."""
    rows: QuerySet[Training] | QuerySet[BackgroundCheck] = (
        worker.trainings.all() if kind == "training" else worker.checks.all()
    )
    return rows.select_related("worker", "worker__user").get(public_id=public_id)


def get_appointment(worker: Worker, public_id: str) -> Appointment:
    rows = worker.appointments.annotate(title=F("post__title")).select_related(
        "worker", "worker__user", "post"
    )
    return rows.get(public_id=public_id)
